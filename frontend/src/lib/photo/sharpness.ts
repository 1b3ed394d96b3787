// How sharp a picture is: the variance of its Laplacian, at a fixed size and against the contrast
// there is, so that neither a large photo nor a dim one is judged by something else.

import { brightness, resample, type Box, type Pixels } from './pixels.ts';

/** The whole picture is judged at this longest side, a face at the other. */
const PICTURE_SIDE = 512;
const FACE_SIDE = 128;

export const sharpnessOfPicture = (pixels: Pixels): number =>
  sharpness(pixels, { x: 0, y: 0, width: pixels.width, height: pixels.height }, PICTURE_SIDE);

/** Null for a face of fewer pixels than it would be judged at: growing it makes it soft. */
export function sharpnessOfFace(pixels: Pixels, face: Box): number | null {
  if (Math.max(face.width, face.height) < FACE_SIDE) return null;
  return sharpness(pixels, face, FACE_SIDE);
}

function sharpness(pixels: Pixels, box: Box, side: number): number {
  const scale = side / Math.max(box.width, box.height);
  const width = Math.max(3, Math.round(box.width * scale));
  const height = Math.max(3, Math.round(box.height * scale));
  const { data } = brightness(resample(pixels, box, width, height));
  const laplacian = new Float32Array((width - 2) * (height - 2));
  let to = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      const around = at4(data, at - 1, at + 1, at - width, at + width);
      laplacian[to] = around - 4 * (data[at] as number);
      to += 1;
    }
  }
  const contrast = variance(data);
  return contrast > 0 ? variance(laplacian) / contrast : 0;
}

const at4 = (data: Float32Array, a: number, b: number, c: number, d: number) =>
  (data[a] as number) + (data[b] as number) + (data[c] as number) + (data[d] as number);

function variance(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}
