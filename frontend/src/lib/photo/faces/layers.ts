// The layers of a small convolutional network over channels-last rasters, as plain loops. Each is
// what TensorFlow defines under the same name, so weights trained there mean the same here.

import type { Raster } from '../pixels.ts';

/** Numbers of a filter, laid out as [row, column, channel in, channel out]. */
export type Weights = Float32Array;

/** How many zeros stand before the first pixel when `same` padding is asked for. */
function before(size: number, out: number, kernel: number, stride: number): number {
  return Math.max(0, (out - 1) * stride + kernel - size) >> 1;
}

interface Window {
  stride: number;
  /** Zeros around the picture, or none at all. */
  padding: 'same' | 'valid';
}

const KERNEL = 3;

function outSize(size: number, { stride, padding }: Window): number {
  return Math.ceil((padding === 'same' ? size : size - KERNEL + 1) / stride);
}

/** A full 3 × 3 convolution with a bias. */
export function convolve(input: Raster, weights: Weights, bias: Weights, window: Window): Raster {
  const out = blank(input, bias.length, window);
  const [left, top] = margins(input, out, window);
  for (let y = 0; y < out.height; y += 1) {
    for (let x = 0; x < out.width; x += 1) {
      const to = (y * out.width + x) * out.channels;
      out.data.set(bias, to);
      // The pixels under one row of the filter lie side by side, and so do its numbers.
      const firstX = x * window.stride - left;
      const begin = Math.max(0, -firstX);
      const run = Math.min(KERNEL, input.width - firstX) - begin;
      for (let row = 0; row < KERNEL; row += 1) {
        const fromY = y * window.stride + row - top;
        if (fromY < 0 || fromY >= input.height) continue;
        const from = (fromY * input.width + firstX + begin) * input.channels;
        const filter = (row * KERNEL + begin) * input.channels * out.channels;
        spread(input.data, from, run * input.channels, weights, filter, out.data, to, out.channels);
      }
    }
  }
  return out;
}

/** A 3 × 3 convolution of each channel by itself. */
export function depthwise(input: Raster, weights: Weights, window: Window): Raster {
  const { channels } = input;
  const out = blank(input, channels, window);
  const [left, top] = margins(input, out, window);
  for (let y = 0; y < out.height; y += 1) {
    for (let x = 0; x < out.width; x += 1) {
      const to = (y * out.width + x) * channels;
      for (let row = 0; row < KERNEL; row += 1) {
        const fromY = y * window.stride + row - top;
        if (fromY < 0 || fromY >= input.height) continue;
        for (let column = 0; column < KERNEL; column += 1) {
          const fromX = x * window.stride + column - left;
          if (fromX < 0 || fromX >= input.width) continue;
          const from = (fromY * input.width + fromX) * channels;
          const filter = (row * KERNEL + column) * channels;
          for (let at = 0; at < channels; at += 1) {
            out.data[to + at] =
              (out.data[to + at] as number) +
              (input.data[from + at] as number) * (weights[filter + at] as number);
          }
        }
      }
    }
  }
  return out;
}

/** Mixes the channels of each pixel. */
export function pointwise(input: Raster, weights: Weights, bias: Weights): Raster {
  const { width, height, channels } = input;
  const out = {
    width,
    height,
    channels: bias.length,
    data: new Float32Array(width * height * bias.length),
  };
  for (let at = 0; at < width * height; at += 1) {
    out.data.set(bias, at * out.channels);
    spread(
      input.data,
      at * channels,
      channels,
      weights,
      0,
      out.data,
      at * out.channels,
      out.channels,
    );
  }
  return out;
}

/** Adds `channels` inputs, each times its row of the filter, to the outputs at `to`. */
function spread(
  input: Float32Array,
  from: number,
  channels: number,
  weights: Weights,
  filter: number,
  out: Float32Array,
  to: number,
  outputs: number,
): void {
  let channel = 0;
  // Four at a time: reading and writing the outputs is what takes long.
  for (; channel + 3 < channels; channel += 4) {
    const a = input[from + channel] as number;
    const b = input[from + channel + 1] as number;
    const c = input[from + channel + 2] as number;
    const d = input[from + channel + 3] as number;
    const rowA = filter + channel * outputs;
    const rowB = rowA + outputs;
    const rowC = rowB + outputs;
    const rowD = rowC + outputs;
    for (let at = 0; at < outputs; at += 1) {
      out[to + at] =
        (out[to + at] as number) +
        a * (weights[rowA + at] as number) +
        b * (weights[rowB + at] as number) +
        c * (weights[rowC + at] as number) +
        d * (weights[rowD + at] as number);
    }
  }
  for (; channel < channels; channel += 1) {
    const value = input[from + channel] as number;
    const row = filter + channel * outputs;
    for (let at = 0; at < outputs; at += 1) {
      out[to + at] = (out[to + at] as number) + value * (weights[row + at] as number);
    }
  }
}

/** The largest of each 2 × 2 pixels; past the edge there is nothing to compare with. */
export function maxPool(input: Raster, stride: 1 | 2): Raster {
  const { channels } = input;
  const width = Math.ceil(input.width / stride);
  const height = Math.ceil(input.height / stride);
  const data = new Float32Array(width * height * channels).fill(-Infinity);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const to = (y * width + x) * channels;
      for (let fromY = y * stride; fromY < Math.min(input.height, y * stride + 2); fromY += 1) {
        for (let fromX = x * stride; fromX < Math.min(input.width, x * stride + 2); fromX += 1) {
          const from = (fromY * input.width + fromX) * channels;
          for (let at = 0; at < channels; at += 1) {
            data[to + at] = Math.max(data[to + at] as number, input.data[from + at] as number);
          }
        }
      }
    }
  }
  return { width, height, channels, data };
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
  for (let at = 0; at < input.data.length; at += 1) {
    const value = input.data[at] as number;
    if (value < 0) input.data[at] = value * slope;
  }
  return input;
}

export function add(a: Raster, b: Raster): Raster {
  return { ...a, data: a.data.map((value, at) => value + (b.data[at] as number)) };
}

function blank(input: Raster, channels: number, window: Window): Raster {
  const width = outSize(input.width, window);
  const height = outSize(input.height, window);
  return { width, height, channels, data: new Float32Array(width * height * channels) };
}

function margins(input: Raster, out: Raster, { stride, padding }: Window): [number, number] {
  if (padding === 'valid') return [0, 0];
  return [
    before(input.width, out.width, KERNEL, stride),
    before(input.height, out.height, KERNEL, stride),
  ];
}
