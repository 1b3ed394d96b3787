// The sizes a photo is brought to before it leaves the device, and those it must have.

export const LONGEST_SIDE = 1536;
export const JPEG_QUALITY = 0.92;

export interface Size {
  width: number;
  height: number;
}

/** What the server takes, as it says itself. */
export interface Bounds {
  min_side: number;
  max_side: number;
  max_pixels: number;
}

export type Misfit = 'too-many-pixels' | 'too-few-pixels' | 'too-narrow';

/** The size with the same shape whose longer side is at most `longest`; never larger than given. */
export function fitWithin({ width, height }: Size, longest: number): Size {
  const scale = Math.min(1, longest / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/** Why the server would refuse a photo of this size, before or after it is shrunk; or null. */
export function misfit(size: Size, bounds: Bounds): Misfit | null {
  const { width, height } = size;
  // Shrunk it might pass, but decoding it could take all the memory of a phone, page included.
  if (Math.max(width, height) > bounds.max_side) return 'too-many-pixels';
  if (width * height > bounds.max_pixels) return 'too-many-pixels';
  if (Math.min(width, height) < bounds.min_side) return 'too-few-pixels';
  const sent = fitWithin(size, LONGEST_SIDE);
  return Math.min(sent.width, sent.height) < bounds.min_side ? 'too-narrow' : null;
}
