import type { Page } from '@playwright/test';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reach } from '../keyboard.ts';
import { expect, problem, test } from './backend.ts';
import { account, CONSENT, limits, model, MODEL_ID, photo, photos, training } from './records.ts';

const folder = fileURLToPath(new URL('../../fixtures/photos', import.meta.url));
const fixture = (name: string) => join(folder, name);

const toTheTraining = (page: Page) =>
  page.getByRole('navigation', { name: 'Steps' }).getByRole('link', { name: 'Train' }).click();
const modelPath = `/api/model/${MODEL_ID}`;
const draft = model({ state: 'draft', versions: [] });

test('asks for consent first, and tells the server which text was accepted', async ({
  page,
  backend,
}) => {
  backend.on('GET', '/api/account', { body: account({ consent: null }) });
  backend.on('POST', '/api/consent', () => {
    backend.on('GET', '/api/account', { body: account() });
    return { body: {} };
  });
  await page.goto('/studio/new');
  await expect(page.getByLabel('Choose photos')).toHaveCount(0);
  await page.getByRole('button', { name: 'I agree' }).click();
  await expect(page.getByLabel('Choose photos')).toBeAttached();
  expect(JSON.parse(backend.calledWith('POST', '/api/consent')[0]?.body ?? '')).toEqual({
    version: CONSENT,
    language: 'en',
  });
});

test('a newer text is asked for again', async ({ page, backend }) => {
  const before = { version: '2026-11-22', accepted_at: '2026-11-22T08:01:00.000Z' };
  backend.on('GET', '/api/account', { body: account({ consent: before }) });
  await page.goto(`/studio/new?model=${MODEL_ID}`);
  await expect(page.getByRole('button', { name: 'I agree' })).toBeVisible();
  await expect(page.getByText(`Text of ${CONSENT}`)).toBeVisible();
  await expect(page.getByText('the photos 30 days after the last training')).toBeVisible();
  expect(backend.calledWith('GET', modelPath)).toHaveLength(0);
});

test('a text that this page does not have is not agreed to here', async ({ page, backend }) => {
  backend.on('GET', '/api/account', {
    body: account({ consent: null, required_consent: '2027-01-01.30' }),
  });
  await page.goto('/studio/new');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('This page is out of date');
  await expect(page.getByRole('button', { name: 'I agree' })).toHaveCount(0);
  // Loaded again, the page is the one that belongs to the text.
  backend.on('GET', '/api/account', { body: account({ consent: null }) });
  await alert.getByRole('button', { name: 'Load the page again' }).click();
  await expect(page.getByRole('button', { name: 'I agree' })).toBeVisible();
});

test('the first photo makes the model, and its id is in the address', async ({ page, backend }) => {
  test.setTimeout(90_000);
  backend
    .on('POST', '/api/model', { status: 201, body: model({ ...draft, name: 'Me' }) })
    .on('GET', modelPath, { body: model({ ...draft, name: 'Me', subject: 'person' }) })
    .on('GET', '/api/bytescale', { body: { photos: [], limits } })
    .on('POST', '/api/bytescale', { status: 201, body: photo(1) });
  await page.goto('/studio/new');
  await page.getByLabel('Choose photos').setInputFiles(fixture('good-02.jpg'));
  await page.waitForURL(`/studio/new?model=${MODEL_ID}&step=photos`);
  await expect(page.getByText('At least 3 more needed to train')).toBeVisible({ timeout: 45_000 });
  await expect(page.getByRole('button', { name: 'On to the name' })).toBeDisabled();
  const [call] = backend.calledWith('POST', '/api/model');
  expect(JSON.parse(call?.body ?? '')).toEqual({ name: 'Me', subject: 'person' });
});

test('name and subject follow the photos', async ({ page, backend }) => {
  const unnamed = model({ ...draft, name: 'Me', subject: 'person' });
  backend
    .on('GET', modelPath, { body: unnamed })
    .on('GET', '/api/bytescale', { body: { photos: photos(12), limits } })
    .on('PATCH', modelPath, () => {
      backend.on('GET', modelPath, { body: draft });
      return { body: draft };
    });
  await page.goto(`/studio/new?model=${MODEL_ID}&step=photos`);
  await page.getByRole('button', { name: 'On to the name' }).click();
  await page.getByLabel('Name of the model').fill('Eileen');
  await page.getByRole('radio', { name: 'a woman' }).check();
  await page.getByRole('button', { name: 'Review and train' }).click();
  await page.waitForURL(`/studio/new?model=${MODEL_ID}&step=review`);
  await expect(page.getByRole('definition').filter({ hasText: 'Eileen' })).toBeVisible();
  const [call] = backend.calledWith('PATCH', modelPath);
  expect(JSON.parse(call?.body ?? '')).toEqual({ name: 'Eileen', subject: 'woman' });
});

