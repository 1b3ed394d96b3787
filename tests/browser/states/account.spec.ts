import { expect, problem, test } from './backend.ts';
import { receipt } from './records.ts';

test('shows what was made and where one is signed in', async ({ page }) => {
  await page.goto('/account');
  await expect(page.getByText('eileen@example.com')).toBeVisible();
  await expect(page.getByText('1,284')).toBeVisible();
  await expect(page.getByText('2 h 15 min')).toBeVisible();
  await expect(page.getByText('44 of 100')).toBeVisible();
  await expect(page.getByText('(this browser)')).toBeVisible();
  await expect(page.getByText('last seen')).toHaveCount(2);
});

test('signs out and leaves the studio', async ({ page, backend }) => {
  backend.on('POST', '/api/sign-out', { status: 204 });
  await page.goto('/account');
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.waitForURL('/');
});

test('signs out everywhere only after a second question', async ({ page, backend }) => {
  backend.on('POST', '/api/sign-out-everywhere', { status: 204 });
  await page.goto('/account');
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  expect(backend.calledWith('POST', '/api/sign-out-everywhere')).toHaveLength(0);
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await dialog.getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.waitForURL('/');
});

test('offers everything as a download', async ({ page }) => {
  await page.goto('/account');
  const link = page.getByRole('link', { name: 'Download everything' });
  await expect(link).toHaveAttribute('href', '/api/account/export');
  await expect(page.getByText('You agreed to the text of')).toBeVisible();
});

test.describe('the end of an account', () => {
  test('wants a word to be typed and leads to the receipt', async ({ page, backend }) => {
    const started = { url: 'https://selfie.pr/deletion/abc123', confirmation_code: 'abc123' };
    backend.on('DELETE', '/api/account', { status: 202, body: started });
    backend.on('GET', '/api/deletion/abc123', { body: receipt() });
    await page.goto('/account');
    await page.getByRole('button', { name: 'Delete my account' }).click();
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('button', { name: 'Delete my account' });
    await expect(confirm).toBeDisabled();
    await dialog.getByLabel('Type the word').fill('delet');
    await expect(confirm).toBeDisabled();
    await dialog.getByLabel('Type the word').fill('delete');
    await confirm.click();
    await page.waitForURL('/deletion/abc123');
    await expect(page.getByText('Keep the address of this page')).toBeVisible();
    expect(backend.calledWith('DELETE', '/api/account')).toHaveLength(1);
  });

  test('asks for a fresh sign-in and leads back here', async ({ page, backend }) => {
    backend.on('DELETE', '/api/account', problem('session-too-old', 401));
    await page.goto('/account');
    await page.getByRole('button', { name: 'Withdraw altogether' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Type the word').fill('delete');
    await dialog.getByRole('button', { name: 'Delete my account' }).click();
    await expect(page.getByText('Please sign in once more')).toBeVisible();
    const again = page.getByRole('link', { name: 'Sign in' });
    await expect(again).toHaveAttribute('href', '/sign-in?next=%2Faccount');
  });

  test('is told by the receipt until everything is verified to be gone', async ({
    page,
    backend,
  }) => {
    await page.clock.install();
    backend.on('GET', '/api/deletion/abc123', { body: receipt() });
    await page.goto('/deletion/abc123');
    await expect(page.getByText('not yet')).toHaveCount(1);
    backend.on('GET', '/api/deletion/abc123', {
      body: receipt({ state: 'done', finished_at: '2026-11-22T17:05:00.000Z', objects: [] }),
    });
    await page.clock.runFor(2_100);
    await expect(page.getByText('Everything below is verified to be gone.')).toBeVisible();
    const asked = backend.calledWith('GET', '/api/deletion/abc123').length;
    await page.clock.runFor(120_000);
    expect(backend.calledWith('GET', '/api/deletion/abc123')).toHaveLength(asked);
  });
});
