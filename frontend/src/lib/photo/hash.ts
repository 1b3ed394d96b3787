// A perceptual hash: of each two neighbouring cells of a small copy, which one is brighter. Scaling,
// recompressing and brightening change few of its bits, another framing or pose many.

import { brightness, resample, whole, type Pixels } from './pixels.ts';

const CELLS = 16;

/** Up to this many of the 256 bits may differ between two photos of the same moment. */
const NEAR = 28;

/** 256 bits in hexadecimal. */
export function perceptualHash(pixels: Pixels): string {
  const { data } = brightness(resample(pixels, whole(pixels), CELLS + 1, CELLS));
  let hash = '';
  for (let cell = 0; cell < CELLS * CELLS; cell += 4) {
    let digit = 0;
    for (let bit = 0; bit < 4; bit += 1) {
      const row = Math.floor((cell + bit) / CELLS);
      const at = row * (CELLS + 1) + ((cell + bit) % CELLS);
      digit = digit * 2 + Number((data[at] as number) < (data[at + 1] as number));
    }
    hash += digit.toString(16);
  }
  return hash;
}

/** How many bits differ. */
export function distance(a: string, b: string): number {
  let bits = 0;
  for (let at = 0; at < a.length; at += 1) {
    let differing = parseInt(a[at] ?? '0', 16) ^ parseInt(b[at] ?? '0', 16);
    for (; differing > 0; differing >>= 1) bits += differing & 1;
  }
  return bits;
}

export const isNearDuplicate = (a: string, b: string): boolean => distance(a, b) <= NEAR;
