// Signing in with Facebook as a person does it: to the dialog, an answer there, and back.

import { expect, test, type Page } from '@playwright/test';
import { expectAccessible } from '../accessible.ts';

const standIns = process.env.STAND_INS ?? '';

async function goToFacebook(page: Page, next = '/account'): Promise<void> {
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
  await page.getByRole('link', { name: 'Continue with Facebook' }).click();
  await expect(page.getByRole('heading', { name: /with Facebook\?$/ })).toBeVisible();
  expect(page.url()).toContain(`${standIns}/facebook/v26.0/dialog/oauth`);
}

async function answer(page: Page, person: RegExp, choice: string): Promise<void> {
  await page.getByRole('radio', { name: person }).check();
  await page.getByRole('button', { name: choice, exact: true }).click();
}

/** The way back ends in a fragment of our own, which is empty. */
async function arriveAt(page: Page, path: string): Promise<void> {
  await page.waitForURL((url) => url.pathname === path);
}

test('whoever allows it is signed in and back where they wanted to be', async ({ page }) => {
  await page.goto('/sign-in');
  await expect(page.getByRole('link', { name: 'Continue with Facebook' })).toBeVisible();
  await expectAccessible(page);
  await goToFacebook(page);
  await expectAccessible(page);
  await answer(page, /Ada Example/, 'Continue');
  await arriveAt(page, '/account');
  await expect(page.getByText('Signed in as Ada Example')).toBeVisible();
  expect(page.url()).not.toContain('#_=_');
  await expectAccessible(page);
  const cookies = await page.context().cookies();
  const session = cookies.find(({ name }) => name === '__Host-session');
  expect(session).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict' });
  expect(cookies.some(({ name }) => name === '__Host-facebook')).toBe(false);
});

test('whoever stops there is told so and can choose again', async ({ page }) => {
  await goToFacebook(page);
  await answer(page, /Ada Example/, 'Cancel');
  await expect(page.getByRole('alert')).toContainText('You stopped at Facebook');
  await expectAccessible(page);
  await page.goto('/studio');
  await page.waitForURL(/\/sign-in/);
});

test('whoever has no e-mail address signs in all the same', async ({ page }) => {
  await goToFacebook(page, '/studio');
  await answer(page, /Bo Phone/, 'Continue');
  await arriveAt(page, '/studio');
  await page.goto('/account');
  await expect(page.getByText('Signed in as Bo Phone')).toBeVisible();
  await expectAccessible(page);
});

test('a very long name breaks no page', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await goToFacebook(page);
  await answer(page, /very long name/, 'Continue');
  await arriveAt(page, '/account');
  await expect(page.getByText('Signed in as ஆனந்தவல்லி')).toBeVisible();
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
  expect(wide).toBe(false);
});

test('a browser that comes back twice is signed in once', async ({ page }) => {
  await goToFacebook(page);
  await answer(page, /Sana Sixteen/, 'Continue, and come back twice');
  await arriveAt(page, '/studio');
  await page.goto('/account');
  await expect(page.getByText('Signed in as Sana Sixteen')).toBeVisible();
});
