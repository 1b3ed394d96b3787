// Copies of the code in which checks are taken out. Each stands in one place and keeps what was
// compiled, so that a change costs what it costs to compile that change.

import { execFileSync } from "node:child_process";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

import { ROOT } from "./build.mjs";

/**
 * Makes a copy of what is committed or staged. A file that is the same already is left alone, and
 * any other is written anew: cargo compiles by times, and what broke off left its changes behind.
 * Answers where the copy is and the environment of a cargo that runs in it; without debug
 * information that links faster.
 * @param {number} lane several copies can be worked in at once
 * @param {{asItIs?: boolean}} options `asItIs` takes the copy that is there
 */
export async function copyTree(lane = 0, { asItIs = false } = {}) {
    const place = join(ROOT, "target/mutations", String(lane));
    const copy = join(place, "tree");
    if (!asItIs) await bringUpToDate(copy);
    const env = {
        ...process.env,
        CARGO_TARGET_DIR: join(place, "target"),
        CARGO_PROFILE_DEV_DEBUG: "none",
        // A test that fails is what is hoped for, and where it failed takes longer than the test.
        RUST_BACKTRACE: "0",
        // A copy is no tree of git.
        SELFIE_REVISION: "copy",
    };
    return { copy, env };
}

async function bringUpToDate(copy) {
    await mkdir(copy, { recursive: true });
    const listed = execFileSync("git", ["ls-files", "-z"], { cwd: ROOT }).toString();
    const wanted = new Set(listed.split("\0").filter(Boolean));
    for (const entry of await readdir(copy, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        if (entry.isFile() && !wanted.has(relative(copy, path))) await rm(path);
    }
    for (const path of wanted) {
        const content = await readFile(join(ROOT, path));
        const held = await readFile(join(copy, path)).catch(() => undefined);
        if (held && content.equals(held)) continue;
        await mkdir(dirname(join(copy, path)), { recursive: true });
        await writeFile(join(copy, path), content);
    }
}
