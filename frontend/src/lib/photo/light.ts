// How a picture is lit: its histogram, its warmth, and the light on the face itself, which may be
// good in front of any background.

import { brightness, resample, whole, type Box, type Pixels, type Raster } from './pixels.ts';

export interface Light {
  /** All 0 to 255: the mean, and what only a twentieth of the picture is brighter than. */
  mean: number;
  bright: number;
  /** The share of the picture that is white, with no detail left. */
  blown: number;
  /** Red against blue: 1 is neutral, more is warm. */
  warmth: number;
  face: FaceLight | null;
}

interface FaceLight {
  mean: number;
  /** What only a twentieth of the face is brighter than: in good light any skin has its lights. */
  bright: number;
  blown: number;
  /** How much brighter the left half of the face is than the right: -1 to 1. */
  side: number;
}

const SIDE = 128;
const WHITE = 250;

export function measureLight(pixels: Pixels, face: Box | null): Light {
  const colour = resample(pixels, whole(pixels), SIDE, SIDE);
  const levels = brightness(colour).data;
  return {
    mean: meanOf(levels),
    bright: brightOf(levels),
    blown: blownOf(levels),
    warmth: warmth(colour),
    face: face && lightOnFace(pixels, face),
  };
}

function lightOnFace(pixels: Pixels, face: Box): FaceLight {
  const half = { ...face, width: face.width / 2 };
  const left = brightness(resample(pixels, half, SIDE / 4, SIDE / 2)).data;
  const rightHalf = { ...half, x: face.x + half.width };
  const right = brightness(resample(pixels, rightHalf, SIDE / 4, SIDE / 2)).data;
  const [a, b] = [meanOf(left), meanOf(right)];
  return {
    mean: (a + b) / 2,
    bright: Math.max(brightOf(left), brightOf(right)),
    blown: (blownOf(left) + blownOf(right)) / 2,
    side: a + b > 0 ? (a - b) / (a + b) : 0,
  };
}

const meanOf = (levels: Float32Array) =>
  levels.reduce((sum, level) => sum + level, 0) / levels.length;

const brightOf = (levels: Float32Array) =>
  levels.toSorted()[Math.floor(levels.length * 0.95)] as number;

const blownOf = (levels: Float32Array) =>
  levels.filter((level) => level >= WHITE).length / levels.length;

function warmth(colour: Raster): number {
  let [red, blue] = [1, 1];
  for (let at = 0; at < colour.data.length; at += 3) {
    red += colour.data[at] as number;
    blue += colour.data[at + 2] as number;
  }
  return red / blue;
}
