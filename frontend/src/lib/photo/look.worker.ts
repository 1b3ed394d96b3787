// Runs off the page's thread: one photo in; what was measured of it, and the same photo upright,
// small and bare out. Drawing it anew is what removes every kind of metadata.

import { readHeader, type Header } from './header.ts';
import { saysPlace } from './place.ts';
import { measure, type Networks, type Report } from './report.ts';
import {
  fitWithin,
  JPEG_QUALITY,
  LONGEST_SIDE,
  misfit,
  type Bounds,
  type Misfit,
  type Size,
} from './size.ts';

export interface LookJob {
  id: number;
  file: Blob;
  bounds: Bounds;
}

export interface Looked {
  report: Report;
  photo: Blob;
}

/** Why a file cannot be used at all, whatever the person thinks of it. */
export type Unusable = 'not-an-image' | 'damaged' | Misfit;

/** `failed`: not the photo's fault, such as a network that could not be loaded. */
export type LookResult = { id: number } & (
  { looked: Looked } | { unusable: Unusable; size: Size | null } | { failed: string }
);

class Refusal extends Error {
  constructor(
    readonly unusable: Unusable,
    readonly size: Size | null = null,
  ) {
    super(unusable);
  }
}

let networks: Promise<Networks> | null = null;

self.addEventListener('message', (event: MessageEvent<LookJob>) => {
  void answer(event.data).then((result) => self.postMessage(result));
});

async function answer({ id, file, bounds }: LookJob): Promise<LookResult> {
  try {
    return { id, looked: await look(file, bounds) };
  } catch (thrown) {
    if (thrown instanceof Refusal) return { id, unusable: thrown.unusable, size: thrown.size };
    return { id, failed: String(thrown) };
  }
}

async function look(file: Blob, bounds: Bounds): Promise<Looked> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const header = readHeader(bytes);
  if (!header) throw new Refusal('not-an-image');
  const fit = (size: Size) => {
    const wrong = misfit(size, bounds);
    if (wrong) throw new Refusal(wrong, size);
  };
  const bitmap = await decode(header, bytes, file, fit);
  try {
    const original = { width: bitmap.width, height: bitmap.height };
    const canvas = draw(bitmap, fitWithin(original, LONGEST_SIDE));
    const pixels = canvas.context.getImageData(0, 0, canvas.width, canvas.height);
    networks ??= import('./faces/networks.ts').then(({ loadNetworks }) => loadNetworks());
    const report = measure(pixels, original, saysPlace(bytes), await networks);
    return { report, photo: await canvas.toJpeg() };
  } finally {
    bitmap.close();
  }
}

async function decode(
  header: Header,
  bytes: Uint8Array,
  file: Blob,
  fit: (size: Size) => void,
): Promise<ImageBitmap> {
  if (header.kind === 'heic') {
    const { decodeHeic } = await import('./heic.ts');
    try {
      return await createImageBitmap(await decodeHeic(bytes, fit));
    } catch (thrown) {
      throw thrown instanceof Refusal ? thrown : new Refusal('damaged');
    }
  }
  if (!header.size) throw new Refusal('damaged');
  fit(header.size);
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    throw new Refusal('damaged');
  }
}

function draw(bitmap: ImageBitmap, { width, height }: Size) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  if (!context) throw new Error('there is no canvas to draw on');
  // JPEG has no transparency; what was transparent becomes white, not black.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  const toJpeg = () => canvas.convertToBlob({ type: 'image/jpeg', quality: JPEG_QUALITY });
  return { context, width, height, toJpeg };
}
