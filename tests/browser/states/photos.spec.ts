import type { Page } from '@playwright/test';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, problem, test, type Call } from './backend.ts';
import { limits, model, MODEL_ID, photo, photos } from './records.ts';

const folder = fileURLToPath(new URL('../../fixtures/photos', import.meta.url));
const fixture = (name: string) => join(folder, name);
const modelPath = `/api/model/${MODEL_ID}`;
const draft = model({ state: 'draft', versions: [] });

/** Width and height from the frame header of a JPEG. */
function jpegSize(bytes: Buffer): { width: number; height: number } {
  let at = 2;
  while (at < bytes.length) {
    const marker = bytes.readUInt16BE(at);
    if (marker >= 0xffc0 && marker <= 0xffc2) {
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  throw new Error('no frame header');
}

/** A JPEG of 2000 × 1000 pixels whose EXIF says that it has to be turned by a quarter. */
async function lyingPhoto(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 2000;
    canvas.height = 1000;
    return canvas.toDataURL('image/jpeg').split(',')[1] ?? '';
  });
  const jpeg = Buffer.from(base64, 'base64');
  const exif = Buffer.from(
    'ffe100224578696600004d4d002a00000008000101120003000000010006000000000000',
    'hex',
  );
  return Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]);
}

const uploads = (calls: Call[]) => calls.map((call) => call.bytes ?? Buffer.alloc(0));

