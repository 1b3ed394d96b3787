// What the photo coach found, in words.

import type { Unusable } from '../photo/look.worker.ts';
import type { Bounds, Size } from '../photo/size.ts';
import type { Reason } from '../state/upload.ts';
import { formatNumber } from './format.ts';
import { fill, words } from './words.ts';

export interface Said {
  title: string;
  hint: string;
}

/** `numberOf` tells the number that a photo of the set is shown with, or null when it is not there. */
export function sayReason(reason: Reason, numberOf: (id: string) => number | null): Said {
  const said = words.photos.reasons[reason.what];
  if (reason.what !== 'same') return said;
  const n = numberOf(reason.id);
  const title = n === null ? words.photos.sameAsAnother : fill(said.title, { n });
  return { ...said, title };
}

export function sayUnusable(why: Unusable, size: Size | null, bounds: Bounds): Said {
  const { title, hint } = words.photos.unusable[why];
  const megapixels = (pixels: number) => formatNumber(Math.round(pixels / 1_000_000));
  const values = {
    size: megapixels(size ? size.width * size.height : 0),
    max: megapixels(bounds.max_pixels),
    min: formatNumber(bounds.min_side),
  };
  return { title, hint: fill(hint, values) };
}
