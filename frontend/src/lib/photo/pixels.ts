// Pictures as plain arrays, so that everything that measures them runs in a worker, in a page and
// in Node alike. Nothing here knows of a canvas.

/** Upright pixels, four bytes each: red, green, blue, and an opacity that nobody reads. */
export interface Pixels {
  width: number;
  height: number;
  data: Uint8ClampedArray | Uint8Array;
}

/** Numbers in rows of pixels, `channels` of them side by side. */
export interface Raster {
  width: number;
  height: number;
  channels: number;
  data: Float32Array;
}

/** A rectangle in pixels; it may reach out of the picture, where everything is black. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Which source pixels one target pixel is made of, and how much of each. */
interface Taps {
  first: Int32Array;
  weights: Float32Array[];
}

/**
 * A triangle as wide as the step between two target pixels, and at least two source pixels: it
 * averages when a picture shrinks, so that a large photo is not measured by its grain, and
 * interpolates when it grows.
 */
function triangle(from: number, length: number, target: number, end: number): Taps {
  const step = length / target;
  const radius = Math.max(1, step);
  const first = new Int32Array(target);
  const weights: Float32Array[] = [];
  for (let at = 0; at < target; at += 1) {
    const centre = from + (at + 0.5) * step - 0.5;
    const low = Math.max(0, Math.ceil(centre - radius));
    const high = Math.min(end - 1, Math.floor(centre + radius));
    const mine = new Float32Array(Math.max(0, high - low + 1));
    let sum = 0;
    for (let tap = 0; tap < mine.length; tap += 1) {
      const weight = Math.max(0, 1 - Math.abs(low + tap - centre) / radius);
      mine[tap] = weight;
      sum += weight;
    }
    // Past the edge of the picture the missing weight is black.
    const full = centre < -0.5 || centre > end - 0.5 ? radius : sum;
    first[at] = low;
    weights.push(mine.map((weight) => weight / full));
  }
  return { first, weights };
}

/** The part of a picture inside `box`, in colour, scaled to exactly `width` × `height`. */
export function resample(pixels: Pixels, box: Box, width: number, height: number): Raster {
  const across = triangle(box.x, box.width, width, pixels.width);
  const down = triangle(box.y, box.height, height, pixels.height);
  const top = Math.min(...down.first);
  const bottom = Math.max(
    ...down.first.map((first, at) => first + (down.weights[at]?.length ?? 0)),
  );
  const { data: source } = pixels;
  const rows = new Float32Array(pixels.height * width * 3);
  for (let y = top; y < Math.min(bottom, pixels.height); y += 1) {
    for (let x = 0; x < width; x += 1) {
      const weights = across.weights[x] as Float32Array;
      let from = (y * pixels.width + (across.first[x] as number)) * 4;
      let [red, green, blue] = [0, 0, 0];
      for (let tap = 0; tap < weights.length; tap += 1, from += 4) {
        const weight = weights[tap] as number;
        red += weight * (source[from] as number);
        green += weight * (source[from + 1] as number);
        blue += weight * (source[from + 2] as number);
      }
      const to = (y * width + x) * 3;
      rows[to] = red;
      rows[to + 1] = green;
      rows[to + 2] = blue;
    }
  }
  const data = new Float32Array(width * height * 3);
  const line = width * 3;
  for (let y = 0; y < height; y += 1) {
    const weights = down.weights[y] as Float32Array;
    const first = down.first[y] as number;
    for (let tap = 0; tap < weights.length; tap += 1) {
      const weight = weights[tap] as number;
      const from = (first + tap) * line;
      for (let at = 0; at < line; at += 1) {
        data[y * line + at] =
          (data[y * line + at] as number) + weight * (rows[from + at] as number);
      }
    }
  }
  return { width, height, channels: 3, data };
}

export const whole = (pixels: Pixels): Box => ({
  x: 0,
  y: 0,
  width: pixels.width,
  height: pixels.height,
});

/** Brightness as the eye weighs it, 0 to 255, one number for each pixel. */
export function brightness(colour: Raster): Raster {
  const { width, height } = colour;
  const data = new Float32Array(width * height);
  for (let at = 0; at < data.length; at += 1) {
    data[at] =
      0.299 * (colour.data[at * 3] as number) +
      0.587 * (colour.data[at * 3 + 1] as number) +
      0.114 * (colour.data[at * 3 + 2] as number);
  }
  return { width, height, channels: 1, data };
}
