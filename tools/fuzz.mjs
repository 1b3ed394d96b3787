// Runs every fuzz target for a minute, or for FUZZ_SECONDS, and ends with one line of counts.
// The targets are the tests in modules called `fuzz`; this only starts them and adds up.

import { spawn } from "node:child_process";

import { ROOT } from "./build.mjs";
import { atExit } from "./lifeline.mjs";

const env = { ...process.env, FUZZ_SECONDS: process.env.FUZZ_SECONDS ?? "60" };
const args = ["test", "--quiet", "--locked", "--lib", "fuzz::", "--", "--nocapture"];
const child = spawn("cargo", args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "inherit"] });
const settled = atExit(() => child.kill("SIGTERM"));

let output = "";
child.stdout.on("data", (chunk) => {
    output += chunk;
    process.stdout.write(chunk);
});
child.on("close", (code) => {
    settled();
    const targets = [...output.matchAll(/fuzz target=.+ cases=(\d+)/g)];
    const cases = targets.reduce((sum, [, count]) => sum + Number(count), 0);
    const failures = Number(/^test result: .* (\d+) failed/m.exec(output)?.[1] ?? 1);
    console.log(`targets=${targets.length} cases=${cases} failures=${failures}`);
    if (code !== 0 || targets.length === 0) process.exitCode = 1;
});
