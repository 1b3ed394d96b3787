// What kind of picture a file is and how large, from its first bytes: its name and type are
// believed by nobody, and a picture that would not fit into memory is never decoded.

import type { Size } from './size.ts';

type Kind = 'jpeg' | 'png' | 'webp' | 'heic';

export interface Header {
  kind: Kind;
  /** As stored, before orientation; null where only decoding tells. */
  size: Size | null;
}

const HEIC_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'];

/** Null when it is none of the kinds that are taken. */
export function readHeader(file: Uint8Array): Header | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const text = (at: number, length: number) =>
    String.fromCharCode(...file.subarray(at, at + length));
  if (file[0] === 0xff && file[1] === 0xd8) return { kind: 'jpeg', size: jpegSize(view) };
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return { kind: 'png', size: pngSize(view) };
  if (text(0, 4) === 'RIFF' && text(8, 4) === 'WEBP') {
    return { kind: 'webp', size: webpSize(view, text(12, 4)) };
  }
  if (text(4, 4) === 'ftyp' && HEIC_BRANDS.includes(text(8, 4)))
    return { kind: 'heic', size: null };
  return null;
}

/** The first frame header; every segment before it says how long it is. */
function jpegSize(view: DataView): Size | null {
  let at = 2;
  while (at + 9 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return null;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}

function pngSize(view: DataView): Size | null {
  if (view.byteLength < 24) return null;
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

function webpSize(view: DataView, chunk: string): Size | null {
  if (view.byteLength < 30) return null;
  if (chunk === 'VP8 ') {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  if (chunk === 'VP8L') {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
  }
  if (chunk !== 'VP8X') return null;
  const side = (at: number) => (view.getUint16(at, true) | (view.getUint8(at + 2) << 16)) + 1;
  return { width: side(24), height: side(27) };
}
