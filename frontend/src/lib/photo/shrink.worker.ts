// Runs off the page's thread: one photo in, the same photo upright, small and bare out.
// Drawing it anew is what removes every kind of metadata.

import { fitWithin, JPEG_QUALITY, LONGEST_SIDE } from './measure.ts';

export interface ShrinkJob {
  id: number;
  file: Blob;
}

export interface ShrinkResult {
  id: number;
  /** Null when this browser cannot decode the file. */
  photo: Blob | null;
}

self.addEventListener('message', (event: MessageEvent<ShrinkJob>) => {
  void shrink(event.data).then((result) => self.postMessage(result));
});

async function shrink({ id, file }: ShrinkJob): Promise<ShrinkResult> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    return { id, photo: null };
  }
  try {
    const { width, height } = fitWithin(bitmap.width, bitmap.height, LONGEST_SIDE);
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) return { id, photo: null };
    // JPEG has no transparency; what was transparent becomes white, not black.
    context.fillStyle = '#fff';
    context.fillRect(0, 0, width, height);
    context.imageSmoothingQuality = 'high';
    context.drawImage(bitmap, 0, 0, width, height);
    return { id, photo: await canvas.convertToBlob({ type: 'image/jpeg', quality: JPEG_QUALITY }) };
  } finally {
    bitmap.close();
  }
}
