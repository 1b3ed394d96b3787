import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from './backend.ts';
import { limits, model, MODEL_ID, photo, photos, prediction } from './records.ts';

const folder = fileURLToPath(new URL('../../fixtures/photos', import.meta.url));
const modelPath = `/api/model/${MODEL_ID}`;

test.beforeEach(({ backend }) => {
  backend
    .on('GET', '/api/model', { body: { models: [model()], next_cursor: null } })
    .on('GET', modelPath, { body: model() })
    .on('GET', '/api/prediction', { body: { predictions: [prediction(1)], next_cursor: null } });
});

test('a language that is chosen is kept, on every page and after a reload', async ({ page }) => {
  await page.goto('/studio');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page.getByRole('link', { name: 'Deutsch' }).click();
  await expect(page.getByRole('heading', { name: 'Meine Modelle' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(page).toHaveURL('/studio');
  await page.getByRole('link', { name: /Eileen/ }).click();
  await expect(page.getByText('Sonntag, 22. November 2026')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Beschreibe das Bild')).toBeVisible();
  await page.goto('/sign-in');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Anmelden');
  await page.getByRole('link', { name: 'English' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
});

test('what the address asks for stays when the language changes', async ({ page, backend }) => {
  const one = prediction(1);
  backend
    .on('GET', '/api/bytescale', { body: { photos: photos(12), limits } })
    .on('GET', modelPath, { body: model({ state: 'draft', versions: [] }) })
    .on('GET', `/api/prediction/${one.id}`, { body: one });
  for (const [address, title] of [
    [`/studio/new?model=${MODEL_ID}&step=name`, 'Wer oder was ist es?'],
    [`/studio/compare?a=${one.id}.0`, 'Zwei Bilder vergleichen'],
    ['/sign-in?next=%2Fcreate', 'Anmelden'],
  ] as const) {
    await page.goto(`${address}&lang=en`);
    const german = page.getByRole('link', { name: 'Deutsch' });
    // A page that is made beforehand learns from its script what its address asks.
    await expect(german).toHaveAttribute('href', `${address}&lang=de`);
    await german.click();
    await expect(page.getByRole('heading', { name: title })).toBeVisible();
    await expect(page).toHaveURL(address);
  }
});

test('no word of what a set shows runs into the next on the narrowest of phones', async ({
  page,
  backend,
}) => {
  test.setTimeout(90_000);
  let n = 0;
  backend
    .on('GET', '/api/bytescale', { body: { photos: [], limits } })
    .on('GET', modelPath, { body: model({ state: 'draft', versions: [] }) })
    .on('POST', '/api/bytescale', () => ({ status: 201, body: photo((n += 1)) }));
  await page.setViewportSize({ width: 320, height: 700 });
  await page.goto(`/studio/new?model=${MODEL_ID}&step=photos&lang=de`);
  await page
    .getByLabel('Fotos auswählen')
    .setInputFiles(['good-05.jpg', 'good-06.jpg'].map((name) => join(folder, name)));
  await expect(page.getByText('2 von 30 Fotos')).toBeVisible({ timeout: 45_000 });
  const names = page.getByRole('region', { name: 'Was deine Auswahl zeigt' }).getByRole('listitem');
  const wide = await names.evaluateAll((all) =>
    all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent),
  );
  expect(wide).toEqual([]);
  expect(await names.count()).toBeGreaterThanOrEqual(8);
});

test('whoever reads the front page in German goes on in German', async ({ page }) => {
  await page.goto('/de');
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await page.getByRole('link', { name: 'Studio' }).click();
  await expect(page.getByRole('heading', { name: 'Meine Modelle' })).toBeVisible();
  await page.getByRole('link', { name: 'Datenschutz' }).click();
  await expect(page).toHaveURL('/de/privacy');
  await page.getByRole('link', { name: 'English' }).click();
  await expect(page).toHaveURL('/privacy');
});

test.describe('in a German browser', () => {
  test.use({ locale: 'de-DE' });

  test('the studio speaks German by itself', async ({ page }) => {
    await page.goto('/studio');
    await expect(page.getByRole('heading', { name: 'Meine Modelle' })).toBeVisible();
  });
});
