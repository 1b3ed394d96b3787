// What a person wears, as far as colours tell: how much of the picture below the face is of which
// colour. Two photos with other colours there count as two outfits.

import { resample, type Box, type Pixels } from './pixels.ts';

const SIDE = 32;
const HUES = 8;
const GREYS = 3;
const COLOURFUL = 0.25;

/** Two wardrobes differ when this share of the colours is another. */
const OTHER = 0.5;

/** The share of each hue, then of dark, middle and light grey; null when the body is not in the picture. */
export function measureOutfit(pixels: Pixels, face: Box): number[] | null {
  const body = {
    x: face.x - face.width * 0.4,
    y: face.y + face.height * 1.35,
    width: face.width * 1.8,
    height: face.height * 0.9,
  };
  const inside =
    body.x >= 0 && body.x + body.width <= pixels.width && body.y + body.height <= pixels.height;
  if (!inside) return null;
  const { data } = resample(pixels, body, SIDE, SIDE);
  const shares = Array<number>(HUES + GREYS).fill(0);
  for (let at = 0; at < data.length; at += 3) {
    const bin = colourOf(data[at] as number, data[at + 1] as number, data[at + 2] as number);
    shares[bin] = (shares[bin] as number) + 1 / (SIDE * SIDE);
  }
  return shares.map((share) => Math.round(share * 1000) / 1000);
}

function colourOf(red: number, green: number, blue: number): number {
  const most = Math.max(red, green, blue);
  const range = most - Math.min(red, green, blue);
  if (range < COLOURFUL * most || most < 40) {
    return HUES + Math.min(GREYS - 1, Math.floor((most / 256) * GREYS));
  }
  let hue = (red - green) / range + 4;
  if (most === red) hue = ((green - blue) / range + 6) % 6;
  else if (most === green) hue = (blue - red) / range + 2;
  return Math.round((hue / 6) * HUES) % HUES;
}

export function isOtherOutfit(a: number[], b: number[]): boolean {
  const moved = a.reduce((sum, share, at) => sum + Math.abs(share - (b[at] ?? 0)), 0) / 2;
  return moved > OTHER;
}
