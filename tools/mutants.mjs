// Changes the code by cargo-mutants, one place at a time, over the modules where a wrong decision
// costs money or lets somebody in, and counts how many changes a test notices. Which modules those
// are is in .cargo/mutants.toml; arguments such as `--shard 1/20` or `--file PATH` are handed on.
//
// There are two passes: the unit tests with few cases of each property, which take seconds and
// notice most changes, and then all unit and contract tests for what they let through.

import { spawn } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { ROOT } from "./build.mjs";
import { cargoTool } from "./cargo-tool.mjs";
import { atExit } from "./lifeline.mjs";
import { COPY, ENV, copyTree } from "./mutation-tree.mjs";

const VERSION = "27.1.0";
const LEAST = 0.9;
/** All was noticed, something was missed, something looped; else it did not come to its end. */
const ENDED = new Set([0, 2, 3]);
/** They take as long as all others together; what only they would notice counts as missed. */
const SLOW = [
    "costs::",
    "deleted_accounts::nothing_is_left_but_the_tombstone",
    "spend::a_day_that_is_spent_ends_at_midnight",
    "bundles::a_bundle_over_sixty_megabytes_is_refused",
];
const FOLDER = join(ROOT, "target/mutants");
const PROGRAM = await cargoTool("cargo-mutants", VERSION);

/** One run of cargo-mutants, into a folder of its own; answers its outcomes. */
async function pass(name, args, env) {
    const folder = join(FOLDER, name);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const common = [
        "mutants",
        "--in-place",
        "--dir",
        COPY,
        "--output",
        folder,
        "--colors",
        "never",
    ];
    const child = spawn(PROGRAM, [...common, ...args], {
        cwd: ROOT,
        // What a test may notice it notices without luck: each fuzz target tries one case.
        env: { ...ENV, FUZZ_SECONDS: "0", ...env },
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

await copyTree();
const unit = ["--cargo-arg=--lib", "--minimum-test-timeout=60"];
const first = await pass("unit", [...unit, ...process.argv.slice(2)], { PROPTEST_CASES: "8" });
const exactly = first.missed.map((name) => `--re=^${name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}$`);
const whole = ["--cargo-arg=--lib", "--cargo-arg=--test", "--cargo-arg=contract"];
const quick = ["--", "--", ...SLOW.flatMap((name) => ["--skip", name])];
const second =
    exactly.length > 0 ? await pass("contract", [...whole, ...exactly, ...quick]) : { missed: [] };
// A pattern lets a few changes in that it does not name; they were counted before.
const missed = second.missed.filter((name) => first.missed.includes(name));
for (const name of missed) console.log(`nothing notices ${name}`);
const total = first.noticed + first.missed.length;
const caught = total - missed.length;
console.log(`caught=${caught} total=${total}`);
// For `make bench`, which tells how many are missed; a part of them says nothing of all.
if (process.argv.length === 2) {
    await writeFile(join(ROOT, "target/mutants.json"), JSON.stringify({ caught, total }));
}
if (total === 0 || caught < total * LEAST) process.exitCode = 1;
