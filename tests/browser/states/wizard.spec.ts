import type { Page } from '@playwright/test';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, problem, test, type Call } from './backend.ts';
import { account, limits, model, MODEL_ID, photo, photos, training } from './records.ts';

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

test('asks for consent first, and tells the server which text was accepted', async ({
  page,
  backend,
}) => {
  backend.on('GET', '/api/account', { body: account({ consent: null }) });
  backend.on('POST', '/api/consent', () => {
    backend.on('GET', '/api/account', { body: account() });
    return { body: {} };
  });
  await page.goto('/studio/new');
  await expect(page.getByLabel('Name of the model')).toHaveCount(0);
  await page.getByRole('button', { name: 'I agree' }).click();
  await expect(page.getByLabel('Name of the model')).toBeVisible();
  expect(backend.calledWith('POST', '/api/consent')[0]?.body).toBe('{"version":"2026-11-22"}');
});

test('a newer text is asked for again', async ({ page, backend }) => {
  backend.on('GET', '/api/account', { body: account({ required_consent: '2027-01-01' }) });
  await page.goto(`/studio/new?model=${MODEL_ID}`);
  await expect(page.getByRole('button', { name: 'I agree' })).toBeVisible();
  await expect(page.getByText('Text of 2027-01-01')).toBeVisible();
  expect(backend.calledWith('GET', modelPath)).toHaveLength(0);
});

test('the model is made with name and subject, and its id is in the address', async ({
  page,
  backend,
}) => {
  backend
    .on('POST', '/api/model', { status: 201, body: draft })
    .on('GET', modelPath, { body: draft })
    .on('GET', '/api/bytescale', { body: { photos: [], limits } });
  await page.goto('/studio/new');
  await page.getByLabel('Name of the model').fill('Eileen');
  await page.getByRole('radio', { name: 'a woman' }).check();
  await page.getByRole('button', { name: 'On to the photos' }).click();
  await page.waitForURL(`/studio/new?model=${MODEL_ID}`);
  await expect(page.getByText('At least 4 more needed to train')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Review and train' })).toBeDisabled();
  const [call] = backend.calledWith('POST', '/api/model');
  expect(JSON.parse(call?.body ?? '')).toEqual({ name: 'Eileen', subject: 'woman' });
});

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

test.describe('training', () => {
  test.beforeEach(({ backend }) => {
    backend
      .on('GET', modelPath, { body: draft })
      .on('GET', '/api/bytescale', { body: { photos: photos(12), limits } })
      .on('GET', '/api/prediction', { body: { predictions: [], next_cursor: null } });
  });

  test('says beforehand what it costs, takes and keeps', async ({ page, backend }) => {
    backend.on('GET', '/api/account', { body: account({ retention: { photo_days: 14 } }) });
    await page.goto(`/studio/new?model=${MODEL_ID}`);
    await page.getByRole('button', { name: 'Review and train' }).click();
    await expect(page.getByText('the photos 14 days')).toBeVisible();
    await expect(page.getByRole('definition').getByText('about 2 minutes')).toBeVisible();
    await page.getByRole('radio', { name: /^Quality/ }).check();
    await expect(page.getByRole('definition').getByText('10 to 30 minutes')).toBeVisible();
    await page.goBack();
    await expect(page.getByRole('heading', { name: 'Add your photos' })).toBeVisible();
  });

  test('starts once for a double click and leads to the model', async ({ page, backend }) => {
    backend.on('POST', '/api/genmodel', () => {
      backend.on('GET', modelPath, { body: training() });
      return { status: 202, body: training() };
    });
    await page.goto(`/studio/new?model=${MODEL_ID}&step=train`);
    await page.getByRole('button', { name: 'Train my model' }).dblclick();
    await page.waitForURL(`/studio/${MODEL_ID}`);
    await expect(page.getByRole('heading', { name: 'Learning your face' })).toBeVisible();
    const calls = backend.calledWith('POST', '/api/genmodel');
    expect(calls).toHaveLength(1);
    expect(calls[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.parse(calls[0]?.body ?? '')).toEqual({ model: MODEL_ID, preset: 'fast' });
  });

  test('whose answer was lost is asked for under the same key, also after a reload', async ({
    page,
    backend,
  }) => {
    backend.on('POST', '/api/genmodel', () => 'no-connection');
    await page.goto(`/studio/new?model=${MODEL_ID}&step=train`);
    await page.getByRole('button', { name: 'Train my model' }).click();
    await expect(page.getByRole('alert')).toContainText('No connection');
    await page.reload();
    backend.on('POST', '/api/genmodel', problem('paused', 503));
    await page.getByRole('button', { name: 'Train my model' }).click();
    await expect(page.getByRole('alert')).toContainText('Paused for now');
    const [first, second] = backend.calledWith('POST', '/api/genmodel');
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
  });

  test('that already runs leads to the model', async ({ page, backend }) => {
    backend.on('GET', modelPath, { body: training() });
    await page.goto(`/studio/new?model=${MODEL_ID}`);
    await page.waitForURL(`/studio/${MODEL_ID}`);
  });
});