test.describe('photos', () => {
  test.beforeEach(({ backend }) => {
    backend
      .on('GET', modelPath, { body: draft })
      .on('GET', '/api/bytescale', { body: { photos: photos(3), limits } });
  });

  test('are shown again on return', async ({ page, backend }) => {
    await page.goto(`/studio/new?model=${MODEL_ID}`);
    await expect(page.getByText('3 of 30 photos')).toBeVisible();
    await expect(page.getByRole('img', { name: 'IMG_4001.jpg' })).toBeVisible();
    expect(backend.calledWith('GET', '/api/bytescale')[0]?.query.get('model')).toBe(MODEL_ID);
  });

  test('leave the device upright, small and without metadata', async ({ page, backend }) => {
    let n = 10;
    backend.on('POST', '/api/bytescale', () => ({ status: 201, body: photo((n += 1)) }));
    await page.goto(`/studio/new?model=${MODEL_ID}`);
    const lying = { name: 'lying.jpg', mimeType: 'image/jpeg', buffer: await lyingPhoto(page) };
    await page.getByLabel('Choose photos').setInputFiles(lying);
    await expect(page.getByText('4 of 30 photos')).toBeVisible();
    await page
      .getByLabel('Choose photos')
      .setInputFiles([fixture('good-01.jpg'), fixture('good-15.webp')]);
    await expect(page.getByText('6 of 30 photos')).toBeVisible();
    const calls = backend.calledWith('POST', '/api/bytescale');
    expect(calls.map((call) => call.headers['content-type'])).toEqual(Array(3).fill('image/jpeg'));
    expect(uploads(calls).filter((bytes) => bytes.includes('Exif'))).toEqual([]);
    expect(uploads(calls).map(jpegSize)).toEqual([
      { width: 768, height: 1536 },
      { width: 1024, height: 1024 },
      { width: 1024, height: 1024 },
    ]);
  });

  test('carry any name', async ({ page, backend }) => {
    backend.on('POST', '/api/bytescale', { status: 201, body: photo(11) });
    await page.goto(`/studio/new?model=${MODEL_ID}`);
    await page.getByLabel('Choose photos').setInputFiles({
      name: 'Zoë ☀.png',
      mimeType: 'image/png',
      buffer: await page.screenshot({ clip: { x: 0, y: 0, width: 300, height: 300 } }),
    });
    await expect(page.getByText('4 of 30 photos')).toBeVisible();
    const [call] = backend.calledWith('POST', '/api/bytescale');
    expect(decodeURIComponent(call?.headers['x-photo-name'] ?? '')).toBe('Zoë ☀.png');
  });

  test('that this browser cannot decode are left to the server to judge', async ({
    page,
    backend,
  }) => {
    backend.on(
      'POST',
      '/api/bytescale',
      problem('photo-rejected', 422, { reason: 'not-an-image' }),
    );
    await page.goto(`/studio/new?model=${MODEL_ID}`);
    await page.getByLabel('Choose photos').setInputFiles({
      name: 'broken.jpg',
      mimeType: 'image/jpeg',
      buffer: Buffer.from('not a picture'),
    });
    await expect(page.getByText('This is not a picture.')).toBeVisible();
    const [call] = backend.calledWith('POST', '/api/bytescale');
    expect(call?.bytes?.toString()).toBe('not a picture');
  });

  test('of a kind that is not taken are refused before they are sent', async ({
    page,
    backend,
  }) => {
    await page.goto(`/studio/new?model=${MODEL_ID}`);
    await page.getByLabel('Choose photos').setInputFiles({
      name: 'notes.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('not a picture'),
    });
    await expect(page.getByText('Not a kind of picture we take')).toBeVisible();
    expect(backend.calledWith('POST', '/api/bytescale')).toHaveLength(0);
  });

  test('on their way hold one back from leaving', async ({ page, backend }) => {
    backend
      .on('POST', '/api/bytescale', () => 'never')
      .on('GET', '/api/model', { body: { models: [], next_cursor: null } });
    await page.goto(`/studio/new?model=${MODEL_ID}`);
    await page.getByLabel('Choose photos').setInputFiles(fixture('good-02.jpg'));
    await expect(page.getByText('Sending')).toBeVisible();
    page.once('dialog', (dialog) => void dialog.dismiss());
    await page.getByRole('link', { name: 'Studio' }).click();
    await expect(page.getByRole('heading', { name: 'Add your photos' })).toBeVisible();
    page.once('dialog', (dialog) => void dialog.accept());
    await page.getByRole('link', { name: 'Studio' }).click();
    await expect(page.getByRole('heading', { name: 'No model yet' })).toBeVisible();
  });

  test('travel three at a time', async ({ page, backend }) => {
    const waiting: (() => void)[] = [];
    let n = 10;
    backend.on('POST', '/api/bytescale', async () => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return { status: 201, body: photo((n += 1)) };
    });
    await page.goto(`/studio/new?model=${MODEL_ID}`);
    await page
      .getByLabel('Choose photos')
      .setInputFiles(['01', '02', '03', '04', '05'].map((name) => fixture(`good-${name}.jpg`)));
    await expect.poll(() => waiting.length).toBe(3);
    await expect(page.getByText('5 photos are on their way')).toBeVisible();
    await expect(page.getByText('Waiting', { exact: true })).toHaveCount(2);
    waiting[0]?.();
    await expect.poll(() => waiting.length).toBe(4);
    for (let done = 1; done < 5; done += 1) {
      await expect.poll(() => waiting.length).toBeGreaterThan(done);
      waiting[done]?.();
    }
    await expect(page.getByText('8 of 30 photos')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Review and train' })).toBeEnabled();
  });

  test('that failed keep their reason and are sent again when asked', async ({ page, backend }) => {
    backend.on('POST', '/api/bytescale', problem('storage-unavailable', 503));
    await page.goto(`/studio/new?model=${MODEL_ID}`);
    await page.getByLabel('Choose photos').setInputFiles(fixture('good-02.jpg'));
    await expect(page.getByText('Our storage is not answering')).toBeVisible();
    backend.on('POST', '/api/bytescale', { status: 201, body: photo(11) });
    await page.getByRole('button', { name: 'Try good-02.jpg again' }).click();
    await expect(page.getByText('4 of 30 photos')).toBeVisible();
    await expect(page.getByText('Not added')).toHaveCount(0);
  });

  test('beyond the limit are left out and said so', async ({ page, backend }) => {
    backend
      .on('GET', '/api/bytescale', { body: { photos: photos(29), limits } })
      .on('POST', '/api/bytescale', { status: 201, body: photo(30) });
    await page.goto(`/studio/new?model=${MODEL_ID}`);
    await page
      .getByLabel('Choose photos')
      .setInputFiles([fixture('good-02.jpg'), fixture('good-03.jpg')]);
    await expect(page.getByText('at most 30 photos. 1 was left out')).toBeVisible();
    await expect(page.getByText('30 of 30 photos')).toBeVisible();
    await expect(page.getByLabel('Choose photos')).toBeDisabled();
    expect(backend.calledWith('POST', '/api/bytescale')).toHaveLength(1);
  });

  test('are removed one by one, and come back when that fails', async ({ page, backend }) => {
    const [first, second] = photos(2);
    backend
      .on('DELETE', `/api/bytescale/${first?.id}`, { status: 204 })
      .on('DELETE', `/api/bytescale/${second?.id}`, problem('storage-unavailable', 503));
    await page.goto(`/studio/new?model=${MODEL_ID}`);
    await page.getByRole('button', { name: 'Remove IMG_4001.jpg' }).click();
    await expect(page.getByText('2 of 30 photos')).toBeVisible();
    await page.getByRole('button', { name: 'Remove IMG_4002.jpg' }).click();
    await expect(page.getByRole('alert')).toContainText('storage is not answering');
    await expect(page.getByRole('img', { name: 'IMG_4002.jpg' })).toBeVisible();
  });
});
