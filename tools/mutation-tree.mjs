// The copy of the code in which checks are taken out: it stands in one place and keeps what was
// compiled, so that a change costs what it costs to compile that change.

import { execFileSync } from "node:child_process";
import { cp, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

import { ROOT } from "./build.mjs";

export const COPY = join(ROOT, "target/mutations/tree");

/** The environment of a cargo that runs in the copy; without debug information it links faster. */
export const ENV = {
    ...process.env,
    CARGO_TARGET_DIR: join(ROOT, "target/mutations/target"),
    CARGO_PROFILE_DEV_DEBUG: "none",
};

/** Copies what is committed or staged, with its times: cargo sees what changed since the last copy. */
export async function copyTree() {
    await rm(COPY, { recursive: true, force: true });
    const listed = execFileSync("git", ["ls-files", "-z"], { cwd: ROOT });
    for (const path of listed.toString().split("\0").filter(Boolean)) {
        await mkdir(dirname(join(COPY, path)), { recursive: true });
        await cp(join(ROOT, path), join(COPY, path), { preserveTimestamps: true });
    }
}
