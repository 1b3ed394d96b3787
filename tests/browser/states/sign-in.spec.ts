import { expect, problem, test } from './backend.ts';
import { account } from './records.ts';

const sent = { status: 202, body: { expires_in_s: 600 } };
const confirmed = { body: { next: '/terms', user: account() } };

test('an unfinished address is not sent', async ({ page, backend }) => {
  await page.goto('/sign-in');
  await page.getByLabel('Your e-mail address').fill('eileen@');
  await page.getByRole('button', { name: 'Send me a link' }).click();
  await expect(page.getByText('Type a whole address')).toBeVisible();
  await expect(page.getByLabel('Your e-mail address')).toBeFocused();
  expect(backend.calledWith('POST', '/api/magic-link')).toHaveLength(0);
});

test('nothing can be pressed before the script has come', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: baseURL ?? '' });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await expect(page.locator('main noscript')).toBeVisible();
  await page.getByLabel('Your e-mail address').fill('eileen@example.com');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Send me a link' })).toBeDisabled();
  expect(page.url()).not.toContain('eileen');
  await context.close();
});

test('the way back is sent along, and the code signs in and leads there', async ({
  page,
  backend,
}) => {
  backend.on('POST', '/api/magic-link', sent).on('POST', '/api/magic-link/confirm', confirmed);
  await page.goto('/sign-in?next=/terms');
  await page.getByLabel('Your e-mail address').fill('eileen@example.com');
  await page.getByRole('button', { name: 'Send me a link' }).click();
  await page.getByLabel('The 8-character code').fill('abcd-2345');
  await page.getByRole('button', { name: 'Sign in with the code' }).click();
  await page.waitForURL('/terms');
  const [asked] = backend.calledWith('POST', '/api/magic-link');
  expect(JSON.parse(asked?.body ?? '')).toEqual({ email: 'eileen@example.com', next: '/terms' });
  const [proof] = backend.calledWith('POST', '/api/magic-link/confirm');
  expect(JSON.parse(proof?.body ?? '')).toEqual({ code: 'ABCD2345' });
});

test('another mail can be asked for after sixty seconds, not before', async ({ page, backend }) => {
  await page.clock.install();
  backend.on('POST', '/api/magic-link', sent);
  await page.goto('/sign-in');
  await page.getByLabel('Your e-mail address').fill('eileen@example.com');
  await page.getByRole('button', { name: 'Send me a link' }).click();
  const again = page.getByRole('button', { name: /Send it again/ });
  await expect(again).toBeDisabled();
  await page.clock.runFor(58_000);
  await expect(again).toBeDisabled();
  await page.clock.runFor(3_000);
  await again.click();
  await expect(page.getByText('Only the newest mail works')).toBeVisible();
  expect(backend.calledWith('POST', '/api/magic-link')).toHaveLength(2);
});

test('a reload keeps the field for the code', async ({ page, backend }) => {
  backend.on('POST', '/api/magic-link', sent);
  await page.goto('/sign-in');
  await page.getByLabel('Your e-mail address').fill('eileen@example.com');
  await page.getByRole('button', { name: 'Send me a link' }).click();
  await expect(page.getByLabel('The 8-character code')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('The 8-character code')).toBeVisible();
});

test('a code can be typed without having asked in this tab', async ({ page, backend }) => {
  backend.on('POST', '/api/magic-link/confirm', problem('link-invalid', 400));
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'I have a code from a mail' }).click();
  await page.getByLabel('The 8-character code').fill('ABCD2345');
  await page.getByRole('button', { name: 'Sign in with the code' }).click();
  await expect(page.getByRole('alert')).toContainText('no longer works');
});

for (const [state, offered] of [
  ['closed', true],
  ['open', true],
  ['disabled', false],
  [undefined, false],
] as const) {
  test(`Facebook is ${offered ? '' : 'not '}offered when health says ${state}`, async ({
    page,
    backend,
  }) => {
    const providers = state ? { facebook: state } : {};
    backend.on('GET', '/api/health', { body: { providers } });
    const answered = page.waitForResponse('/api/health');
    await page.goto('/sign-in?next=/studio');
    await answered;
    const link = page.getByRole('link', { name: 'Continue with Facebook' });
    await expect(link).toHaveCount(offered ? 1 : 0);
    if (offered) await expect(link).toHaveAttribute('href', '/api/facebook/auth?next=%2Fstudio');
  });
}

for (const [error, words] of [
  ['cancelled', 'You stopped at Facebook'],
  ['failed', 'did not confirm it was you'],
  ['try-again', 'took too long'],
] as const) {
  test(`what went wrong at Facebook is said in words: ${error}`, async ({ page, backend }) => {
    backend.on('GET', '/api/account', problem('not-signed-in', 401));
    await page.goto(`/sign-in?error=${error}`);
    await expect(page.getByRole('alert')).toContainText(words);
  });
}

test.describe('the link from the mail', () => {
  test('leaves the address at once and sends nothing before the button', async ({
    page,
    backend,
  }) => {
    backend.on('POST', '/api/magic-link/confirm', confirmed);
    await page.goto('/sign-in/confirm#t=secret-token');
    const button = page.getByRole('button', { name: 'Sign me in' });
    await expect(button).toBeEnabled();
    expect(page.url()).not.toContain('secret-token');
    expect(backend.calls).toHaveLength(0);
    await button.click();
    await page.waitForURL('/terms');
    const [proof] = backend.calledWith('POST', '/api/magic-link/confirm');
    expect(JSON.parse(proof?.body ?? '')).toEqual({ token: 'secret-token' });
  });

  test('opened in another browser leads to the code', async ({ page, backend }) => {
    backend.on('POST', '/api/magic-link/confirm', problem('other-browser', 403));
    await page.goto('/sign-in/confirm#t=secret-token');
    await page.getByRole('button', { name: 'Sign me in' }).click();
    await expect(page.getByRole('alert')).toContainText('type the code');
  });

  test('without a token says so', async ({ page, backend }) => {
    await page.goto('/sign-in/confirm');
    await expect(page.getByRole('heading', { name: 'This link is not complete' })).toBeVisible();
    expect(backend.calls).toHaveLength(0);
  });

  test('is confirmed once however often it is pressed', async ({ page, backend }) => {
    backend.on('POST', '/api/magic-link/confirm', () => 'never');
    await page.goto('/sign-in/confirm#t=secret-token');
    await page.getByRole('button', { name: 'Sign me in' }).dblclick();
    await expect(page.getByRole('button', { name: 'Signing in' })).toBeDisabled();
    expect(backend.calledWith('POST', '/api/magic-link/confirm')).toHaveLength(1);
  });
});

test('whoever is signed out is asked to sign in and comes back', async ({ page, backend }) => {
  backend
    .on('GET', '/api/account', problem('not-signed-in', 401))
    .on('GET', '/api/model', problem('not-signed-in', 401));
  await page.goto('/studio');
  await page.waitForURL('/sign-in?next=%2Fstudio');
});
