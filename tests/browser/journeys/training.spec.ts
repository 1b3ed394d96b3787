// Trainings on the real product: one that fails and is tried again, and one more with other photos.

import { expect, test, type Page } from '@playwright/test';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectAccessible } from '../accessible.ts';
import { control, lettersTo, somebody, withPhotos } from '../people.ts';

const folder = fileURLToPath(new URL('../../fixtures/photos', import.meta.url));
/** The trainer of the other quality, which no other journey asks for: a script for it meets nobody else. */
const TRAINER = 'ostris/flux-dev-lora-trainer';

const trainedToday = (page: Page) =>
  page
    .getByRole('definition')
    .filter({ hasText: /^\d of 3$/ })
    .first();

test('a failed training says why and that nothing was charged, and one button trains again', async ({
  page,
}) => {
  test.setTimeout(120_000);
  const address = 'again@example.com';
  const person = await somebody(page, address);
  const id = await withPhotos(person, 'Second try');
  await control('/script', {
    provider: 'replicate',
    method: 'POST',
    path: TRAINER,
    behaviour: 'fail',
    error: 'The training process was killed.',
    times: 1,
  });

  await test.step('it fails, and says why', async () => {
    await page.goto(`/studio/new?model=${id}&step=review`);
    await page.getByRole('radio', { name: /^Quality/ }).check();
    await page.getByRole('button', { name: 'Train my model' }).click();
    await page.waitForURL(`/studio/${id}`);
    const notice = page.getByRole('alert');
    await expect(notice).toContainText('The training failed', { timeout: 60_000 });
    await expect(notice).toContainText('could not finish it. Nothing was charged');
    await expect(notice).toContainText('It does not count against your limit.');
    // Whatever the provider said stays with us.
    await expect(page.getByText('was killed')).toHaveCount(0);
    await expectAccessible(page);
  });

  await test.step('nothing was charged, and the list and a letter say so too', async () => {
    await page.goto('/account');
    await expect(trainedToday(page)).toHaveText('0 of 3');
    await page.goto('/studio');
    const card = page.getByRole('link', { name: /Second try/ });
    await expect(card).toContainText('Nothing was charged');
    await expect
      .poll(async () => (await lettersTo(address)).map(({ subject }) => subject), {
        timeout: 10_000,
      })
      .toContainEqual(expect.stringContaining('did not work'));
    await card.click();
  });

  await test.step('one button trains again, and it becomes ready', async () => {
    await page.getByRole('button', { name: 'Train again' }).click();
    await expect(page.getByLabel('Describe the picture')).toBeVisible({ timeout: 60_000 });
    await page.goto('/account');
    await expect(trainedToday(page)).toHaveText('1 of 3');
  });
});

test('more photos train a new version, and a picture is made with the version that is chosen', async ({
  page,
}) => {
  test.setTimeout(120_000);
  const person = await somebody(page, 'versions@example.com');
  const id = await withPhotos(person, 'Older and newer');
  await person.train(id);
  await person.whenFinished(`/api/model/${id}`, { withinMs: 60_000 });

  await test.step('train with one more photo', async () => {
    await page.goto(`/studio/${id}`);
    await page.getByRole('link', { name: 'Retrain with more photos' }).click();
    await page.getByLabel('Choose photos').setInputFiles(join(folder, 'good-07.jpg'));
    await expect(page.getByText('5 of 30 photos')).toBeVisible({ timeout: 45_000 });
    await page.goto(`/studio/new?model=${id}&step=review`);
    await page.getByRole('button', { name: 'Train my model' }).click();
    await page.waitForURL(`/studio/${id}`);
    await expect(page.getByRole('button', { name: 'Delete version v2' })).toBeVisible({
      timeout: 60_000,
    });
  });

  await test.step('each version says what it was made of', async () => {
    const version = (name: string) => page.getByRole('listitem').filter({ hasText: name });
    await expect(version('Version v1')).toContainText('4 photos');
    await expect(version('Version v2')).toContainText('5 photos');
  });

  await test.step('the older version makes a picture', async () => {
    await page.getByLabel('Describe the picture').fill('In an old library');
    await page.getByText('More options').click();
    await page.getByLabel('Version', { exact: true }).selectOption('v1');
    await page.getByRole('button', { name: 'Make pictures' }).click();
    const made = page.getByRole('img', { name: 'Open: In an old library' });
    await expect(made).toHaveCount(4, { timeout: 30_000 });
    await made.first().click();
    await expect(page.getByRole('definition').filter({ hasText: 'v1' })).toBeVisible();
  });
});