test('coming back leads to where one was, and elsewhere to what is not done', async ({
  page,
  backend,
  context,
}) => {
  backend
    .on('GET', modelPath, { body: model({ ...draft, name: 'Me' }) })
    .on('GET', '/api/bytescale', { body: { photos: photos(12), limits } });
  const back = `/studio/new?model=${MODEL_ID}`;
  for (const [step, heading] of [
    ['photos', 'Add your photos'],
    ['name', 'Who or what is it?'],
    ['review', 'Ready to train'],
  ] as const) {
    await page.goto(`${back}&step=${step}`);
    await expect(page.getByRole('heading', { name: heading })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('heading', { name: heading })).toBeVisible();
    await page.goto('/privacy');
    await page.goto(back);
    await expect(page.getByRole('heading', { name: heading })).toBeVisible();
  }
  await context.clearCookies();
  await page.evaluate(() => localStorage.clear());
  await page.goto(back);
  await expect(page.getByRole('heading', { name: 'Who or what is it?' })).toBeVisible();
  await page.evaluate(() => localStorage.clear());
  backend.on('GET', '/api/bytescale', { body: { photos: photos(2), limits } });
  await page.goto(back);
  await expect(page.getByRole('heading', { name: 'Add your photos' })).toBeVisible();
});

test('the steps lead back, and a step that is too early says what is missing', async ({
  page,
  backend,
}) => {
  backend
    .on('GET', modelPath, { body: draft })
    .on('GET', '/api/bytescale', { body: { photos: photos(3), limits } });
  await page.goto(`/studio/new?model=${MODEL_ID}&step=review`);
  await expect(page.getByText('Add at least 1 more photo first.')).toBeVisible();
  await page
    .getByRole('navigation', { name: 'Steps' })
    .getByRole('link', { name: 'Photos' })
    .click();
  await expect(page.getByRole('heading', { name: 'Add your photos' })).toBeVisible();
});

test('the keyboard alone leads from the consent to the training', async ({ page, backend }) => {
  test.setTimeout(120_000);
  let stored = 0;
  backend
    .on('GET', '/api/account', { body: account({ consent: null }) })
    .on('POST', '/api/consent', () => {
      backend.on('GET', '/api/account', { body: account() });
      return { body: {} };
    })
    .on('POST', '/api/model', { status: 201, body: draft })
    .on('GET', modelPath, { body: draft })
    .on('PATCH', modelPath, { body: draft })
    .on('GET', '/api/bytescale', () => ({ body: { photos: photos(stored), limits } }))
    .on('POST', '/api/bytescale', () => ({ status: 201, body: photo((stored += 1)) }))
    .on('GET', '/api/prediction', { body: { predictions: [], next_cursor: null } })
    .on('POST', '/api/genmodel', () => {
      backend.on('GET', modelPath, { body: training() });
      return { status: 202, body: training() };
    });
  await page.goto('/studio/new');
  await expect(page.getByRole('button', { name: 'I agree' })).toBeVisible();
  await reach(page, 'I agree');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Add your photos' })).toBeVisible();
  await reach(page, 'Choose photos');
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Space');
  await (await chooser).setFiles(['02', '03', '04', '05'].map((n) => fixture(`good-${n}.jpg`)));
  await page.waitForURL(`/studio/new?model=${MODEL_ID}&step=photos`);
  await expect(page.getByRole('button', { name: 'On to the name' })).toBeEnabled({
    timeout: 60_000,
  });
  await reach(page, 'On to the name');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Who or what is it?' })).toBeVisible();
  await reach(page, 'Name of the model');
  await page.keyboard.type('Eileen');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await reach(page, 'Review and train');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Ready to train' })).toBeVisible();
  await reach(page, 'Train my model');
  await page.keyboard.press('Enter');
  await page.waitForURL(`/studio/${MODEL_ID}`);
});

