// `make size`: what a deployment weighs, gzipped, against a workers-rs hello that this same
// run builds with the same profile and tools. The ratio is the figure; bytes alone mean little.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { ROOT, builders } from "./build.mjs";
import { pageSizes } from "./page-size.mjs";

/** More than this many times the hello is a defect. */
const MAX_RATIO = 4;

async function gzipped(folder) {
    const sizes = {};
    for (const name of ["index_bg.wasm", "index.js"]) {
        const bytes = await readFile(join(ROOT, folder, name));
        sizes[name] = { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
    }
    const total = Object.values(sizes).reduce((sum, { gzip }) => sum + gzip, 0);
    return { sizes, total };
}

if (!(await pageSizes())) {
    console.error("size: the landing page is too heavy");
    process.exitCode = 1;
}
await builders.hello();
await builders.worker();
const results = { hello: await gzipped("bench/hello/build"), product: await gzipped("build") };
for (const [name, { sizes }] of Object.entries(results)) {
    for (const [file, { raw, gzip }] of Object.entries(sizes)) {
        console.log(`${name.padEnd(8)} ${file.padEnd(14)} ${raw} bytes, ${gzip} gzipped`);
    }
}
const ratio = results.product.total / results.hello.total;
console.log(`gzip_bytes=${results.product.total} size_ratio=${ratio.toFixed(2)}`);
if (ratio > MAX_RATIO) {
    console.error(`size: the Worker weighs more than ${MAX_RATIO} times the hello`);
    process.exitCode = 1;
}
