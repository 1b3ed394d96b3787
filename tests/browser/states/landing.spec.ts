import { expect, test } from './backend.ts';

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the front page can be read whole', async ({ page }) => {
    await page.goto('/');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      'Pictures of you, anywhere you can describe.',
    );
    for (const part of ['How it works', 'What it costs', 'Your face stays yours']) {
      await expect(page.getByRole('heading', { name: part })).toBeVisible();
    }
    await expect(page.getByText('NASA, public domain')).toBeVisible();
    await expect(page.locator('.noscript')).toBeHidden();
  });

  test('the other pages say what they need', async ({ page }) => {
    await page.goto('/studio');
    await expect(page.locator('.noscript')).toBeVisible();
  });
});

test('the front page loads no script at all', async ({ page }) => {
  const scripts: string[] = [];
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.push(request.url());
  });
  await page.goto('/', { waitUntil: 'networkidle' });
  expect(scripts).toEqual([]);
});

test('the privacy text names the days that photos are kept', async ({ page }) => {
  await page.goto('/privacy');
  await expect(page.getByText(/Photos are deleted \d+ days after the last training/)).toBeVisible();
  await expect(page.getByText('{days}')).toHaveCount(0);
});

test('what does not exist is answered with 404 at any depth', async ({ page }) => {
  for (const path of ['/nope', '/nope/deeper/still']) {
    expect((await page.goto(path))?.status()).toBe(404);
    await expect(page.getByRole('link', { name: 'To the front page' })).toBeVisible();
  }
});

test('security.txt has not expired', async ({ page }) => {
  const text = await (await page.request.get('/.well-known/security.txt')).text();
  const expires = /^Expires: (.+)$/m.exec(text)?.[1] ?? '';
  expect(Date.parse(expires)).toBeGreaterThan(Date.now());
  expect(text).toMatch(/^Contact: mailto:/m);
});

test('nothing of the front page moves while it loads', async ({ page }) => {
  await page.addInitScript(() => {
    const seen = { shift: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        seen.shift += (entry as unknown as { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto('/', { waitUntil: 'networkidle' });
  const shift = await page.evaluate(
    () => (window as unknown as { seen: { shift: number } }).seen.shift,
  );
  expect(shift).toBeLessThanOrEqual(0.05);
});
