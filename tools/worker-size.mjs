// What a deployment of the Worker weighs, gzipped, against a workers-rs hello that is built with the
// same profile and tools. The ratio is the figure; bytes alone mean little.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { ROOT, builders } from "./build.mjs";

async function gzipped(folder) {
    const sizes = {};
    for (const name of ["index_bg.wasm", "index.js"]) {
        const bytes = await readFile(join(ROOT, folder, name));
        sizes[name] = { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
    }
    const total = Object.values(sizes).reduce((sum, { gzip }) => sum + gzip, 0);
    return { sizes, total };
}

/** Builds both if they have changed, and measures them. */
export async function workerSizes() {
    await builders.hello();
    await builders.worker();
    const [hello, product] = [await gzipped("bench/hello/build"), await gzipped("build")];
    return { hello, product, ratio: product.total / hello.total };
}
