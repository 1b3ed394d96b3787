// Where the faces in a picture are: the network "tiny face detector" of face-api, a small YOLO of
// separable convolutions, with the weights of that package.

import type { Box, Pixels, Raster } from '../pixels.ts';
import { resample } from '../pixels.ts';
import { bend, convolve, depthwise, maxPool, pointwise } from './layers.ts';
import type { WeightFile } from './weights.ts';

export interface Found extends Box {
  /** How sure the network is, 0 to 1. */
  score: number;
}

/** What the network was trained with. */
const MEAN = [117.001, 114.697, 97.404];
const LEAK = 0.1;
const ANCHORS = [
  [1.603231, 2.094468],
  [6.041143, 7.080126],
  [2.882459, 3.518061],
  [4.266906, 5.178857],
  [9.041765, 10.66308],
] as const;

/** A large face is found best in a small copy, faces beside each other in a larger one. */
const SIDES = [416, 512];
/** Where neither shows one, a face may still be small. */
const LAST_SIDE = 800;
const SURE = 0.55;
/** Boxes that share this much of the smaller one are of the same face. */
const SAME_FACE = 0.5;

/** The faces of an upright picture, the surest first. */
export function findFaces(pixels: Pixels, weights: WeightFile): Found[] {
  const usual = distinct(SIDES.flatMap((side) => findFacesAt(side, pixels, weights)));
  return usual.length > 0 ? usual : distinct(findFacesAt(LAST_SIDE, pixels, weights));
}

/** Every proposal of the network for a copy of this side, overlapping ones included. */
export function findFacesAt(side: number, pixels: Pixels, weights: WeightFile): Found[] {
  const longest = Math.max(pixels.width, pixels.height);
  // Square, the picture in its upper left corner and black beyond.
  const square = resample(pixels, { x: 0, y: 0, width: longest, height: longest }, side, side);
  const cells = forward(normalise(square), weights);
  return boxes(cells, longest).map((face) => clip(face, pixels));
}

function normalise(colour: Raster): Raster {
  const data = colour.data.map((value, at) => (value - (MEAN[at % 3] as number)) / 256);
  return { ...colour, data };
}

function forward(input: Raster, weights: WeightFile): Raster {
  const first = { stride: 1, padding: 'valid' } as const;
  let out = convolve(input, weights.layer('conv0/filters'), weights.layer('conv0/bias'), first);
  // What bends keeps its order, so the largest can be taken first.
  out = bend(maxPool(out, 2), LEAK);
  for (const name of ['conv1', 'conv2', 'conv3', 'conv4', 'conv5']) {
    out = depthwise(out, weights.layer(`${name}/depthwise_filter`), { stride: 1, padding: 'same' });
    out = pointwise(out, weights.layer(`${name}/pointwise_filter`), weights.layer(`${name}/bias`));
    out = bend(maxPool(out, name === 'conv5' ? 1 : 2), LEAK);
  }
  return pointwise(out, weights.layer('conv8/filters'), weights.layer('conv8/bias'));
}

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value));

/** Each cell proposes one box for each anchor: its place in the cell, its size, and a score. */
function boxes(cells: Raster, longest: number): Found[] {
  const found: Found[] = [];
  const scale = longest / cells.width;
  const values = cells.channels / ANCHORS.length;
  for (let cell = 0; cell < cells.width * cells.height; cell += 1) {
    for (const [index, [wide, high]] of ANCHORS.entries()) {
      const at = cell * cells.channels + index * values;
      const [x = 0, y = 0, w = 0, h = 0, sure = 0] = cells.data.subarray(at, at + 5);
      const score = sigmoid(sure);
      if (score <= SURE) continue;
      const width = Math.exp(w) * wide * scale;
      const height = Math.exp(h) * high * scale;
      found.push({
        x: ((cell % cells.width) + sigmoid(x)) * scale - width / 2,
        y: (Math.floor(cell / cells.width) + sigmoid(y)) * scale - height / 2,
        width,
        height,
        score,
      });
    }
  }
  return found;
}

/** Of boxes that lie over each other the surest stays. */
function distinct(found: Found[]): Found[] {
  const kept: Found[] = [];
  for (const face of [...found].sort((a, b) => b.score - a.score)) {
    if (kept.every((other) => overlap(face, other) <= SAME_FACE)) kept.push(face);
  }
  return kept;
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / Math.min(a.width * a.height, b.width * b.height);
}

function clip(face: Found, { width, height }: Pixels): Found {
  const x = Math.max(0, face.x);
  const y = Math.max(0, face.y);
  return {
    x,
    y,
    width: Math.min(width, face.x + face.width) - x,
    height: Math.min(height, face.y + face.height) - y,
    score: face.score,
  };
}
