// The sizes a photo is brought to before it leaves the device.

export const LONGEST_SIDE = 1536;
export const JPEG_QUALITY = 0.92;

export interface Size {
  width: number;
  height: number;
}

/** The size with the same shape whose longer side is at most `longest`; never larger than given. */
export function fitWithin(width: number, height: number, longest: number): Size {
  const scale = Math.min(1, longest / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}
