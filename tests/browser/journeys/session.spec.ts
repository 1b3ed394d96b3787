// A session that ends while photos are being added, on the real product: nothing chosen is lost.

import { expect, test, type Page } from '@playwright/test';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../fixtures/photos', import.meta.url));
const photo = (n: string) => join(folder, `good-${n}.jpg`);

/** Twice within a minute, which letters are too slow for; nobody else of these tests is this person. */
async function signIn(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Continue with Facebook' }).click();
  await page.getByRole('radio', { name: /Ana Twin/ }).check();
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
}

test('a session that ends in the middle of the wizard is renewed, and the photos go on', async ({
  page,
}) => {
  test.setTimeout(120_000);
  await page.goto('/sign-in?next=/studio/new');
  await signIn(page);
  await page.getByRole('button', { name: 'I agree' }).click();
  await page.getByLabel('Choose photos').setInputFiles(photo('02'));
  await expect(page.getByText('1 of 30 photos')).toBeVisible({ timeout: 45_000 });
  const { pathname, search } = new URL(page.url());

  // Its time is over: the browser drops it, and the page does not know.
  await page.context().clearCookies();
  await page.getByLabel('Choose photos').setInputFiles([photo('03'), photo('04')]);
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('You are signed out', { timeout: 45_000 });
  await expect(alert).toContainText('The photos you chose are kept on this device');
  await alert.getByRole('link', { name: 'Sign in' }).click();
  await signIn(page);
  await page.waitForURL((url) => url.pathname === pathname && url.search === search);
  await expect(page.getByText('3 of 30 photos')).toBeVisible({ timeout: 45_000 });
  await expect(page.getByRole('alert')).toHaveCount(0);
});
