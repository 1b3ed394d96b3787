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
import { atExit } from "./lifeline.mjs";
import { copyTree } from "./mutation-tree.mjs";

const VERSION = "27.1.0";
const LEAST = 0.9;
/** All was noticed, something was missed, something looped; else it did not come to its end. */
const ENDED = new Set([0, 2, 3]);
/** Whether a picture is read right shows nothing of what is changed. */
const ASIDE = ["media::"];
/** They take as long as all others together; what only they would notice counts as missed. */
const SLOW = [
    "costs::",
    "spend::a_day_that_is_spent_ends_at_midnight",
    "bundles::a_bundle_over_sixty_megabytes_is_refused",
];
const without = (names) => ["--", "--", ...names.flatMap((name) => ["--skip", name])];
const ARGS = process.argv.slice(2);
/** Whoever asks for a share of the changes gets it in one piece. */
const LANES = ARGS.some((arg) => arg.startsWith("--shard")) ? 1 : availableParallelism();
const FOLDER = join(ROOT, "target/mutants");
const PROGRAM = await cargoTool("cargo-mutants", VERSION);

/** One run of cargo-mutants in a copy, into a folder of its own; answers its outcomes. */
async function pass(name, { copy, env }, args) {
    const folder = join(FOLDER, name);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const common = ["--in-place", "--dir", copy, "--output", folder, "--colors", "never"];
    const child = spawn(PROGRAM, ["mutants", ...common, ...args], {
        cwd: ROOT,
        // What a test may notice it notices without luck: properties try few cases.
        env: { ...env, FUZZ_SECONDS: "0", PROPTEST_CASES: "8" },
        stdio: ["ignore", "inherit", "inherit"],
    });
    const settled = atExit(() => child.kill("SIGTERM"));
    const code = await new Promise((resolve) => child.on("close", resolve));
    settled();
    if (!ENDED.has(code)) throw new Error(`cargo-mutants ended with ${code}: nothing was counted`);
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
    const tree = await copyTree(lane);
    const part = LANES > 1 ? [`--shard=${lane}/${LANES}`, "--sharding=round-robin"] : [];
    const unit = ["--cargo-arg=--lib", "--minimum-test-timeout=20"];
    const first = await pass(`unit-${lane}`, tree, [...unit, ...part, ...ARGS, ...without(ASIDE)]);
    if (first.missed.length === 0) return first;
    const exactly = first.missed.map((it) => `--re=^${it.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}$`);
    const contract = ["--cargo-arg=--test", "--cargo-arg=contract", ...exactly];
    const second = await pass(`contract-${lane}`, tree, [...contract, ...without(SLOW)]);
    // A pattern lets a few changes in that it does not name; they were counted before.
    const missed = second.missed.filter((it) => first.missed.includes(it));
    return { noticed: first.noticed + first.missed.length - missed.length, missed };
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
