// The layers of a small convolutional network over channels-last rasters, as plain loops. Each is
// what TensorFlow defines under the same name, so weights trained there mean the same here.

import type { Raster } from '../pixels.ts';

/** Numbers of a filter, laid out as [row, column, channel in, channel out]. */
export type Weights = Float32Array;

interface Window {
  stride: number;
  /** Zeros around the picture, or none at all. */
  padding: 'same' | 'valid';
}

const KERNEL = 3;

/** A full 3 × 3 convolution with a bias. */
export function convolve(input: Raster, weights: Weights, bias: Weights, window: Window): Raster {
  const { out, from } = frame(input, bias.length, window);
  const run = KERNEL * from.channels;
  const line = from.width * from.channels;
  const windows = new Float32Array(out.width * KERNEL * run);
  for (let y = 0; y < out.height; y += 1) {
    for (let x = 0; x < out.width; x += 1) {
      // The pixels under one row of the filter lie side by side, and so do its numbers.
      const corner = y * window.stride * line + x * window.stride * from.channels;
      for (let row = 0; row < KERNEL; row += 1) {
        const to = (x * KERNEL + row) * run;
        const at = corner + row * line;
        for (let n = 0; n < run; n += 1) windows[to + n] = from.data[at + n] as number;
      }
    }
    multiply(windows, out.width, weights, bias, out.data, y * out.width * out.channels);
  }
  return out;
}

/** A 3 × 3 convolution of each channel by itself. */
export function depthwise(input: Raster, weights: Weights, window: Window): Raster {
  const { channels } = input;
  const { out, from } = frame(input, channels, window);
  const line = from.width * channels;
  for (let y = 0; y < out.height; y += 1) {
    for (let x = 0; x < out.width; x += 1) {
      const to = (y * out.width + x) * channels;
      const first = y * window.stride * line + x * window.stride * channels;
      for (let channel = 0; channel < channels; channel += 1) {
        let sum = 0;
        for (let row = 0; row < KERNEL; row += 1) {
          const at = first + row * line + channel;
          const tap = row * KERNEL * channels + channel;
          sum +=
            (from.data[at] as number) * (weights[tap] as number) +
            (from.data[at + channels] as number) * (weights[tap + channels] as number) +
            (from.data[at + 2 * channels] as number) * (weights[tap + 2 * channels] as number);
        }
        out.data[to + channel] = sum;
      }
    }
  }
  return out;
}

/** Mixes the channels of each pixel. */
export function pointwise(input: Raster, weights: Weights, bias: Weights): Raster {
  const out = blank(input.width, input.height, bias.length);
  multiply(input.data, out.width * out.height, weights, bias, out.data, 0);
  return out;
}

/** The product of `count` rows with a matrix that has a column for each number of the bias. */
function multiply(
  rows: Float32Array,
  count: number,
  weights: Weights,
  bias: Weights,
  out: Float32Array,
  to: number,
): void {
  const columns = bias.length;
  const length = weights.length / columns;
  for (let row = 0; row < count; row += 2) {
    const a = row * length;
    // The last of an odd number is its own neighbour.
    const next = Math.min(row + 1, count - 1);
    const b = next * length;
    let column = 0;
    // Two rows and four columns at a time, with their sums in registers: what takes long is to read.
    for (; column + 3 < columns; column += 4) {
      let a0 = bias[column] as number;
      let a1 = bias[column + 1] as number;
      let a2 = bias[column + 2] as number;
      let a3 = bias[column + 3] as number;
      let [b0, b1, b2, b3] = [a0, a1, a2, a3];
      for (let n = 0, at = column; n < length; n += 1, at += columns) {
        const one = rows[a + n] as number;
        const two = rows[b + n] as number;
        const w0 = weights[at] as number;
        const w1 = weights[at + 1] as number;
        const w2 = weights[at + 2] as number;
        const w3 = weights[at + 3] as number;
        a0 += one * w0;
        a1 += one * w1;
        a2 += one * w2;
        a3 += one * w3;
        b0 += two * w0;
        b1 += two * w1;
        b2 += two * w2;
        b3 += two * w3;
      }
      const toA = to + row * columns + column;
      const toB = to + next * columns + column;
      out[toA] = a0;
      out[toA + 1] = a1;
      out[toA + 2] = a2;
      out[toA + 3] = a3;
      out[toB] = b0;
      out[toB + 1] = b1;
      out[toB + 2] = b2;
      out[toB + 3] = b3;
    }
    for (; column < columns; column += 1) {
      let one = bias[column] as number;
      let two = one;
      for (let n = 0, at = column; n < length; n += 1, at += columns) {
        one += (rows[a + n] as number) * (weights[at] as number);
        two += (rows[b + n] as number) * (weights[at] as number);
      }
      out[to + row * columns + column] = one;
      out[to + next * columns + column] = two;
    }
  }
}

