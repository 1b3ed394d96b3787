import { expect, test } from './backend.ts';
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

test.describe('the end of an account', () => {
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
