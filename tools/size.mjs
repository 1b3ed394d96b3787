// `make size`: what the Worker and its pages weigh, gzipped, against the least of their kind.

import { pageSizes } from "./page-size.mjs";
import { workerSizes } from "./worker-size.mjs";

/** More than so many times the least is a defect. */
const MAX_WORKER_RATIO = 4;
const MAX_PAGE_RATIO = 3;

function check(what, ratio, most) {
    if (ratio <= most) return;
    console.error(`size: ${what} weighs more than ${most} times the least of its kind`);
    process.exitCode = 1;
}

check("the landing page", await pageSizes(), MAX_PAGE_RATIO);
const { hello, product, ratio } = await workerSizes();
for (const [name, { sizes }] of Object.entries({ hello, product })) {
    for (const [file, { raw, gzip }] of Object.entries(sizes)) {
        console.log(`${name.padEnd(8)} ${file.padEnd(14)} ${raw} bytes, ${gzip} gzipped`);
    }
}
console.log(`gzip_bytes=${product.total} size_ratio=${ratio.toFixed(2)}`);
check("the Worker", ratio, MAX_WORKER_RATIO);
