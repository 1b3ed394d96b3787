// The whole way of a person through the real product: nothing is answered here, letters are read
// where they arrive, and the stand-ins count what was ordered.

import { expect, test } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readArchive } from '../../../tools/archive.mjs';
import { expectAccessible } from '../accessible.ts';
import { askForLetter } from '../people.ts';

const folder = fileURLToPath(new URL('../../fixtures/photos', import.meta.url));
const portraits = readdirSync(folder)
  .filter((name) => /^good-\d\d\.jpg$/.test(name))
  .map((name) => join(folder, name));

test('from the first page to pictures of oneself, and out again', async ({ page }) => {
  test.setTimeout(240_000);
  const address = 'eileen@example.com';

  await test.step('sign in with the link from the mail', async () => {
    await page.goto('/');
    await expectAccessible(page);
    await page.getByRole('link', { name: 'Make my model' }).click();
    await page.waitForURL(/\/sign-in/);
    await expectAccessible(page);
    const letter = await askForLetter(page, address);
    expect(letter.links).toHaveLength(1);
    await page.goto(letter.links[0] ?? '');
    await page.getByRole('button', { name: 'Sign me in' }).click();
    await page.waitForURL('/studio/new');
  });

  await test.step('agree, add photos, name the model', async () => {
    await page.getByRole('button', { name: 'I agree' }).click();
    await page.getByLabel('Choose photos').setInputFiles(portraits);
    await expect(page.getByText(`${portraits.length} of 30 photos`)).toBeVisible({
      timeout: 90_000,
    });
    await expectAccessible(page);
    await page.getByRole('button', { name: 'On to the name' }).click();
    await page.getByLabel('Name of the model').fill('Eileen');
    await page.getByRole('radio', { name: 'a woman' }).check();
    await page.getByRole('button', { name: 'On to the captions' }).click();
  });

  await test.step('have the photos described, change one caption and switch one off', async () => {
    await expect(page.getByText(/nothing for you; at most .* for us/)).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: `Describe ${portraits.length} photos` }).click();
    const all = `${portraits.length} of ${portraits.length} photos have a caption.`;
    await expect(page.getByRole('status').filter({ hasText: all })).toBeVisible({
      timeout: 60_000,
    });
    // By its name: photos travel together, so their numbers here and after a reload may differ.
    const tile = (name: string) =>
      page.getByRole('listitem').filter({ has: page.getByRole('img', { name }) });
    const first = tile('good-01.jpg').getByRole('textbox');
    await expect(first).toHaveValue(/^the subject wearing /);
    const stored = (caption: string | null) =>
      page.waitForResponse(
        (answer) =>
          answer.request().method() === 'PATCH' &&
          (answer.request().postDataJSON() as { caption: unknown }).caption === caption,
      );
    const written = stored('in a red hat');
    await first.fill('in a red hat');
    await first.press('Tab');
    await expect(page.getByText('In your words.')).toBeVisible();
    const switched = stored(null);
    await tile('good-02.jpg').getByRole('switch').uncheck();
    await expect(page.getByText('Off: the training goes without it.')).toBeVisible();
    await expectAccessible(page);
    await Promise.all([written, switched]);
    await page.reload();
    await expect(first).toHaveValue('in a red hat');
    await page.getByRole('button', { name: 'Review and train' }).click();
    await expect(page.getByRole('heading', { name: 'Ready to train' })).toBeVisible();
  });

  await test.step('leave and come back to the draft', async () => {
    await page.goto('/studio');
    await page.getByRole('link', { name: /Eileen/ }).click();
    await expect(page.getByRole('heading', { name: 'Ready to train' })).toBeVisible();
  });

  await test.step('train', async () => {
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Train my model' }).click();
    await page.waitForURL(/\/studio\/\d{13}$/);
    await page.reload();
    await expect(page.getByLabel('Describe the picture')).toBeVisible({ timeout: 60_000 });
    await expectAccessible(page);
  });

  await test.step('take an idea that comes of the photos', async () => {
    await page
      .getByRole('button', { name: /^wearing / })
      .first()
      .click();
    await expect(page.getByLabel('Describe the picture')).toHaveValue(/^wearing .* background/);
  });

  await test.step('make four pictures', async () => {
    await page.getByLabel('Describe the picture').fill('On a windy pier');
    await page.getByRole('button', { name: 'Make pictures' }).click();
    const made = page.getByRole('img', { name: 'Open: On a windy pier' });
    await expect(made).toHaveCount(4, { timeout: 30_000 });
    await expect
      .poll(() => made.first().evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(0);
  });

  await test.step('keep one', async () => {
    await page.getByRole('img', { name: 'Open: On a windy pier' }).first().click();
    await page.getByRole('button', { name: 'Favourite' }).click();
    await expect(page.getByRole('button', { name: 'Favourite' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    await expectAccessible(page);
    await page.reload();
    await expect(page.getByRole('button', { name: 'Favourite' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
  });

  await test.step('see it counted, take everything along, and sign out', async () => {
    await page.getByRole('link', { name: 'Account' }).click();
    await expect(page.getByText(`Signed in as ${address}`)).toBeVisible();
    await expectAccessible(page);
    const begun = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download everything' }).click();
    const download = await begun;
    expect(download.suggestedFilename()).toMatch(/^selfie-\d{4}-\d\d-\d\d\.zip$/);
    const entries = readArchive(readFileSync(await download.path()));
    const pictures = [...entries.keys()].filter((name) => /\/images\/.*\.webp$/.test(name));
    expect(pictures).toHaveLength(4);
    expect(entries.get('index.html')?.toString()).toContain('On a windy pier');
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.waitForURL('/');
    await page.goto('/studio');
    await page.waitForURL(/\/sign-in/);
  });
});

test('an account ends with a receipt, and the next one begins empty', async ({ page }) => {
  test.setTimeout(90_000);
  const address = 'leaver@example.com';
  await page.goto('/sign-in?next=/account');
  const letter = await askForLetter(page, address);
  await page.goto(letter.links[0] ?? '');
  await page.getByRole('button', { name: 'Sign me in' }).click();
  await page.waitForURL('/account');
  await page.getByRole('button', { name: 'Delete my account' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Type the word').fill('delete');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Delete my account' }).click();
  await page.waitForURL(/\/deletion\/[0-9a-z]{26}$/);
  await expect(page.getByText('Everything below is verified to be gone.')).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.getByRole('row', { name: /Sign-ins/ })).toContainText('yes');
  await expectAccessible(page);
  await page.goto('/account');
  await page.waitForURL(/\/sign-in/);
});

test('the code from the mail signs in as well, and the link works once', async ({ page }) => {
  await page.goto('/sign-in?next=/account');
  const letter = await askForLetter(page, 'code@example.com');
  await page.getByLabel('The 8-character code').fill((letter.code ?? '').toLowerCase());
  await page.getByRole('button', { name: 'Sign in with the code' }).click();
  await page.waitForURL('/account');
  await page.goto(letter.links[0] ?? '');
  await page.getByRole('button', { name: 'Sign me in' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
});

test('a link that another browser opens signs nobody in there', async ({ page, browser }) => {
  await page.goto('/sign-in');
  const letter = await askForLetter(page, 'elsewhere@example.com');
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(letter.links[0] ?? '');
  await stranger.getByRole('button', { name: 'Sign me in' }).click();
  await expect(stranger.getByRole('alert')).toContainText('You asked in another browser');
  await stranger.close();
  await page.getByLabel('The 8-character code').fill(letter.code ?? '');
  await page.getByRole('button', { name: 'Sign in with the code' }).click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
});
