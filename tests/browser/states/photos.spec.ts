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
const step = `/studio/new?model=${MODEL_ID}&step=photos`;
const choose = (page: Page, names: string[]) =>
  page.getByLabel('Choose photos').setInputFiles(names.map(fixture));

/** Looking at a photo takes about a second, and longer on a busy machine. */
const LOOKING = { timeout: 45_000 };

test.describe('photos', () => {
  test.beforeEach(({ backend }) => {
    test.setTimeout(120_000);
    const stored = photos(3);
    backend
      .on('GET', modelPath, { body: draft })
      .on('GET', '/api/bytescale', () => ({ body: { photos: stored, limits } }))
      .on('POST', '/api/bytescale', () => {
        stored.push(photo(stored.length + 40));
        return { status: 201, body: stored.at(-1) };
      });
  });

  test('are shown again on return', async ({ page, backend }) => {
    await page.goto(step);
    await expect(page.getByText('3 of 30 photos')).toBeVisible();
    await expect(page.getByRole('img', { name: 'Photo 1: IMG_4001.jpg' })).toBeVisible();
    expect(backend.calledWith('GET', '/api/bytescale')[0]?.query.get('model')).toBe(MODEL_ID);
  });

  test('leave the device upright, small and without metadata', async ({ page, backend }) => {
    await page.goto(step);
    const lying = { name: 'lying.jpg', mimeType: 'image/jpeg', buffer: await lyingPhoto(page) };
    await page.getByLabel('Choose photos').setInputFiles(lying);
    await page.getByRole('button', { name: 'Use anyway: lying.jpg' }).click(LOOKING);
    await expect(page.getByText('4 of 30 photos')).toBeVisible();
    await choose(page, ['good-01.jpg', 'good-15.webp']);
    await expect(page.getByText('6 of 30 photos')).toBeVisible(LOOKING);
    const calls = backend.calledWith('POST', '/api/bytescale');
    expect(calls.map((call) => call.headers['content-type'])).toEqual(Array(3).fill('image/jpeg'));
    expect(uploads(calls).filter((bytes) => bytes.includes('Exif'))).toEqual([]);
    expect(uploads(calls).map(jpegSize)).toEqual([
      { width: 768, height: 1536 },
      { width: 1024, height: 1024 },
      { width: 1024, height: 1024 },
    ]);
    await expect(page.getByText('1 photo said where it was taken.')).toBeVisible();
  });

  test('of a phone are decoded here, and what decodes them is loaded only then', async ({
    page,
    backend,
  }) => {
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
    const heavy = (ending: string) => loaded.filter((path) => path.endsWith(ending)).length;
    await page.goto(step);
    await expect(page.getByText('3 of 30 photos')).toBeVisible();
    expect([
      heavy('.bin'),
      heavy('.wasm'),
      loaded.filter((path) => /worker/.test(path)).length,
    ]).toEqual([0, 0, 0]);
    await choose(page, ['good-02.jpg']);
    await expect(page.getByText('4 of 30 photos')).toBeVisible(LOOKING);
    expect([heavy('.bin'), heavy('.wasm')]).toEqual([2, 0]);
    await choose(page, ['heic/phone.heic']);
    await expect(page.getByText('5 of 30 photos')).toBeVisible(LOOKING);
    expect([heavy('.bin'), heavy('.wasm')]).toEqual([2, 1]);
    const [, phone] = uploads(backend.calledWith('POST', '/api/bytescale'));
    expect(jpegSize(phone ?? Buffer.alloc(0))).toEqual({ width: 720, height: 720 });
    await expect(page.getByText('1 photo said where it was taken.')).toBeVisible();
  });

  test('carry any name', async ({ page, backend }) => {
    await page.goto(step);
    await page.getByLabel('Choose photos').setInputFiles({
      name: 'Zoë ☀.png',
      mimeType: 'image/png',
      buffer: await page.screenshot({ clip: { x: 0, y: 0, width: 300, height: 300 } }),
    });
    await page.getByRole('button', { name: 'Use anyway: Zoë ☀.png' }).click(LOOKING);
    await expect(page.getByText('4 of 30 photos')).toBeVisible();
    const [call] = backend.calledWith('POST', '/api/bytescale');
    expect(decodeURIComponent(call?.headers['x-photo-name'] ?? '')).toBe('Zoë ☀.png');
  });

  test('that would harm the model are set aside with the reason, and used when the person says so', async ({
    page,
    backend,
  }) => {
    await page.goto(step);
    const bad = ['blurry', 'dark', 'no-face', 'two-faces', 'near-duplicate-of-06'];
    await choose(page, ['good-06.jpg', ...bad.map((name) => `bad-${name}.jpg`)]);
    await expect(page.getByRole('heading', { name: 'Set aside (5)' })).toBeVisible(LOOKING);
    for (const title of ['Blurry', 'Too dark', 'No face', 'Two faces', 'Same as photo 4']) {
      await expect(page.getByRole('heading', { name: title })).toBeVisible();
    }
    expect(backend.calledWith('POST', '/api/bytescale')).toHaveLength(1);
    await page.getByRole('button', { name: 'Use anyway: bad-two-faces.jpg' }).click();
    await expect(page.getByText('5 of 30 photos')).toBeVisible();
    await page.getByRole('button', { name: 'Remove bad-dark.jpg' }).click();
    await expect(page.getByRole('heading', { name: 'Set aside (3)' })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Set aside (3)' })).toBeVisible(LOOKING);
  });

  test('of a pet need no face', async ({ page, backend }) => {
    backend.on('PATCH', modelPath, { body: model({ ...draft, subject: 'pet' }) });
    await page.goto(step);
    await choose(page, ['bad-no-face.jpg']);
    await page.getByRole('button', { name: 'It is a pet or a thing' }).click(LOOKING);
    await expect(page.getByText('4 of 30 photos')).toBeVisible();
    expect(JSON.parse(backend.calledWith('PATCH', modelPath)[0]?.body ?? '')).toEqual({
      name: 'Eileen',
      subject: 'pet',
    });
  });

  test('show together what the set lacks', async ({ page }) => {
    await page.goto(step);
    await expect(page.getByText('not measured').first()).toBeVisible();
    await choose(page, ['good-05.jpg', 'good-06.jpg']);
    await expect(page.getByText('5 of 30 photos')).toBeVisible(LOOKING);
    const meter = page.getByRole('region', { name: 'What your set shows' });
    await expect(meter.getByText('1 close')).toBeVisible();
    await expect(meter.getByText('1 half')).toBeVisible();
    await expect(meter.getByText('2 front')).toBeVisible();
    await expect(meter.getByText('1 outfit')).toBeVisible();
    await expect(meter.getByText('Next best photo: One with the head turned')).toBeVisible();
  });

  test('travel three at a time', async ({ page, backend }) => {
    const waiting: (() => void)[] = [];
    let n = 10;
    backend.on('POST', '/api/bytescale', async () => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return { status: 201, body: photo((n += 1)) };
    });
    await page.goto(step);
    await choose(
      page,
      ['01', '02', '03', '04', '05'].map((name) => `good-${name}.jpg`),
    );
    await expect(page.getByText('Up next', { exact: true })).toHaveCount(2, LOOKING);
    expect(waiting).toHaveLength(3);
    await expect(page.getByText('5 photos are on their way')).toBeVisible();
    await expect(page.getByRole('progressbar', { name: /^Sending/ })).toHaveCount(3);
    for (let done = 0; done < 5; done += 1) {
      await expect.poll(() => waiting.length).toBeGreaterThan(done);
      waiting[done]?.();
    }
    await expect(page.getByText('8 of 30 photos')).toBeVisible();
    await expect(page.getByRole('button', { name: 'On to the name' })).toBeEnabled();
  });

  test('stop when told to and go on when told to', async ({ page, backend }) => {
    backend.on('POST', '/api/bytescale', () => 'never');
    await page.goto(step);
    await choose(page, ['good-02.jpg']);
    await expect(page.getByRole('progressbar', { name: 'Sending good-02.jpg' })).toBeVisible(
      LOOKING,
    );
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByText('Up next')).toBeVisible();
    await expect(page.getByText('Paused')).toBeVisible();
    backend.on('POST', '/api/bytescale', { status: 201, body: photo(11) });
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect(page.getByText('4 of 30 photos')).toBeVisible();
  });

  test('on their way go on after a reload and after leaving', async ({ page, backend }) => {
    backend
      .on('POST', '/api/bytescale', () => 'never')
      .on('GET', '/api/model', { body: { models: [], next_cursor: null } });
    await page.goto(step);
    await choose(page, ['good-02.jpg', 'good-03.jpg']);
    await expect(page.getByRole('progressbar', { name: /^Sending/ })).toHaveCount(2, LOOKING);
    await page.reload();
    await expect(page.getByText('2 photos are on their way')).toBeVisible();
    await page.getByRole('link', { name: 'Studio' }).click();
    await expect(page.getByRole('heading', { name: 'No model yet' })).toBeVisible();
    let n = 10;
    backend.on('POST', '/api/bytescale', () => ({ status: 201, body: photo((n += 1)) }));
    await page.goto(`/studio/new?model=${MODEL_ID}`);
    await expect(page.getByText('5 of 30 photos')).toBeVisible();
    expect(uploads(backend.calledWith('POST', '/api/bytescale')).at(-1)?.length).toBeGreaterThan(
      10_000,
    );
  });

  test('that failed keep their reason and are sent again when asked', async ({ page, backend }) => {
    const reason = 'trailing-data';
    backend.on('POST', '/api/bytescale', problem('photo-rejected', 422, { reason }));
    await page.goto(step);
    await choose(page, ['good-02.jpg']);
    await expect(page.getByRole('heading', { name: 'Not stored (1)' })).toBeVisible(LOOKING);
    await expect(page.getByText('Set aside')).toHaveCount(0);
    backend.on('POST', '/api/bytescale', { status: 201, body: photo(11) });
    await page.getByRole('button', { name: 'Try again: good-02.jpg' }).click();
    await expect(page.getByText('4 of 30 photos')).toBeVisible();
    await expect(page.getByText('Not stored')).toHaveCount(0);
  });

  test('wait together while something is down, and go on by themselves', async ({
    page,
    backend,
  }) => {
    await page.clock.install();
    const tried = () => backend.calledWith('POST', '/api/bytescale').length;
    const html = { status: 502, body: 'Bad gateway', headers: { 'Content-Type': 'text/html' } };
    const wait = { headers: { 'Retry-After': '50' } };
    const alert = page.getByRole('alert');
    // Time is wound on only when neither is on its way.
    const bothWait = async (reason: string) => {
      await expect(alert).toContainText(reason, LOOKING);
      await expect(page.getByText('Up next', { exact: true })).toHaveCount(2, LOOKING);
    };
    backend.on('POST', '/api/bytescale', problem('storage-unavailable', 503, wait));
    await page.goto(step);
    await choose(page, ['good-02.jpg', 'good-03.jpg']);
    await bothWait('Our storage is not answering');
    await expect(page.getByText('2 photos are on their way')).toBeVisible();
    await expect(page.getByText('Not stored')).toHaveCount(0);
    const first = tried();
    await page.clock.runFor(40_000);
    expect(tried()).toBe(first);
    backend.on('POST', '/api/bytescale', html);
    await page.clock.runFor(11_000);
    await bothWait('The answer made no sense');
    backend.on('POST', '/api/bytescale', problem('paused', 503));
    await page.clock.runFor(31_000);
    await bothWait('Paused for now');
    let n = 10;
    backend.on('POST', '/api/bytescale', () => ({ status: 201, body: photo((n += 1)) }));
    await page.clock.runFor(31_000);
    await expect(page.getByText('5 of 30 photos')).toBeVisible();
    await expect(alert).toHaveCount(0);
  });

  test('beyond the limit wait for a place', async ({ page, backend }) => {
    const [first] = photos(29);
    backend
      .on('GET', '/api/bytescale', { body: { photos: photos(29), limits } })
      .on('DELETE', `/api/bytescale/${first?.id}`, { status: 204 });
    await page.goto(step);
    await choose(page, ['good-02.jpg', 'good-03.jpg']);
    await expect(page.getByRole('heading', { name: 'The set is full' })).toBeVisible(LOOKING);
    await expect(page.getByText('30 of 30 photos')).toBeVisible();
    await expect(page.getByLabel('Choose photos')).toBeDisabled();
    expect(backend.calledWith('POST', '/api/bytescale')).toHaveLength(1);
    await page.getByRole('button', { name: 'Remove IMG_4001.jpg' }).click();
    await expect.poll(() => backend.calledWith('POST', '/api/bytescale').length).toBe(2);
    await expect(page.getByText('Set aside')).toHaveCount(0);
  });

  test('are removed one by one, and come back when that fails', async ({ page, backend }) => {
    const [first, second] = photos(2);
    backend
      .on('DELETE', `/api/bytescale/${first?.id}`, { status: 204 })
      .on('DELETE', `/api/bytescale/${second?.id}`, problem('storage-unavailable', 503));
    await page.goto(step);
    await page.getByRole('button', { name: 'Remove IMG_4001.jpg' }).click();
    await expect(page.getByText('2 of 30 photos')).toBeVisible();
    await page.getByRole('button', { name: 'Remove IMG_4002.jpg' }).click();
    await expect(page.getByRole('alert')).toContainText('storage is not answering');
    await expect(page.getByRole('img', { name: /IMG_4002.jpg/ })).toBeVisible();
  });
});
