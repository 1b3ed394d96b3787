// What people do and what happens to them: each ends in a sentence and a way on, and no photo that
// was chosen is lost.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import { expect, problem, test } from './backend.ts';
import { account, limits, model, MODEL_ID, photo } from './records.ts';

const folder = fileURLToPath(new URL('../../fixtures/photos', import.meta.url));
const fixture = (name: string) => join(folder, name);
const step = `/studio/new?model=${MODEL_ID}&step=photos`;
const draft = model({ state: 'draft', versions: [], subject: 'person' });
const LOOKING = { timeout: 45_000 };
const choose = (page: Page, files: Parameters<ReturnType<Page['locator']>['setInputFiles']>[0]) =>
  page.getByLabel('Choose photos').setInputFiles(files);

/** A PNG of one colour; a hundred megapixels weigh a few kilobytes. */
function png(side: number): Buffer {
  const chunk = (kind: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length);
    frame.writeUInt32BE(crc(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side);
  header.writeUInt32BE(side, 4);
  // One bit a pixel, grey.
  header[8] = 1;
  const rows = Buffer.alloc(side * (1 + Math.ceil(side / 8)));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc(bytes: Buffer): number {
  let value = ~0;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1)
      value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return ~value >>> 0;
}

test.beforeEach(({ backend }) => {
  test.setTimeout(150_000);
  let n = 10;
  backend
    .on('GET', `/api/model/${MODEL_ID}`, { body: draft })
    .on('GET', '/api/bytescale', { body: { photos: [], limits } })
    .on('POST', '/api/bytescale', () => ({ status: 201, body: photo((n += 1)) }));
});

test('a text named like a picture, a damaged one and a huge one are refused here and can be removed', async ({
  page,
  backend,
}) => {
  const phone = readFileSync(fixture('heic/phone.heic'));
  await page.goto(step);
  await choose(page, [
    { name: 'notes.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('not a picture at all') },
    { name: 'cut.heic', mimeType: 'image/heic', buffer: phone.subarray(0, phone.length / 2) },
    {
      name: 'cut.jpg',
      mimeType: 'image/jpeg',
      buffer: readFileSync(fixture('good-01.jpg')).subarray(0, 900),
    },
    { name: 'poster.png', mimeType: 'image/png', buffer: png(10_000) },
    { name: 'icon.png', mimeType: 'image/png', buffer: png(100) },
  ]);
  await expect(page.getByRole('heading', { name: 'Set aside (5)' })).toBeVisible(LOOKING);
  await expect(page.getByRole('heading', { name: 'Not a picture' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Damaged' })).toHaveCount(2);
  await expect(page.getByText('100 megapixels; at most 50 are taken')).toBeVisible();
  await expect(page.getByText('Each side needs at least 256 pixels.')).toBeVisible();
  // What the server would refuse nobody can overrule.
  await expect(page.getByRole('button', { name: /anyway/ })).toHaveCount(0);
  for (const name of ['notes.jpg', 'cut.heic', 'cut.jpg', 'poster.png', 'icon.png']) {
    await page.getByRole('button', { name: `Remove ${name}` }).click();
  }
  await expect(page.getByText('Set aside')).toHaveCount(0);
  expect(backend.calledWith('POST', '/api/bytescale')).toHaveLength(0);
});

test('sixty at once are all looked at, and those without a place are kept', async ({
  page,
  backend,
}) => {
  backend.on('GET', '/api/bytescale', {
    body: { photos: [], limits: { ...limits, max_photos: 5 } },
  });
  const good = ['02', '03', '04', '05', '06', '07', '08'].map((n) => fixture(`good-${n}.jpg`));
  const icons = Array.from({ length: 53 }, (_, n) => ({
    name: `icon-${n}.png`,
    mimeType: 'image/png',
    buffer: png(100),
  }));
  const files = good.map((path) => ({
    name: path.slice(-11),
    mimeType: 'image/jpeg',
    buffer: readFileSync(path),
  }));
  await page.goto(step);
  await choose(page, [...files, ...icons]);
  await expect(page.getByRole('heading', { name: 'Set aside (55)' })).toBeVisible({
    timeout: 90_000,
  });
  await expect(page.getByText('5 of 5 photos')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'The set is full' })).toHaveCount(2);
  expect(backend.calledWith('POST', '/api/bytescale')).toHaveLength(5);
});

test('a lost connection holds the photos and lets them go on by itself', async ({
  page,
  backend,
}) => {
  backend.on('POST', '/api/bytescale', () => 'no-connection');
  await page.goto(step);
  await choose(page, [fixture('good-02.jpg'), fixture('good-03.jpg')]);
  await expect(page.getByRole('alert')).toContainText('No connection', LOOKING);
  await expect(page.getByRole('alert')).toContainText('are kept on this device');
  await page.reload();
  await expect(page.getByText('2 photos are on their way')).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('No connection');
  let n = 10;
  backend.on('POST', '/api/bytescale', () => ({ status: 201, body: photo((n += 1)) }));
  await expect(page.getByText('2 of 30 photos')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a full quota holds the photos until there is room', async ({ page, backend }) => {
  backend.on('POST', '/api/bytescale', problem('quota-exceeded', 429, { limit: 30, used: 30 }));
  await page.goto(step);
  await choose(page, [fixture('good-02.jpg'), fixture('good-03.jpg')]);
  await expect(page.getByRole('alert')).toContainText('The limit is reached', LOOKING);
  await expect(page.getByText('Set aside')).toHaveCount(0);
  await page.reload();
  await expect(page.getByText('2 photos are on their way')).toBeVisible();
  let n = 10;
  backend.on('POST', '/api/bytescale', () => ({ status: 201, body: photo((n += 1)) }));
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('2 of 30 photos')).toBeVisible();
});

test('an expired session leads to signing in, and back to the photos', async ({
  page,
  backend,
}) => {
  backend.on('POST', '/api/bytescale', problem('not-signed-in', 401));
  await page.goto(step);
  await choose(page, [fixture('good-02.jpg')]);
  await expect(page.getByRole('alert')).toContainText('You are signed out', LOOKING);
  const back = encodeURIComponent(step);
  await expect(page.getByRole('alert').getByRole('link', { name: 'Sign in' })).toHaveAttribute(
    'href',
    `/sign-in?next=${back}`,
  );
  backend.on('GET', '/api/account', problem('not-signed-in', 401));
  await page.reload();
  await page.waitForURL(`/sign-in?next=${back}`);
  // Signed in again.
  backend
    .on('GET', '/api/account', { body: account() })
    .on('POST', '/api/bytescale', { status: 201, body: photo(11) });
  await page.goto(step);
  await expect(page.getByText('1 of 30 photos')).toBeVisible();
});

test('photos chosen before there is a model wait for it', async ({ page, backend }) => {
  backend.on('POST', '/api/model', () => 'no-connection');
  await page.goto('/studio/new');
  await choose(page, [fixture('good-02.jpg')]);
  await expect(page.getByRole('alert')).toContainText('are kept on this device');
  backend.on('POST', '/api/model', problem('not-signed-in', 401));
  await page.reload();
  await expect(page.getByRole('alert')).toContainText('You are signed out');
  backend.on('POST', '/api/model', { status: 201, body: draft });
  await page.reload();
  await page.waitForURL(step);
  await expect(page.getByText('1 of 30 photos')).toBeVisible(LOOKING);
  expect(backend.calledWith('POST', '/api/model')).toHaveLength(3);
});

test('a coach that does not load is said to, and is loaded when asked again', async ({ page }) => {
  await page.route('**/*.bin', (route) => route.abort('internetdisconnected'));
  await page.goto(step);
  await choose(page, [fixture('good-02.jpg')]);
  await expect(page.getByRole('heading', { name: 'Not looked at' })).toBeVisible(LOOKING);
  await page.unroute('**/*.bin');
  await page.getByRole('button', { name: 'Try again: good-02.jpg' }).click();
  await expect(page.getByText('1 of 30 photos')).toBeVisible(LOOKING);
});

test('a browser that keeps nothing says so, and sends the photos all the same', async ({
  page,
}) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'indexedDB', { value: undefined });
  });
  await page.goto(step);
  await choose(page, [fixture('good-02.jpg')]);
  await expect(page.getByText('stay on this page until the photos are stored')).toBeVisible();
  await expect(page.getByText('1 of 30 photos')).toBeVisible(LOOKING);
});

test('what one person chose is not given to the next at the same browser', async ({
  page,
  backend,
}) => {
  backend.on('POST', '/api/model', () => 'no-connection');
  await page.goto('/studio/new');
  await choose(page, [fixture('good-02.jpg')]);
  await expect(page.getByRole('alert')).toContainText('are kept on this device');
  backend.on('GET', '/api/account', { body: account({ id: 'ffffffffffffffff' }) });
  await page.reload();
  await expect(page.getByText('Drop photos here')).toBeVisible();
  backend
    .on('GET', '/api/account', { body: account() })
    .on('POST', '/api/model', { status: 201, body: draft });
  await page.reload();
  await page.waitForURL(step);
  expect(backend.calledWith('POST', '/api/model')).toHaveLength(2);
});
