// `make reproduce`: builds the Worker here and from nothing in a copy of the sources elsewhere, and
// compares what would be deployed, byte by byte. Neither may name a path of this machine. It takes
// as long as a first build; the pages are compared by a test.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { ROOT, builders, run } from "./build.mjs";

const ARTEFACTS = ["index_bg.wasm", "index.js"];

/** The sources as they are here, committed or not, and the installed tools, which are no sources. */
async function copyTo(folder) {
    const list = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
    const names = execFileSync("git", list, { cwd: ROOT }).toString().split("\0");
    for (const name of names.filter((name) => name !== "" && existsSync(join(ROOT, name)))) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await cp(join(ROOT, name), join(folder, name));
    }
    for (const name of ["node_modules", ".tools"]) {
        await symlink(join(ROOT, name), join(folder, name));
    }
}

async function read(folder) {
    const files = ARTEFACTS.map((name) => readFile(join(folder, "build", name)));
    return Promise.all(files);
}

const revision = execFileSync("git", ["rev-parse", "--short=12", "HEAD"], { cwd: ROOT });
const env = { SELFIE_REVISION: revision.toString().trim() };
Object.assign(process.env, env);

await rm(join(ROOT, "build/.built-from"), { force: true });
await builders.worker();
const elsewhere = await mkdtemp(join(tmpdir(), "elsewhere-"));
try {
    await copyTo(elsewhere);
    await run("node", ["tools/build.mjs", "worker"], {
        cwd: elsewhere,
        env: { ...env, CARGO_TARGET_DIR: join(elsewhere, "target") },
    });
    const [here, there] = [await read(ROOT), await read(elsewhere)];
    let [same, paths] = [0, 0];
    for (const [index, name] of ARTEFACTS.entries()) {
        const equal = here[index].equals(there[index]);
        if (equal) same += 1;
        const digest = createHash("sha256").update(here[index]).digest("hex");
        console.log(`${name.padEnd(14)} ${digest} ${equal ? "same" : "differs"}`);
        for (const path of [ROOT, elsewhere, homedir()]) {
            for (const bytes of [here[index], there[index]]) {
                if (!bytes.includes(path)) continue;
                console.log(`${name}: names ${path}`);
                paths += 1;
            }
        }
    }
    console.log(`artefacts=${ARTEFACTS.length} same=${same} machine_paths=${paths}`);
    if (same !== ARTEFACTS.length || paths > 0) process.exitCode = 1;
} finally {
    await rm(elsewhere, { recursive: true, force: true });
}
