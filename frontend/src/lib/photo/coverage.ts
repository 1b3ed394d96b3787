// What a set of photos shows, and what it lacks: how close, from which side, in how many kinds of
// light, in how many outfits. What was not measured is counted as that and not guessed.

import { isOtherOutfit } from './outfit.ts';
import type { Face, Report } from './report.ts';

type Distance = 'close' | 'half' | 'full';
type Direction = 'left' | 'front' | 'right';
export type NextPhoto = Distance | Direction | 'light' | 'outfit';

export interface Coverage {
  distance: Record<Distance, number>;
  direction: Record<Direction, number>;
  /** How many different ones were told apart. */
  lights: number;
  outfits: number;
  /** Photos of which nothing is known, or whose faces or clothes could not be seen. */
  unmeasured: { photos: number; faces: number; outfits: number };
  /** How many of each a good set has. */
  wanted: Readonly<Record<NextPhoto, number>>;
  /** The photo that would help most, or null when nothing is missing. */
  next: NextPhoto | null;
}

/** The height of the face as a share of the picture's. */
const CLOSE = 0.33;
const HALF = 0.14;
const TURNED = 0.25;
const DIM = 95;
const LIT = 165;
const SIDE_LIGHT = 0.12;
const WARM = 1.35;
const COOL = 0.95;

/** How many of each a good set has, the most useful first. */
const WANTED: [NextPhoto, number][] = [
  ['front', 4],
  ['close', 4],
  ['half', 3],
  ['left', 2],
  ['right', 2],
  ['light', 3],
  ['full', 2],
  ['outfit', 3],
];

/** `null` stands for a photo that nobody has measured here. */
export function cover(reports: (Report | null)[]): Coverage {
  const known = reports.filter((report) => report !== null);
  const mains = known.flatMap(({ faces }) => faces.slice(0, 1));
  const outfits = known.flatMap(({ outfit }) => (outfit ? [outfit] : []));
  const distance = { close: 0, half: 0, full: 0 };
  const direction = { left: 0, front: 0, right: 0 };
  for (const face of mains) {
    distance[distanceOf(face)] += 1;
    direction[directionOf(face)] += 1;
  }
  const coverage = {
    distance,
    direction,
    lights: new Set(known.map(lightOf)).size,
    outfits: distinct(outfits).length,
    unmeasured: {
      photos: reports.length - known.length,
      faces: reports.length - mains.length,
      outfits: reports.length - outfits.length,
    },
  };
  const wanted = Object.fromEntries(WANTED) as Record<NextPhoto, number>;
  return { ...coverage, wanted, next: known.length > 0 ? nextOf(coverage) : null };
}

function distanceOf(face: Face): Distance {
  if (face.height >= CLOSE) return 'close';
  return face.height >= HALF ? 'half' : 'full';
}

function directionOf(face: Face): Direction {
  if (Math.abs(face.turn) < TURNED) return 'front';
  return face.turn < 0 ? 'left' : 'right';
}

/** A name for the kind of light, so that equal names are one kind. */
function lightOf({ light }: Report): string {
  const mean = light.face?.mean ?? light.mean;
  const level = mean < DIM ? 'dim' : mean > LIT ? 'lit' : 'even';
  const colour = light.warmth > WARM ? 'warm' : light.warmth < COOL ? 'cool' : 'neutral';
  const side = Math.abs(light.face?.side ?? 0) > SIDE_LIGHT ? 'side' : 'front';
  return `${level} ${colour} ${side}`;
}

function distinct(outfits: number[][]): number[][] {
  const kinds: number[][] = [];
  for (const outfit of outfits) {
    if (kinds.every((kind) => isOtherOutfit(kind, outfit))) kinds.push(outfit);
  }
  return kinds;
}

function nextOf(coverage: Omit<Coverage, 'next' | 'wanted'>): NextPhoto | null {
  const has: Record<NextPhoto, number> = {
    ...coverage.distance,
    ...coverage.direction,
    light: coverage.lights,
    outfit: coverage.outfits,
  };
  // What is missing altogether comes before what there is too little of.
  const lacking = WANTED.filter(([what, wanted]) => has[what] < wanted);
  const absent = lacking.find(([what]) => has[what] === 0);
  return (absent ?? lacking[0])?.[0] ?? null;
}
