// Runs the test layers that it is given, in that order, shows the runners' own output,
// and ends with one line of counts. A layer that fails, panics or runs nothing fails the
// whole, but the layers after it still run. It holds no test itself.

import { spawn } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { ROOT, builders, run } from "./build.mjs";
import { CRON, startInstance } from "./instance.mjs";
import { atExit } from "./lifeline.mjs";

/** The cron trigger in the browser tests: production's is every two minutes. */
const CRON_MS = 5000;
/** What the stand-in for Turnstile knows; the second instance has the box on its sign-in page. */
const GUARD = {
    TURNSTILE_SITE_KEY: "0xdevelopmentonlysitekey",
    TURNSTILE_SECRET: "0xdevelopmentonlyturnstilesecret",
};

/** Runs a program, shows and collects its output, and never rejects. */
function observe(program, args, env = {}) {
    return new Promise((resolve) => {
        const child = spawn(program, args, {
            cwd: ROOT,
            env: { ...process.env, NODE_ENV: "test", ...env },
            stdio: ["ignore", "pipe", "inherit"],
        });
        const settled = atExit(() => child.kill("SIGTERM"));
        let output = "";
        child.stdout.on("data", (chunk) => {
            output += chunk;
            process.stdout.write(chunk);
        });
        child.on("error", (error) => resolve({ ok: false, output: `${output}\n${error.message}` }));
        child.on("close", (code) => {
            settled();
            resolve({ ok: code === 0, output });
        });
    });
}

/** Adds up the first group of every match. */
function sum(output, pattern) {
    return [...output.matchAll(pattern)].reduce((total, [, count]) => total + Number(count), 0);
}

const inCargo = async (...args) => {
    const { ok, output } = await observe("cargo", ["test", "--locked", ...args]);
    return { ok, passed: sum(output, /^test result: \w+\. (\d+) passed/gm) };
};

/** Each history that holds counts as one test. */
async function simulation() {
    const { ok, output } = await observe("cargo", ["test", "--locked", "--test", "simulation"]);
    return { ok, passed: sum(output, /^seeds=(\d+) .* violations=0 /gm) };
}

async function workerd() {
    const folder = join(ROOT, "tests/workerd");
    const files = (await readdir(folder)).filter((name) => name.endsWith(".test.mjs")).sort();
    const { ok, output } = await observe("node", [
        "--test",
        "--test-reporter=spec",
        "--test-concurrency=4",
        ...files.map((name) => join(folder, name)),
    ]);
    return { ok, passed: sum(output, /^ℹ pass (\d+)$/gm) };
}

async function browser() {
    const instance = await startInstance({ trainingMs: 3000, predictionMs: 1000 });
    const cron = setInterval(() => {
        instance.scheduled().catch((error) => console.error(`cron ${CRON}: ${error.message}`));
    }, CRON_MS);
    const guarded = await startInstance({ vars: GUARD });
    try {
        const { ok, output } = await observe(
            "playwright",
            ["test", "--config", "tests/browser/playwright.config.ts"],
            {
                APP_ORIGIN: instance.appOrigin,
                STAND_INS: instance.standIns,
                GUARDED_ORIGIN: guarded.appOrigin,
            },
        );
        instance.assertNoPanic();
        guarded.assertNoPanic();
        return { ok, passed: sum(output, /^\s+(\d+) passed \(/gm) };
    } finally {
        clearInterval(cron);
        await guarded.stop();
        await instance.stop();
    }
}

const compileTests = () => run("cargo", ["test", "--quiet", "--locked", "--workspace", "--no-run"]);
const buildAll = async () => {
    for (const build of Object.values(artefacts)) await build();
};
const { worker, frontend, "stand-ins": standIns } = builders;
const artefacts = { standIns, worker, frontend };

const LAYERS = {
    unit: { prepare: compileTests, test: () => inCargo("--workspace", "--lib", "--bins") },
    contract: {
        prepare: compileTests,
        test: () => inCargo("--test", "contract", "--test", "tidy"),
    },
    simulation: { prepare: compileTests, test: simulation },
    workerd: { prepare: buildAll, test: workerd },
    browser: { prepare: buildAll, test: browser },
};

const started = performance.now();
const prepared = new Set();
const counts = [];
for (const name of process.argv.slice(2)) {
    const layer = LAYERS[name];
    if (!layer)
        throw new Error(`no layer is called ${name}; there are ${Object.keys(LAYERS).join(", ")}`);
    let result = { ok: false, passed: 0 };
    try {
        if (!prepared.has(layer.prepare)) {
            await layer.prepare();
            prepared.add(layer.prepare);
        }
        result = await layer.test();
    } catch (error) {
        console.error(`${name}: ${error.message}`);
    }
    if (result.passed === 0) console.error(`${name}: nothing passed`);
    if (!result.ok || result.passed === 0) process.exitCode = 1;
    counts.push(`${name}=${result.passed}`);
}
const seconds = Math.round((performance.now() - started) / 1000);
console.log(`${counts.join(" ")} seconds=${seconds}`);
if (counts.length === Object.keys(LAYERS).length && !process.exitCode) {
    // For `make bench`, which tells how long the tests take.
    await writeFile(join(ROOT, "target/suite.json"), JSON.stringify({ seconds }));
}
