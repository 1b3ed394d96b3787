// The parts of the photo coach that work on plain arrays, without a browser.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import sharp from 'sharp';
import { advise } from '../../../frontend/src/lib/photo/advice.ts';
import { cover } from '../../../frontend/src/lib/photo/coverage.ts';
import { findFacesAt } from '../../../frontend/src/lib/photo/faces/find.ts';
import { landmarks } from '../../../frontend/src/lib/photo/faces/turn.ts';
import { WeightFile, type Manifest } from '../../../frontend/src/lib/photo/faces/weights.ts';
import { distance, isNearDuplicate, perceptualHash } from '../../../frontend/src/lib/photo/hash.ts';
import { readHeader } from '../../../frontend/src/lib/photo/header.ts';
import type { Pixels } from '../../../frontend/src/lib/photo/pixels.ts';
import { saysPlace } from '../../../frontend/src/lib/photo/place.ts';
import type { Face, Report } from '../../../frontend/src/lib/photo/report.ts';
import { misfit } from '../../../frontend/src/lib/photo/size.ts';
import { limits } from './records.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const photosFolder = path('../../fixtures/photos');
const models = path('../../../frontend/node_modules/@vladmandic/face-api/model');
const file = (name: string) => readFileSync(join(photosFolder, name));

function network(name: string): WeightFile {
  const manifest = readFileSync(join(models, `${name}-weights_manifest.json`), 'utf8');
  return new WeightFile(
    JSON.parse(manifest) as Manifest,
    readFileSync(join(models, `${name}.bin`)),
  );
}