/** As `Math.max`, without a branch that is guessed wrong every other time. */
const larger = (a: number, b: number) => (a + b + Math.abs(a - b)) / 2;

/** The largest of each 2 × 2 pixels; past the edge there is nothing to compare with. */
export function maxPool(input: Raster, stride: 1 | 2): Raster {
  const { channels, data } = input;
  const out = blank(Math.ceil(input.width / stride), Math.ceil(input.height / stride), channels);
  const line = input.width * channels;
  let to = 0;
  for (let y = 0; y < out.height; y += 1) {
    const below = y * stride + 1 < input.height ? line : 0;
    for (let x = 0; x < out.width; x += 1) {
      const right = x * stride + 1 < input.width ? channels : 0;
      const from = y * stride * line + x * stride * channels;
      for (let at = from; at < from + channels; at += 1, to += 1) {
        out.data[to] = larger(
          larger(data[at] as number, data[at + right] as number),
          larger(data[at + below] as number, data[at + below + right] as number),
        );
      }
    }
  }
  return out;
}

/** The mean of each channel over the whole picture. */
export function meanOf(input: Raster): Raster {
  const { channels } = input;
  const data = new Float32Array(channels);
  const count = input.width * input.height;
  for (let at = 0; at < input.data.length; at += 1) {
    data[at % channels] = (data[at % channels] as number) + (input.data[at] as number) / count;
  }
  return { width: 1, height: 1, channels, data };
}

/** Negative numbers become a part of themselves: none for `relu`, a tenth for `leaky`. */
export function bend(input: Raster, slope: number): Raster {
  const { data } = input;
  for (let at = 0; at < data.length; at += 1) {
    const value = data[at] as number;
    data[at] = larger(value, value * slope);
  }
  return input;
}

export function add(a: Raster, b: Raster): Raster {
  return { ...a, data: a.data.map((value, at) => value + (b.data[at] as number)) };
}

function blank(width: number, height: number, channels: number): Raster {
  return { width, height, channels, data: new Float32Array(width * height * channels) };
}

/** What a window over `input` writes, and what it moves over: the picture with its zeros. */
function frame(input: Raster, channels: number, { stride, padding }: Window) {
  if (padding === 'valid') {
    const side = (size: number) => Math.ceil((size - KERNEL + 1) / stride);
    return { out: blank(side(input.width), side(input.height), channels), from: input };
  }
  const out = blank(Math.ceil(input.width / stride), Math.ceil(input.height / stride), channels);
  const missing = (size: number, windows: number) =>
    Math.max(0, (windows - 1) * stride + KERNEL - size);
  const [across, down] = [missing(input.width, out.width), missing(input.height, out.height)];
  const from = blank(input.width + across, input.height + down, input.channels);
  const line = input.width * input.channels;
  for (let y = 0; y < input.height; y += 1) {
    const to = ((y + (down >> 1)) * from.width + (across >> 1)) * from.channels;
    from.data.set(input.data.subarray(y * line, (y + 1) * line), to);
  }
  return { out, from };
}
