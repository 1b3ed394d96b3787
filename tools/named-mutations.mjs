// Takes one check at a time out of a copy of the code and runs the tests that must notice it.
// What is taken out stands in named-mutations.json, which a tidy test holds against the code.

import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { ROOT } from "./build.mjs";
import { atExit } from "./lifeline.mjs";
import { copyTree } from "./mutation-tree.mjs";

const { copy, env } = await copyTree();

/** Runs tests in the copy; answers how many passed and failed, or nothing when it did not compile. */
function runTests(args) {
    return new Promise((resolve) => {
        const child = spawn("cargo", ["test", "--quiet", "--locked", "--no-fail-fast", ...args], {
            cwd: copy,
            env,
            stdio: ["ignore", "pipe", "pipe"],
        });
        const settled = atExit(() => child.kill("SIGTERM"));
        let output = "";
        for (const stream of [child.stdout, child.stderr]) {
            stream.on("data", (chunk) => (output += chunk));
        }
        child.on("close", () => {
            settled();
            const result = /^test result: \w+\. (\d+) passed; (\d+) failed/m.exec(output);
            if (!result) console.error(output);
            resolve(result ? { passed: Number(result[1]), failed: Number(result[2]) } : undefined);
        });
    });
}

const all = JSON.parse(await readFile(join(ROOT, "tools/named-mutations.json"), "utf8"));
const wanted = process.argv.slice(2);
const mutations = all.filter(({ name }) => wanted.every((word) => name.includes(word)));
let noticed = 0;
for (const { name, file, find, replace, tests } of mutations) {
    const path = join(copy, file);
    const original = await readFile(path, "utf8");
    if (original.split(find).length !== 2) throw new Error(`${name}: ${file} has changed`);
    await writeFile(
        path,
        original.replace(find, () => replace),
    );
    const result = await runTests(tests);
    await writeFile(path, original);
    if (result?.failed > 0) noticed += 1;
    const said = result
        ? `${result.failed} of ${result.passed + result.failed} tests fail`
        : "ERROR";
    console.log(`without ${name}: ${said}`);
}
console.log(`noticed=${noticed} total=${mutations.length}`);
if (noticed < mutations.length || mutations.length === 0) process.exitCode = 1;