async function pixelsOf(image: ReturnType<typeof sharp>): Promise<Pixels> {
  const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

const face = (over: Partial<Face> = {}): Face => ({
  height: 0.4,
  pixels: 400,
  score: 0.9,
  turn: 0,
  ...over,
});

function report(over: Partial<Report> = {}): Report {
  return {
    width: 1024,
    height: 1024,
    sharpness: { picture: 0.05, face: 0.1 },
    light: {
      mean: 120,
      bright: 200,
      blown: 0,
      warmth: 1.1,
      face: { mean: 130, bright: 190, blown: 0, side: 0 },
    },
    hash: '0'.repeat(64),
    faces: [face()],
    outfit: null,
    place: false,
    ...over,
  };
}

const found = (over: Partial<Report>, people = true) =>
  advise(report(over), [], people).map(({ what }) => what);

test('the two networks give what face-api itself gives', async () => {
  const detector = network('tiny_face_detector_model');
  const points = network('face_landmark_68_tiny_model');
  const expected = JSON.parse(file('faces.json').toString()) as Record<
    string,
    { faces: { score: number; box: number[] }[]; points: number[][] }
  >;
  expect(Object.keys(expected)).toHaveLength(5);
  for (const [name, reference] of Object.entries(expected)) {
    const copy = sharp(join(photosFolder, name)).resize(416, 416, { fit: 'fill' });
    const pixels = await pixelsOf(copy.clone());
    const [best] = findFacesAt(416, pixels, detector).sort((a, b) => b.score - a.score);
    const [wanted] = reference.faces;
    expect(best === undefined, name).toBe(wanted === undefined);
    if (best && wanted) {
      const box = [best.x, best.y, best.width, best.height];
      expect(best.score, name).toBeCloseTo(wanted.score, 2);
      for (const [at, side] of box.entries()) {
        expect(Math.abs(side - (wanted.box[at] ?? 0)), name).toBeLessThan(0.5);
      }
    }
    const square = { left: 96, top: 48, width: 224, height: 224 };
    const cut = await copy.clone().extract(square).raw().toBuffer();
    const half = sharp(cut, { raw: { width: 224, height: 224, channels: 3 } }).resize(112, 112);
    const seen = landmarks(await pixelsOf(half), { x: 0, y: 0, width: 112, height: 112 }, points);
    for (const [at, index] of [30, 36, 45].entries()) {
      const [x = 0, y = 0] = reference.points[at] ?? [];
      expect(Math.abs((seen[index]?.x ?? -9) - x), `${name}, point ${index}`).toBeLessThan(0.5);
      expect(Math.abs((seen[index]?.y ?? -9) - y), `${name}, point ${index}`).toBeLessThan(0.5);
    }
  }
});

test('the same picture turned or in another format has the same hash, another has not', async () => {
  const hash = async (name: string) =>
    perceptualHash(await pixelsOf(sharp(join(photosFolder, name)).rotate()));
  const set = Array.from({ length: 12 }, (_, n) => `good-${String(n + 1).padStart(2, '0')}.jpg`);
  const hashes = await Promise.all(set.map(hash));
  for (const [name, twin] of [
    ['good-13-orientation-6.jpg', 0],
    ['good-14.png', 2],
    ['good-15.webp', 4],
    ['bad-near-duplicate-of-06.jpg', 5],
  ] as const) {
    const mine = await hash(name);
    const near = hashes.flatMap((other, at) => (isNearDuplicate(mine, other) ? [at] : []));
    expect(near, name).toEqual([twin]);
  }
  for (const [a, one] of hashes.entries()) {
    for (const other of hashes.slice(a + 1)) expect(distance(one, other)).toBeGreaterThan(40);
  }
});

test('a file is known by its bytes, and a damaged one is nothing', () => {
  const size = { width: 1024, height: 1024 };
  for (const [name, header] of [
    ['good-01.jpg', { kind: 'jpeg', size }],
    ['good-14.png', { kind: 'png', size }],
    ['good-15.webp', { kind: 'webp', size }],
    ['heic/phone.heic', { kind: 'heic', size: null }],
    ['small/lossless-alpha.webp', { kind: 'webp' }],
    ['README.md', null],
  ] as const) {
    const read = readHeader(file(name));
    if (header) expect(read, name).toMatchObject(header);
    else expect(read, name).toBeNull();
  }
  const whole = file('good-01.jpg');
  for (let length = 0; length < 1000; length += 1) {
    expect(readHeader(whole.subarray(0, length))?.size ?? null).not.toBe(undefined);
  }
  expect(readHeader(whole.subarray(0, 200))).toEqual({ kind: 'jpeg', size: null });
});

test('what the server would refuse is refused before it is decoded', () => {
  for (const [width, height, wrong] of [
    [1024, 1024, null],
    [10_000, 10_000, 'too-many-pixels'],
    [12_001, 300, 'too-many-pixels'],
    [255, 4000, 'too-few-pixels'],
    [6000, 600, 'too-narrow'],
    [256, 256, null],
  ] as const) {
    expect(misfit({ width, height }, limits), `${width} × ${height}`).toBe(wrong);
  }
});

test('that a file says where it was taken is noticed in every format', async () => {
  for (const [name, says] of [
    ['good-01.jpg', true],
    ['good-04.jpg', true],
    ['good-02.jpg', false],
    ['good-13-orientation-6.jpg', false],
    ['heic/phone.heic', true],
  ] as const) {
    expect(saysPlace(file(name)), name).toBe(says);
  }
  const place = sharp(file('good-01.jpg')).keepExif().resize(64);
  for (const format of ['png', 'webp'] as const) {
    expect(saysPlace(await place.clone().toFormat(format).toBuffer()), format).toBe(true);
  }
});

test('each fault is found, and what cannot be seen well is not judged further', () => {
  const dark = { ...report().light, bright: 40, face: null };
  const glare = { ...report().light, face: { mean: 245, bright: 255, blown: 0.5, side: 0 } };
  expect(found({})).toEqual([]);
  expect(found({ width: 400 })).toEqual(['too-small']);
  expect(found({ light: dark, faces: [] })).toEqual(['too-dark']);
  const shadow = { ...report().light, face: { mean: 40, bright: 60, blown: 0, side: 0 } };
  const darkSkin = { ...report().light, face: { mean: 42, bright: 110, blown: 0, side: 0 } };
  expect(found({ light: shadow })).toEqual(['too-dark']);
  expect(found({ light: darkSkin })).toEqual([]);
  expect(found({ light: glare })).toEqual(['too-bright']);
  expect(found({ sharpness: { picture: 0.1, face: 0.004 } })).toEqual(['blurry']);
  expect(found({ sharpness: { picture: 0.0005, face: null }, faces: [] })).toEqual(['blurry']);
  expect(found({ faces: [] })).toEqual(['no-face']);
  expect(found({ faces: [] }, false)).toEqual([]);
  expect(found({ faces: [face(), face({ height: 0.3 })] })).toEqual(['two-faces']);
  expect(found({ faces: [face(), face({ height: 0.1 })] })).toEqual([]);
  expect(found({ faces: [face({ pixels: 50, height: 0.04 })] })).toEqual(['face-too-small']);
  expect(advise(report(), [{ id: 'x', report: report() }], true)).toEqual([
    { what: 'same', id: 'x' },
  ]);
});

test('the coverage counts what it measured, and asks for what is missing altogether first', () => {
  expect(cover([null, null])).toMatchObject({ next: null, unmeasured: { photos: 2 } });
  const red = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  const blue = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0];
  const set = [
    report({ outfit: red }),
    report({ faces: [face({ height: 0.2, turn: -0.5 })], outfit: blue }),
    report({ faces: [face({ height: 0.1, turn: 0.5 })], outfit: red }),
    report({ faces: [] }),
  ];
  expect(cover([...set, null])).toMatchObject({
    distance: { close: 1, half: 1, full: 1 },
    direction: { left: 1, front: 1, right: 1 },
    lights: 1,
    outfits: 2,
    unmeasured: { photos: 1, faces: 2, outfits: 2 },
    next: 'front',
  });
  const fronts = Array.from({ length: 6 }, () => report());
  expect(cover(fronts).next).toBe('half');
});
