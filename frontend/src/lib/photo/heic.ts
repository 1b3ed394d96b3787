// HEIC, as phones write it and most browsers do not read it. The decoder is the largest thing that
// this site can load, and is loaded when the first such photo comes.

import libheif, { type HeifImage } from 'libheif-js/libheif-wasm/libheif.js';
import wasm from 'libheif-js/libheif-wasm/libheif.wasm?url';
import type { Size } from './size.ts';

/** Upright pixels; `check` may refuse the size before anything is decoded. */
export async function decodeHeic(
  file: Uint8Array,
  check: (size: Size) => void,
): Promise<ImageData> {
  const response = await fetch(wasm);
  const { HeifDecoder } = await libheif({ wasmBinary: await response.arrayBuffer() });
  const [image] = new HeifDecoder().decode(file);
  if (!image) throw new Error('there is no picture in it');
  try {
    const size = { width: image.get_width(), height: image.get_height() };
    check(size);
    return await draw(image, size);
  } finally {
    image.free();
  }
}

function draw(image: HeifImage, { width, height }: Size): Promise<ImageData> {
  return new Promise((resolve, reject) => {
    image.display(new ImageData(width, height), (drawn) => {
      if (drawn) resolve(drawn);
      else reject(new Error('its pixels are damaged'));
    });
  });
}
