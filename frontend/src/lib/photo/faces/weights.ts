// The weights of a network as its package ships them: a list of names and shapes, and one file in
// which every number is a byte that scale and offset turn back.

interface Entry {
  name: string;
  shape: number[];
  quantization: { dtype: string; scale: number; min: number };
}

export type Manifest = { weights: Entry[] }[];

export class WeightFile {
  readonly #layers = new Map<string, Float32Array>();

  constructor(manifest: Manifest, bytes: Uint8Array) {
    let at = 0;
    for (const { name, shape, quantization } of manifest.flatMap((group) => group.weights)) {
      if (quantization.dtype !== 'uint8') throw new Error(`${name} is not of bytes`);
      const size = shape.reduce((product, side) => product * side, 1);
      const { scale, min } = quantization;
      if (at + size > bytes.length) throw new Error('the weights are cut off');
      this.#layers.set(
        name,
        Float32Array.from(bytes.subarray(at, at + size), (byte) => byte * scale + min),
      );
      at += size;
    }
    if (at !== bytes.length) throw new Error('there is something behind the weights');
  }

  layer(name: string): Float32Array {
    const found = this.#layers.get(name);
    if (!found) throw new Error(`the weights have no ${name}`);
    return found;
  }
}
