// Changes the code by cargo-mutants, one place at a time, over the modules where a wrong decision
// costs money or lets somebody in, and counts how many changes a test notices. Which modules those
// are is in .cargo/mutants.toml; arguments such as `--shard 1/20` or `--file PATH` are handed on.
//
// There are two passes: the unit tests, which take seconds and notice most changes, and then the
// contract tests for what they let through. Each processor has a copy of the code of its own.

import { spawn } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";

import { ROOT } from "./build.mjs";
import { cargoTool } from "./cargo-tool.mjs";
import { listed, missedByContract } from "./contract-pass.mjs";
import { atExit } from "./lifeline.mjs";
import { copyTree } from "./mutation-tree.mjs";

const VERSION = "27.1.0";
const LEAST = 0.9;
/** All was noticed, something was missed, something looped; else it did not come to its end. */
const ENDED = new Set([0, 2, 3]);
/** Whether a picture is read right shows nothing of what is changed. */
const ASIDE = ["--", "--", "--skip", "media::"];
/** Goes on after a first pass that was done, in the copies that it left. */
const RESUME = process.argv.includes("--resume");
const ARGS = process.argv.slice(2).filter((arg) => arg !== "--resume");
/** Whoever asks for a share of the changes gets it in one piece. */
const LANES = ARGS.some((arg) => arg.startsWith("--shard")) ? 1 : availableParallelism();
const FOLDER = join(ROOT, "target/mutants");
const PROGRAM = await cargoTool("cargo-mutants", VERSION);

/** The unit tests, by one run of cargo-mutants in a copy; answers what it found. */
async function unitPass(lane, { copy, env }) {
    const folder = join(FOLDER, `unit-${lane}`);
    if (!RESUME) {
        await rm(folder, { recursive: true, force: true });
        await mkdir(folder, { recursive: true });
        const part = LANES > 1 ? [`--shard=${lane}/${LANES}`, "--sharding=round-robin"] : [];
        const place = ["--in-place", "--dir", copy, "--output", folder, "--colors", "never"];
        const tests = ["--cargo-arg=--lib", "--minimum-test-timeout=20"];
        const args = ["mutants", ...place, ...tests, ...part, ...ARGS, ...ASIDE];
        const child = spawn(PROGRAM, args, {
            cwd: ROOT,
            env,
            stdio: ["ignore", "inherit", "inherit"],
        });
        const settled = atExit(() => child.kill("SIGTERM"));
        const code = await new Promise((resolve) => child.on("close", resolve));
        settled();
        if (!ENDED.has(code)) throw new Error(`cargo-mutants ended with ${code}`);
    }
    const read = (file) => readFile(join(folder, "mutants.out", file), "utf8");
    const { caught, timeout } = JSON.parse(await read("outcomes.json"));
    // What loops for ever is noticed too; what does not compile is no change.
    return {
        noticed: caught + timeout,
        missed: (await read("missed.txt")).split("\n").filter(Boolean),
    };
}

/** Both passes over one share of the changes. */
async function share(lane) {
    const tree = await copyTree(lane, { asItIs: RESUME });
    // What a test may notice it notices without luck: properties try few cases.
    Object.assign(tree.env, { FUZZ_SECONDS: "0", PROPTEST_CASES: "8" });
    const first = await unitPass(lane, tree);
    const all = listed(PROGRAM, tree);
    const left = first.missed.map((name) => all.get(name));
    const missed = await missedByContract(left, tree);
    return { noticed: first.noticed + left.length - missed.length, missed };
}

const shares = await Promise.all(Array.from({ length: LANES }, (_, lane) => share(lane)));
const missed = shares.flatMap((it) => it.missed);
for (const name of missed) console.log(`nothing notices ${name}`);
const caught = shares.reduce((sum, { noticed }) => sum + noticed, 0);
const total = caught + missed.length;
console.log(`caught=${caught} total=${total}`);
// For `make bench`, which tells how many are missed; a part of them says nothing of all.
if (ARGS.length === 0) {
    await writeFile(join(ROOT, "target/mutants.json"), JSON.stringify({ caught, total }));
}
if (total === 0 || caught < total * LEAST) process.exitCode = 1;
