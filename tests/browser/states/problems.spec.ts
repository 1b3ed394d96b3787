import { expect, problem, test } from './backend.ts';
import { model } from './records.ts';

/** Every registered refusal, its status, and the one step that its words offer. */
const refusals: [string, number, string | null][] = [
  ['invalid-request', 422, null],
  ['malformed-request', 400, 'Load the page again'],
  ['not-signed-in', 401, 'Sign in'],
  ['session-too-old', 401, 'Sign in'],
  ['link-invalid', 400, 'Ask for a new mail'],
  ['other-browser', 403, 'Ask for a new mail'],
  ['cross-site', 403, 'Try again'],
  ['consent-required', 403, 'Read and agree'],
  ['not-found', 404, 'To my models'],
  ['method-not-allowed', 405, 'Try again'],
  ['conflict', 409, 'Load the page again'],
  ['operation-in-progress', 409, 'Try again'],
  ['too-large', 413, null],
  ['unsupported-media-type', 415, null],
  ['quota-exceeded', 429, null],
  ['too-many-requests', 429, 'Try again'],
  ['internal', 500, 'Try again'],
  ['provider-refused', 502, 'Try again'],
  ['provider-unavailable', 503, 'Try again'],
  ['storage-unavailable', 503, 'Try again'],
  ['paused', 503, 'Try again'],
  ['misconfigured', 503, null],
];

test('every registered refusal is said in words, with its one useful step', async ({
  page,
  backend,
}) => {
  const alert = page.getByRole('alert');
  const steps = alert.locator('a, button');
  await page.goto('/account');
  for (const [slug, status, step] of refusals) {
    await test.step(slug, async () => {
      backend.on('GET', '/api/model', problem(slug, status, { limit: 3, used: 3 }));
      await page.getByRole('link', { name: 'Studio' }).click();
      await expect(alert).toBeVisible();
      await expect(alert).not.toContainText('The detail of the problem');
      if (step) await expect(steps).toHaveText(step);
      else await expect(steps).toHaveCount(0);
      await page.getByRole('link', { name: 'Account' }).click();
      await expect(alert).toHaveCount(0);
    });
  }
});

/** What is used up, and what is said of it in each language. */
const quotas: [Record<string, unknown>, string, string][] = [
  [
    { quota: 'trainings_per_day', limit: 3, used: 3, resets_at: '2026-11-23T00:00:00.000Z' },
    'You have used 3 of 3 trainings of the day. Possible again: 23 Nov 2026, 00:00.',
    'Du hast 3 von 3 Trainings des Tages benutzt. Wieder möglich: 23.11.2026, 00:00.',
  ],
  [
    { quota: 'photos_per_model', limit: 30, used: 30, resets_at: null },
    'This model has 30 of 30 photos. Remove one to add another.',
    'Dieses Modell hat 30 von 30 Fotos. Entferne eins, um ein anderes hinzuzufügen.',
  ],
  [
    { quota: 'stored_photo_bytes', limit: 314_572_800, used: 314_000_000, resets_at: null },
    'Your photos take up 299 MiB of 300 MiB. Remove some of them, or a model with its photos, to add others.',
    'Deine Fotos brauchen 299 MiB von 300 MiB. Entferne einige davon oder ein Modell mit seinen Fotos, um andere hinzuzufügen.',
  ],
];

test('what is used up is said with its numbers, and when it comes back only if it does', async ({
  page,
  backend,
}) => {
  for (const [spent, english, german] of quotas) {
    backend.on('GET', '/api/model', problem('quota-exceeded', 429, spent));
    for (const [language, sentence] of [
      ['en', english],
      ['de', german],
    ]) {
      await page.goto(`/studio?lang=${language}`);
      await expect(page.getByRole('alert').locator('p').last()).toHaveText(sentence ?? '');
    }
  }
});

test('a wrong field and a failure are said in the language of the page, and unknown ones as they come', async ({
  page,
  backend,
}) => {
  const failure = { detail: 'In the words of the server.', refunded: true };
  const one = model({
    state: 'failed',
    versions: [],
    failure: { reason: 'bad-photos', ...failure },
  });
  const other = model({
    id: '1732290000002',
    state: 'failed',
    versions: [],
    failure: { reason: 'of-tomorrow' as 'timeout', ...failure },
  });
  backend.on('GET', '/api/model', { body: { models: [one, other], next_cursor: null } });
  await page.goto('/studio?lang=de');
  await expect(page.getByText('Die Fotos ließen sich beim Training nicht lesen.')).toBeVisible();
  await expect(page.getByText('In the words of the server.')).toBeVisible();
  const errors = [
    { pointer: '/model', detail: 'A model needs at least 4 photos.' },
    { pointer: '/of-tomorrow', detail: 'Must be as it will be.' },
  ];
  backend.on('GET', '/api/model', problem('invalid-request', 422, { errors }));
  await page.reload();
  await expect(page.getByRole('alert')).toContainText(
    'Ein Modell braucht mindestens 4 Fotos. Füge welche hinzu und versuche es noch einmal. Must be as it will be.',
  );
});

test('an answer that is not ours is a failure with a next step, not a broken page', async ({
  page,
  backend,
}) => {
  backend.on('GET', '/api/model', {
    status: 502,
    body: '<html>Bad gateway</html>',
    headers: { 'Content-Type': 'text/html' },
  });
  await page.goto('/studio');
  await expect(page.getByRole('alert')).toContainText('The answer made no sense');
});

test('a wait is said when the server names one', async ({ page, backend }) => {
  backend.on(
    'GET',
    '/api/model',
    problem('too-many-requests', 429, { headers: { 'Retry-After': '45' } }),
  );
  await page.goto('/studio');
  await expect(page.getByRole('alert')).toContainText('Possible again in 45 s.');
});

test('a failure of ours names the reference for who writes to us', async ({ page, backend }) => {
  backend.on('GET', '/api/model', problem('internal', 500));
  await page.goto('/studio');
  await expect(page.getByRole('alert')).toContainText('Reference: 0123456789abcdef');
});
