import { expect, problem, test } from './backend.ts';

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
  // Every refusal is a page of its own to open.
  test.setTimeout(120_000);
  const alert = page.getByRole('alert');
  const steps = alert.locator('a, button');
  for (const [slug, status, step] of refusals) {
    await test.step(slug, async () => {
      backend.on('GET', '/api/model', problem(slug, status, { limit: 3, used: 3 }));
      await page.goto('/studio');
      await expect(alert).toBeVisible();
      await expect(alert).not.toContainText('The detail of the problem');
      if (step) await expect(steps).toHaveText(step);
      else await expect(steps).toHaveCount(0);
    });
  }
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