test.describe('training', () => {
  test.beforeEach(({ backend }) => {
    backend
      .on('GET', modelPath, { body: draft })
      .on('GET', '/api/bytescale', { body: { photos: photos(12), limits } })
      .on('GET', '/api/prediction', { body: { predictions: [], next_cursor: null } });
  });

  test('says beforehand what it costs, takes and keeps', async ({ page, backend }) => {
    backend.on('GET', '/api/account', {
      body: account({
        retention: { photo_days: 14 },
        trainings: [
          { preset: 'fast', micro_usd: 1_500_000, seconds: 123 },
          { preset: 'quality', micro_usd: 2_000_000, seconds: 1311 },
        ],
      }),
    });
    await page.goto(`/studio/new?model=${MODEL_ID}&step=review`);
    const said = (text: string | RegExp) => page.getByRole('definition').filter({ hasText: text });
    await expect(said('The photos: 14 days after the training.')).toBeVisible();
    await expect(said('about 2 min')).toBeVisible();
    await expect(said(/Nothing for you; about USD.1.50 for us/)).toBeVisible();
    await expect(said('Training 2 of 3')).toBeVisible();
    await page.getByRole('radio', { name: /^Quality/ }).check();
    await expect(said('about 22 min')).toBeVisible();
    await expect(said(/about USD.2.00 for us/)).toBeVisible();
    await page.getByRole('button', { name: 'Back' }).click();
    await expect(page.getByRole('heading', { name: 'Who or what is it?' })).toBeVisible();
  });

  test('is not offered when those of the day are used', async ({ page, backend }) => {
    const { quotas } = account();
    const trainings_per_day = { ...quotas.trainings_per_day, used: 3 };
    backend.on('GET', '/api/account', {
      body: account({ quotas: { ...quotas, trainings_per_day } }),
    });
    await page.goto(`/studio/new?model=${MODEL_ID}&step=review`);
    await expect(page.getByText('All 3 trainings of the day are used.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Train my model' })).toBeDisabled();
  });

  test('starts once for a double click and leads to the model', async ({ page, backend }) => {
    backend.on('POST', '/api/genmodel', () => {
      backend.on('GET', modelPath, { body: training() });
      return { status: 202, body: training() };
    });
    await page.goto(`/studio/new?model=${MODEL_ID}&step=review`);
    await page.getByRole('button', { name: 'Train my model' }).dblclick();
    await page.waitForURL(`/studio/${MODEL_ID}`);
    await expect(page.getByRole('heading', { name: 'Learning your face' })).toBeVisible();
    const calls = backend.calledWith('POST', '/api/genmodel');
    expect(calls).toHaveLength(1);
    expect(calls[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.parse(calls[0]?.body ?? '')).toEqual({ model: MODEL_ID, preset: 'fast' });
  });

  test('whose answer was lost is asked for under the same key, also after a reload', async ({
    page,
    backend,
  }) => {
    backend.on('POST', '/api/genmodel', () => 'no-connection');
    await page.goto(`/studio/new?model=${MODEL_ID}&step=review`);
    await page.getByRole('button', { name: 'Train my model' }).click();
    await expect(page.getByRole('alert')).toContainText('No connection');
    await page.reload();
    backend.on('POST', '/api/genmodel', problem('paused', 503));
    await page.getByRole('button', { name: 'Train my model' }).click();
    await expect(page.getByRole('alert')).toContainText('Paused for now');
    const [first, second] = backend.calledWith('POST', '/api/genmodel');
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
  });

  test('waits for the photos that are on their way', async ({ page, backend }) => {
    test.setTimeout(90_000);
    let arrive: () => void = () => undefined;
    backend.on('POST', '/api/bytescale', async () => {
      await new Promise<void>((resolve) => (arrive = resolve));
      return { status: 201, body: photo(13) };
    });
    await page.goto(`/studio/new?model=${MODEL_ID}&step=photos`);
    await page.getByLabel('Choose photos').setInputFiles(fixture('good-02.jpg'));
    await expect(page.getByRole('progressbar', { name: /^Sending/ })).toBeVisible({
      timeout: 45_000,
    });
    await toTheTraining(page);
    await expect(page.getByText('1 photo is still on its way.')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Train my model' })).toBeDisabled();
    arrive();
    await expect(page.getByRole('button', { name: 'Train my model' })).toBeEnabled();
    await expect(page.getByText('still on its way')).toHaveCount(0);
    await expect(page.getByRole('definition').filter({ hasText: /^13$/ })).toBeVisible();
  });

  test('says which photos it goes without, and they stay for the next one', async ({
    page,
    backend,
  }) => {
    test.setTimeout(90_000);
    backend
      .on('POST', '/api/bytescale', problem('photo-rejected', 422))
      .on('POST', '/api/genmodel', () => {
        backend.on('GET', modelPath, { body: training() });
        return { status: 202, body: training() };
      });
    await page.goto(`/studio/new?model=${MODEL_ID}&step=photos`);
    await page.getByLabel('Choose photos').setInputFiles(fixture('good-02.jpg'));
    await expect(page.getByRole('button', { name: 'Try again: good-02.jpg' })).toBeVisible({
      timeout: 45_000,
    });
    await toTheTraining(page);
    await expect(page.getByText('1 photo could not be stored')).toBeVisible();
    await page.getByRole('button', { name: 'Train my model' }).click();
    await expect(page.getByRole('heading', { name: 'Learning your face' })).toBeVisible();
    backend
      .on('GET', modelPath, { body: model() })
      .on('POST', '/api/bytescale', { status: 201, body: photo(13) });
    await page.goto(`/studio/new?model=${MODEL_ID}&step=photos`);
    await expect(page.getByText('13 of 30 photos')).toBeVisible();
  });

  test('that already runs leads to the model', async ({ page, backend }) => {
    backend.on('GET', modelPath, { body: training() });
    await page.goto(`/studio/new?model=${MODEL_ID}`);
    await page.waitForURL(`/studio/${MODEL_ID}`);
  });
});
