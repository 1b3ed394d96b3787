import type { Page } from '@playwright/test';

import { type Backend, expect, problem, test } from './backend.ts';
import { limits, model, MODEL_ID, photos, training } from './records.ts';

const modelPath = `/api/model/${MODEL_ID}`;

/** Somebody looks at a training, with a clock that the test turns. */
async function watches(page: Page, backend: Backend): Promise<void> {
  await page.clock.install();
  backend.on('GET', modelPath, () => ({ body: training() }));
  await page.goto(`/studio/${MODEL_ID}`);
  await expect(page.getByText('42 %')).toBeVisible();
}

test.describe('a running training', () => {
  test.beforeEach(({ backend }) => {
    backend.on('GET', '/api/prediction', { body: { predictions: [], next_cursor: null } });
  });

  test('shows stage, percent, minutes left and when it was last heard of, also after a reload', async ({
    page,
    backend,
  }) => {
    backend.on('GET', modelPath, () => ({ body: training() }));
    await page.goto(`/studio/${MODEL_ID}`);
    for (const again of [false, true]) {
      if (again) await page.reload();
      await expect(page.getByRole('heading', { name: 'Learning your face' })).toBeVisible();
      await expect(page.getByText('42 %')).toBeVisible();
      await expect(page.getByText('about 2 min left')).toBeVisible();
      await expect(page.getByText(/last heard 1\d s ago/)).toBeVisible();
    }
  });

  test('is asked after less and less often, and the page turns when it is ready', async ({
    page,
    backend,
  }) => {
    await page.clock.install();
    backend.on('GET', modelPath, () => ({
      body: training({
        progress: {
          stage: 'queued',
          percent: null,
          eta_s: null,
          late: false,
          heard_at: '2026-11-22T18:00:00.000Z',
        },
      }),
    }));
    await page.goto(`/studio/${MODEL_ID}`);
    await expect(page.getByRole('heading', { name: 'Waiting for a free machine' })).toBeVisible();
    const asked = () => backend.calledWith('GET', modelPath).length;
    const first = asked();
    for (const [seconds, calls] of [
      [2, 1],
      [3, 2],
      [5, 3],
      [8, 4],
    ] as const) {
      await page.clock.runFor(seconds * 1000 + 100);
      await expect.poll(asked).toBe(first + calls);
    }
    backend.on('GET', modelPath, { body: model() });
    await page.clock.runFor(14_000);
    await expect(page.getByLabel('Describe the picture')).toBeVisible();
    const last = asked();
    await page.clock.runFor(120_000);
    expect(asked()).toBe(last);
  });

  test('is not asked after in a hidden tab, and at once when the tab is seen again', async ({
    page,
    backend,
  }) => {
    await watches(page, backend);
    const turn = (state: string) =>
      page.evaluate((visibility) => {
        Object.defineProperty(document, 'visibilityState', {
          value: visibility,
          configurable: true,
        });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    await turn('hidden');
    const before = backend.calledWith('GET', modelPath).length;
    await page.clock.runFor(60_000);
    expect(backend.calledWith('GET', modelPath)).toHaveLength(before);
    await turn('visible');
    await expect.poll(() => backend.calledWith('GET', modelPath).length).toBe(before + 1);
  });

  test('a lost connection is said and does not hide what is known', async ({ page, backend }) => {
    await watches(page, backend);
    backend.on('GET', modelPath, () => 'no-connection');
    await page.clock.runFor(2_100);
    await expect(page.getByText('Trying again by itself')).toBeVisible();
    await expect(page.getByText('42 %')).toBeVisible();
  });

  for (const [slug, status, said, step] of [
    ['not-signed-in', 401, 'You are signed out', 'Sign in'],
    ['consent-required', 403, 'Your agreement is needed first', 'Read and agree'],
    ['not-found', 404, 'There is nothing here', 'To my models'],
  ] as const) {
    test(`is not asked after again when the answer is ${status}, and that is said`, async ({
      page,
      backend,
    }) => {
      await watches(page, backend);
      backend.on('GET', modelPath, problem(slug, status));
      await page.clock.runFor(2_100);
      await expect(page.getByRole('alert')).toContainText(said);
      await expect(page.getByRole('alert').locator('a')).toHaveText(step);
      await expect(page.getByText('Trying again by itself')).toHaveCount(0);
      await expect(page.getByText('42 %')).toBeVisible();
      const asked = backend.calledWith('GET', modelPath).length;
      await page.clock.runFor(120_000);
      expect(backend.calledWith('GET', modelPath)).toHaveLength(asked);
    });
  }

  test('is asked after when the server said that it may be', async ({ page, backend }) => {
    await watches(page, backend);
    const wait = { headers: { 'Retry-After': '40' } };
    backend.on('GET', modelPath, problem('too-many-requests', 429, wait));
    await page.clock.runFor(2_100);
    await expect(page.getByRole('alert')).toContainText('Possible again in 40 s.');
    const asked = backend.calledWith('GET', modelPath).length;
    backend.on('GET', modelPath, () => ({ body: training() }));
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await page.clock.runFor(35_000);
    expect(backend.calledWith('GET', modelPath)).toHaveLength(asked);
    await page.clock.runFor(5_000);
    await expect(page.getByRole('alert')).toHaveCount(0);
    expect(backend.calledWith('GET', modelPath)).toHaveLength(asked + 1);
  });

  test('is stopped only after a second question', async ({ page, backend }) => {
    backend
      .on('GET', modelPath, () => ({ body: training() }))
      .on('DELETE', `/api/genmodel/${MODEL_ID}`, { status: 202, body: {} });
    await page.goto(`/studio/${MODEL_ID}`);
    await page.getByRole('button', { name: 'Stop the training' }).click();
    const dialog = page.getByRole('dialog', { name: 'Stop this training?' });
    await dialog.getByRole('button', { name: 'Keep training' }).click();
    await expect(dialog).toBeHidden();
    expect(backend.calledWith('DELETE', `/api/genmodel/${MODEL_ID}`)).toHaveLength(0);
    await page.getByRole('button', { name: 'Stop the training' }).click();
    backend.on('GET', modelPath, { body: model({ state: 'canceled', versions: [] }) });
    await dialog.getByRole('button', { name: 'Stop the training' }).click();
    await expect(page.getByText('The training was stopped')).toBeVisible();
  });
});

test('a failed training leads to the photos that are to be changed', async ({ page, backend }) => {
  const failure = { reason: 'bad-photos', detail: '', refunded: true } as const;
  backend
    .on('GET', '/api/prediction', { body: { predictions: [], next_cursor: null } })
    .on('GET', '/api/bytescale', { body: { photos: photos(12), limits } })
    .on('GET', modelPath, { body: model({ state: 'failed', versions: [], failure }) });
  await page.goto(`/studio/${MODEL_ID}`);
  await page.getByRole('link', { name: 'Change the photos' }).click();
  await expect(page.getByRole('heading', { name: 'Add your photos' })).toBeVisible();
});

test('a failed training says why and is tried again with one press', async ({ page, backend }) => {
  const failure = {
    reason: 'timeout',
    detail: 'In the words of the server.',
    refunded: true,
  } as const;
  backend
    .on('GET', '/api/prediction', { body: { predictions: [], next_cursor: null } })
    .on('GET', modelPath, { body: model({ state: 'failed', versions: [], failure }) })
    .on('POST', '/api/genmodel', { status: 202, body: training() });
  await page.goto(`/studio/${MODEL_ID}`);
  await expect(page.getByText('It took too long and was stopped.')).toBeVisible();
  await expect(page.getByText('does not count against your limit')).toBeVisible();
  await page.getByRole('button', { name: 'Train again' }).click();
  await expect(page.getByRole('heading', { name: 'Learning your face' })).toBeVisible();
  const [call] = backend.calledWith('POST', '/api/genmodel');
  expect(call?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
});
