// One whole way with the keyboard alone: from the sign-in to a picture on one's own disk.

import { expect, test } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reach, watchPointers } from '../keyboard.ts';
import { arrived } from '../people.ts';

const folder = fileURLToPath(new URL('../../fixtures/photos', import.meta.url));
const four = ['02', '03', '04', '05'].map((n) => join(folder, `good-${n}.jpg`));

test('the keyboard alone leads from the sign-in to a downloaded picture', async ({ page }) => {
  test.setTimeout(180_000);
  const address = 'keys@example.com';
  const pointers = await watchPointers(page);
  const heading = (name: string) => page.getByRole('heading', { name });

  await test.step('sign in', async () => {
    await page.goto('/sign-in?next=/studio/new');
    await expect(page.getByRole('button', { name: 'Send me a link' })).toBeEnabled();
    await reach(page, 'Your e-mail address');
    await page.keyboard.type(address);
    await page.keyboard.press('Enter');
    await expect(heading('Look into your mail')).toBeVisible();
    const { code } = await arrived(address);
    await reach(page, 'The 8-character code');
    await page.keyboard.type(code ?? '');
    await page.keyboard.press('Enter');
    await page.waitForURL('/studio/new');
  });

  await test.step('agree, and add photos', async () => {
    await reach(page, 'I agree');
    await page.keyboard.press('Enter');
    await expect(heading('Add your photos')).toBeVisible();
    await reach(page, 'Choose photos');
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Space');
    await (await chooser).setFiles(four);
    await expect(page.getByRole('button', { name: 'On to the name' })).toBeEnabled({
      timeout: 90_000,
    });
    await reach(page, 'On to the name');
    await page.keyboard.press('Enter');
  });

  await test.step('name it, and train', async () => {
    await expect(heading('Who or what is it?')).toBeVisible();
    await reach(page, 'Name of the model');
    await page.keyboard.type('Keys');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    await reach(page, 'On to the captions');
    await page.keyboard.press('Enter');
    await expect(heading('Captions')).toBeVisible();
    await reach(page, 'Go on without captions');
    await page.keyboard.press('Enter');
    await expect(heading('Ready to train')).toBeVisible();
    await reach(page, 'Train my model');
    await page.keyboard.press('Enter');
    await expect(page.getByLabel('Describe the picture')).toBeVisible({ timeout: 60_000 });
  });

  await test.step('order a picture, open it, and save it', async () => {
    await reach(page, 'Describe the picture');
    await page.keyboard.type('On a windy pier');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByRole('img', { name: 'Open: On a windy pier' })).toHaveCount(4, {
      timeout: 30_000,
    });
    await reach(page, 'Open: On a windy pier');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Recipe' })).toBeVisible();
    await reach(page, 'Download');
    const download = page.waitForEvent('download');
    await page.keyboard.press('Enter');
    const file = await download;
    expect(file.suggestedFilename()).toMatch(/^selfie-.+-1\.webp$/);
    const bytes = await readFile(await file.path());
    expect(bytes.subarray(8, 12).toString()).toBe('WEBP');
    expect(bytes.includes('trainedAlgorithmicMedia'), 'the mark of a picture by AI').toBe(true);
  });

  expect(pointers(), 'presses of a pointer').toBe(0);
});
