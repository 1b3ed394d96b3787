// What the coach thinks of a photo. A finding sets it aside; the person may overrule that. The first
// finding is the one worth saying: where a photo is too dark, nothing is claimed about faces.

import { isNearDuplicate } from './hash.ts';
import type { Report } from './report.ts';

export type Finding =
  | { what: 'too-small' | 'blurry' | 'too-dark' | 'too-bright' }
  | { what: 'no-face' | 'two-faces' | 'face-too-small' }
  /** `id` is the photo of the set that it repeats. */
  | { what: 'same'; id: string };

/** A photo of the set that this one is compared with. */
export interface Neighbour {
  id: string;
  report: Report;
}

const SMALLEST_SIDE = 512;
/** Against contrast; a sharp face is ten times as sharp as this, a sharp picture five times. */
const SHARP_FACE = 0.015;
const SHARP_PICTURE = 0.002;
const DARK = { picture: 85, face: 70 };
const BRIGHT = { blown: 0.65, faceBlown: 0.35, face: 238 };
/** A second face counts from this part of the first one's height. */
const BYSTANDER = 0.4;
/** A face of fewer pixels teaches little. */
const SMALLEST_FACE = 72;

/** `people` is false for pets and things, whose faces nobody looks for. */
export function advise(report: Report, set: Neighbour[], people: boolean): Finding[] {
  const findings: Finding[] = [];
  if (Math.min(report.width, report.height) < SMALLEST_SIDE) findings.push({ what: 'too-small' });
  const light = exposure(report);
  if (light) findings.push({ what: light });
  else if (findings.length === 0 && isBlurry(report)) findings.push({ what: 'blurry' });
  // What cannot be seen well is not judged further.
  if (findings.length === 0 && people) findings.push(...faces(report));
  if (findings.length > 0) return findings;
  const same = set.find((other) => isNearDuplicate(other.report.hash, report.hash));
  return same ? [{ what: 'same', id: same.id }] : [];
}

function exposure({ light }: Report): 'too-dark' | 'too-bright' | null {
  const { face } = light;
  if (light.bright < DARK.picture || (face && face.bright < DARK.face)) return 'too-dark';
  const bright = face
    ? face.blown > BRIGHT.faceBlown || face.mean > BRIGHT.face
    : light.blown > BRIGHT.blown;
  return bright ? 'too-bright' : null;
}

function isBlurry({ sharpness }: Report): boolean {
  return sharpness.face === null ? sharpness.picture < SHARP_PICTURE : sharpness.face < SHARP_FACE;
}

function faces({ faces }: Report): Finding[] {
  const [main, second] = faces;
  if (!main) return [{ what: 'no-face' }];
  if (second && second.height >= main.height * BYSTANDER) return [{ what: 'two-faces' }];
  return main.pixels < SMALLEST_FACE ? [{ what: 'face-too-small' }] : [];
}
