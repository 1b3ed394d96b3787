// Which way a face looks, from 68 points on it: the network "face landmark 68 tiny" of face-api.

import type { Box, Pixels, Raster } from '../pixels.ts';
import { resample } from '../pixels.ts';
import { add, bend, convolve, depthwise, meanOf, pointwise } from './layers.ts';
import type { WeightFile } from './weights.ts';

const SIDE = 112;
const MEAN = [122.782, 117.001, 104.298];

/** Points of the usual numbering of 68. */
const NOSE_TIP = 30;
const OUTER_EYE = { left: 36, right: 45 };

export interface Point {
  x: number;
  y: number;
}

/** The 68 points of the face in `box`, in pixels of the picture. */
export function landmarks(pixels: Pixels, box: Box, weights: WeightFile): Point[] {
  const longest = Math.max(box.width, box.height);
  // Square, the face in its middle.
  const square = {
    x: box.x - (longest - box.width) / 2,
    y: box.y - (longest - box.height) / 2,
    width: longest,
    height: longest,
  };
  const out = forward(normalise(resample(pixels, square, SIDE, SIDE)), weights).data;
  return Array.from({ length: out.length / 2 }, (_, at) => ({
    x: square.x + (out[at * 2] as number) * longest,
    y: square.y + (out[at * 2 + 1] as number) * longest,
  }));
}

/**
 * Where the tip of the nose is between the outer corners of the eyes, along the line through them:
 * 0 in the middle, -1 and 1 above a corner. Negative is a face that looks to the left of the picture.
 */
export function turn(points: Point[]): number {
  const left = points[OUTER_EYE.left];
  const right = points[OUTER_EYE.right];
  const nose = points[NOSE_TIP];
  if (!left || !right || !nose) return 0;
  const [dx, dy] = [right.x - left.x, right.y - left.y];
  const along = (nose.x - left.x) * dx + (nose.y - left.y) * dy;
  return (along / Math.max(1, dx * dx + dy * dy)) * 2 - 1;
}

function normalise(colour: Raster): Raster {
  const data = colour.data.map((value, at) => (value - (MEAN[at % 3] as number)) / 255);
  return { ...colour, data };
}

function forward(input: Raster, weights: WeightFile): Raster {
  const first = { stride: 2, padding: 'same' } as const;
  const begin = convolve(
    input,
    weights.layer('dense0/conv0/filters'),
    weights.layer('dense0/conv0/bias'),
    first,
  );
  let out = dense('dense0', begin, weights);
  for (const block of ['dense1', 'dense2']) {
    out = dense(block, separable(`${block}/conv0`, out, 2, weights), weights);
  }
  return pointwise(meanOf(out), weights.layer('fc/weights'), weights.layer('fc/bias'));
}

/** A block in which every convolution sees the sum of all before it. */
function dense(block: string, begin: Raster, weights: WeightFile): Raster {
  const one = bend(begin, 0);
  const two = separable(`${block}/conv1`, one, 1, weights);
  const three = separable(`${block}/conv2`, bend(add(one, two), 0), 1, weights);
  return bend(add(one, add(two, three)), 0);
}

function separable(name: string, input: Raster, stride: number, weights: WeightFile): Raster {
  const out = depthwise(input, weights.layer(`${name}/depthwise_filter`), {
    stride,
    padding: 'same',
  });
  return pointwise(out, weights.layer(`${name}/pointwise_filter`), weights.layer(`${name}/bias`));
}
