import { expect, problem, test } from './backend.ts';
import { limits, model, MODEL_ID, photos } from './records.ts';

const path = `/api/model/${MODEL_ID}`;
const [first] = model().versions;
const kept = photos(3);
const trained = model({
  versions: [
    { ...first!, photo_ids: [...kept.map((photo) => photo.id), 'z'.repeat(26)] },
    { ...first!, id: 'v2', photo_ids: [] },
  ],
});

test.beforeEach(async ({ page, backend }) => {
  backend
    .on('GET', path, { body: trained })
    .on('GET', '/api/prediction', { body: { predictions: [], next_cursor: null } });
  await page.goto(`/studio/${MODEL_ID}`);
});

test('a version shows the photos it was made of, and how many of them are gone', async ({
  page,
  backend,
}) => {
  backend.on('GET', '/api/bytescale', { body: { photos: kept, limits: {} } });
  await page.getByText('Which photos it was made of').click();
  await expect(page.getByRole('img', { name: /IMG_/ })).toHaveCount(3);
  await expect(page.getByText('1 of them is gone')).toBeVisible();
});

test('more photos are added where photos are', async ({ page, backend }) => {
  backend.on('GET', '/api/bytescale', { body: { photos: photos(12), limits } });
  await page.getByRole('link', { name: 'Retrain with more photos' }).click();
  await expect(page.getByRole('heading', { name: 'Add your photos' })).toBeVisible();
});

test('a version is removed after a question', async ({ page, backend }) => {
  const left = model({ versions: trained.versions.slice(0, 1) });
  backend.on('DELETE', `${path}/version/v2`, { body: left });
  await page.getByRole('button', { name: 'Delete version v2' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete version v2?' });
  await expect(dialog).toContainText('The pictures that were made with it stay');
  expect(backend.calledWith('DELETE', `${path}/version/v2`)).toHaveLength(0);
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('button', { name: 'Delete version v2' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Delete version v1' })).toBeVisible();
});

test('a refusal to remove one is told, and the version stays', async ({ page, backend }) => {
  backend.on('DELETE', `${path}/version/v2`, problem('storage-unavailable', 503));
  await page.getByRole('button', { name: 'Delete version v2' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('alert')).toContainText('storage is not answering');
  await expect(page.getByRole('button', { name: 'Delete version v2' })).toBeVisible();
});
