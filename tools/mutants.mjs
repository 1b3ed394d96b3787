// Changes the code by cargo-mutants, one place at a time, over the modules where a wrong decision
// costs money or lets somebody in, and counts how many changes a test notices. Which modules those
// are is in .cargo/mutants.toml; arguments such as `--shard 1/20` or `--file PATH` are handed on.

import { execFileSync, spawn } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";

import { ROOT, run } from "./build.mjs";
import { atExit } from "./lifeline.mjs";

const VERSION = "27.1.0";
const PROGRAM = join(ROOT, ".tools/bin/cargo-mutants");
const LEAST = 0.9;
const FOLDER = join(ROOT, "target/mutants");

function installed() {
    try {
        return execFileSync(PROGRAM, ["mutants", "--version"]).toString().trim().split(" ")[1];
    } catch (error) {
        if (error.code === "ENOENT") return undefined;
        throw error;
    }
}

if (installed() !== VERSION) {
    console.error(`mutants: compiling cargo-mutants ${VERSION} (some minutes, once)`);
    const root = ["--root", join(ROOT, ".tools")];
    await run("cargo", [
        "install",
        "--quiet",
        "--locked",
        ...root,
        "cargo-mutants",
        "--version",
        VERSION,
    ]);
}
await rm(join(FOLDER, "mutants.out"), { recursive: true, force: true });
const args = ["mutants", "--output", FOLDER, "--colors", "never", ...process.argv.slice(2)];
// What a test may notice it notices without luck: each fuzz target tries one case.
const env = { ...process.env, FUZZ_SECONDS: "0" };
const child = spawn(PROGRAM, args, { cwd: ROOT, env, stdio: ["ignore", "inherit", "inherit"] });
const settled = atExit(() => child.kill("SIGTERM"));
await new Promise((resolve) => child.on("close", resolve));
settled();

const outcomes = JSON.parse(await readFile(join(FOLDER, "mutants.out/outcomes.json"), "utf8"));
// What loops for ever is noticed too; what does not compile is no change.
const caught = outcomes.caught + outcomes.timeout;
const total = caught + outcomes.missed;
console.log(`caught=${caught} total=${total}`);
if (total === 0 || caught < total * LEAST) process.exitCode = 1;
