import { expect, problem, test } from './backend.ts';
import { account, limits, model, MODEL_ID, photos, training } from './records.ts';

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
  await expect(page.getByLabel('Name of the model')).toHaveCount(0);
  await page.getByRole('button', { name: 'I agree' }).click();
  await expect(page.getByLabel('Name of the model')).toBeVisible();
  expect(backend.calledWith('POST', '/api/consent')[0]?.body).toBe('{"version":"2026-11-22"}');
});

test('a newer text is asked for again', async ({ page, backend }) => {
  backend.on('GET', '/api/account', { body: account({ required_consent: '2027-01-01' }) });
  await page.goto(`/studio/new?model=${MODEL_ID}`);
  await expect(page.getByRole('button', { name: 'I agree' })).toBeVisible();
  await expect(page.getByText('Text of 2027-01-01')).toBeVisible();
  expect(backend.calledWith('GET', modelPath)).toHaveLength(0);
});

test('the model is made with name and subject, and its id is in the address', async ({
  page,
  backend,
}) => {
  backend
    .on('POST', '/api/model', { status: 201, body: draft })
    .on('GET', modelPath, { body: draft })
    .on('GET', '/api/bytescale', { body: { photos: [], limits } });
  await page.goto('/studio/new');
  await page.getByLabel('Name of the model').fill('Eileen');
  await page.getByRole('radio', { name: 'a woman' }).check();
  await page.getByRole('button', { name: 'On to the photos' }).click();
  await page.waitForURL(`/studio/new?model=${MODEL_ID}`);
  await expect(page.getByText('At least 4 more needed to train')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Review and train' })).toBeDisabled();
  const [call] = backend.calledWith('POST', '/api/model');
  expect(JSON.parse(call?.body ?? '')).toEqual({ name: 'Eileen', subject: 'woman' });
});

test.describe('training', () => {
  test.beforeEach(({ backend }) => {
    backend
      .on('GET', modelPath, { body: draft })
      .on('GET', '/api/bytescale', { body: { photos: photos(12), limits } })
      .on('GET', '/api/prediction', { body: { predictions: [], next_cursor: null } });
  });

  test('says beforehand what it costs, takes and keeps', async ({ page, backend }) => {
    backend.on('GET', '/api/account', { body: account({ retention: { photo_days: 14 } }) });
    await page.goto(`/studio/new?model=${MODEL_ID}`);
    await page.getByRole('button', { name: 'Review and train' }).click();
    await expect(page.getByText('the photos 14 days')).toBeVisible();
    await expect(page.getByRole('definition').getByText('about 2 minutes')).toBeVisible();
    await page.getByRole('radio', { name: /^Quality/ }).check();
    await expect(page.getByRole('definition').getByText('10 to 30 minutes')).toBeVisible();
    await page.goBack();
    await expect(page.getByRole('heading', { name: 'Add your photos' })).toBeVisible();
  });

  test('starts once for a double click and leads to the model', async ({ page, backend }) => {
    backend.on('POST', '/api/genmodel', () => {
      backend.on('GET', modelPath, { body: training() });
      return { status: 202, body: training() };
    });
    await page.goto(`/studio/new?model=${MODEL_ID}&step=train`);
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
    await page.goto(`/studio/new?model=${MODEL_ID}&step=train`);
    await page.getByRole('button', { name: 'Train my model' }).click();
    await expect(page.getByRole('alert')).toContainText('No connection');
    await page.reload();
    backend.on('POST', '/api/genmodel', problem('paused', 503));
    await page.getByRole('button', { name: 'Train my model' }).click();
    await expect(page.getByRole('alert')).toContainText('Paused for now');
    const [first, second] = backend.calledWith('POST', '/api/genmodel');
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
  });

  test('that already runs leads to the model', async ({ page, backend }) => {
    backend.on('GET', modelPath, { body: training() });
    await page.goto(`/studio/new?model=${MODEL_ID}`);
    await page.waitForURL(`/studio/${MODEL_ID}`);
  });
});
