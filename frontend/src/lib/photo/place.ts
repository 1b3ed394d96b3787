// Whether a file says where it was taken. Only that it does is read, never where; what leaves the
// device is drawn anew and says nothing.

/** EXIF begins with the byte order and 42. What stands in front differs in every format. */
const LITTLE = 'II*\0';
const BIG = 'MM\0*';
const GPS_POINTER = 0x8825;
const LATITUDE = 2;
/** XMP says it in words. */
const XMP_LATITUDE = 'GPSLatitude';

export function saysPlace(file: Uint8Array): boolean {
  if (find(file, XMP_LATITUDE, 0) >= 0) return true;
  return [LITTLE, BIG].some((order) => {
    for (let at = find(file, order, 0); at >= 0; at = find(file, order, at + 1)) {
      if (placeInExif(file.subarray(at), order === LITTLE)) return true;
    }
    return false;
  });
}

function placeInExif(exif: Uint8Array, little: boolean): boolean {
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  const gps = entry(view, little, word(view, 4, little), GPS_POINTER);
  return gps !== null && entry(view, little, gps, LATITUDE) !== null;
}

/** The value of one entry in the directory at `at`, or null when there is none. */
function entry(view: DataView, little: boolean, at: number | null, tag: number): number | null {
  if (at === null || at + 2 > view.byteLength) return null;
  const count = view.getUint16(at, little);
  for (let index = 0; index < count; index += 1) {
    const from = at + 2 + index * 12;
    if (from + 12 > view.byteLength) return null;
    if (view.getUint16(from, little) === tag) return word(view, from + 8, little);
  }
  return null;
}

function word(view: DataView, at: number, little: boolean): number | null {
  return at + 4 <= view.byteLength ? view.getUint32(at, little) : null;
}

function find(bytes: Uint8Array, mark: string, from: number): number {
  const first = mark.charCodeAt(0);
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let same = 1;
    while (same < mark.length && bytes[at + same] === mark.charCodeAt(same)) same += 1;
    if (same === mark.length) return at;
  }
  return -1;
}
