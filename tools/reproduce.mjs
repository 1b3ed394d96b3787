// `make reproduce`: builds the Worker a second time, with nothing left of the first, and compares
// what would be deployed. It takes as long as a first build; the pages are compared by a test.

import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ROOT, builders, run } from "./build.mjs";

async function digests() {
    const digest = async (name) =>
        createHash("sha256")
            .update(await readFile(join(ROOT, "build", name)))
            .digest("hex");
    return { "index_bg.wasm": await digest("index_bg.wasm"), "index.js": await digest("index.js") };
}

await builders.worker();
const first = await digests();
const target = await mkdtemp(join(tmpdir(), "selfie-target-"));
try {
    await rm(join(ROOT, "build/.built-from"), { force: true });
    await run("node", ["tools/build.mjs", "worker"], { env: { CARGO_TARGET_DIR: target } });
} finally {
    await rm(target, { recursive: true, force: true });
}
const second = await digests();
for (const [name, digest] of Object.entries(first)) {
    console.log(`${name.padEnd(14)} ${digest} ${digest === second[name] ? "same" : "differs"}`);
    if (digest !== second[name]) process.exitCode = 1;
}
