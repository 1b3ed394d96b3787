// What is used of libheif-js, whose own types describe the C functions below.

declare module 'libheif-js/libheif-wasm/libheif.js' {
  export interface HeifImage {
    get_width(): number;
    get_height(): number;
    /** Calls back with null when the pixels cannot be decoded. */
    display(target: ImageData, done: (drawn: ImageData | null) => void): void;
    free(): void;
  }

  interface Module {
    HeifDecoder: new () => { decode(file: Uint8Array): HeifImage[] };
  }

  export default function libheif(options: { wasmBinary: ArrayBuffer }): Module | Promise<Module>;
}
