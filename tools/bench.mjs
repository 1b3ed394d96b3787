// `make bench`: what the built Worker costs, as ratios to an empty Worker, to a workers-rs hello and
// to a twin written with Hono, all in one workerd and in turns. How, and what the figures mean, is
// in docs/PERFORMANCE.md. It ends with one line of figures, and with failure when a gate fails.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { compare } from "./bench/compare.mjs";
import { measureCpu, measureTails } from "./bench/measure.mjs";
import { becomeSomebody, countKv } from "./bench/prepare.mjs";
import { startUp } from "./bench/start-up.mjs";
import { judge } from "./bench/targets.mjs";
import { startArms } from "./bench/workerd.mjs";
import { ROOT, builders } from "./build.mjs";
import { counted, ratioToNaive } from "./cost.mjs";
import { freePort } from "./instance.mjs";
import { pageSizes } from "./page-size.mjs";
import { startStandIns } from "./stand-ins.mjs";
import { exampleVariables, rebased } from "./variables.mjs";
import { workerSizes } from "./worker-size.mjs";

/** Fewer leave a tenth to chance on a machine that others use too. */
const ROUNDS = 15;
const START_UPS = 15;
/** The picture must still be under way when it is polled. */
const PREDICTION_MS = 5000;
const RESULTS = join(ROOT, "bench/results.json");

/** What is requested of which arm, and the status it must answer with. */
function targetsFor(ports, cookie) {
    const signedIn = { path: "/api/verify-token", headers: { cookie }, status: 200 };
    const missing = { path: "/api/nothing", status: 404 };
    const root = { path: "/", status: 200 };
    return [
        { name: "product", port: ports.product, ...signedIn },
        { name: "twin", port: ports.twin, ...signedIn },
        { name: "product, 404", port: ports.product, ...missing },
        { name: "twin, 404", port: ports.twin, ...missing },
        { name: "empty", port: ports.empty, ...root },
        { name: "hello", port: ports.hello, ...root },
    ];
}

/** T1 to T5, on workerd. */
async function onWorkerd(rounds) {
    const port = await freePort();
    const appOrigin = `http://127.0.0.1:${port}`;
    const standIns = await startStandIns({
        appOrigin,
        trainingMs: 1000,
        predictionMs: PREDICTION_MS,
    });
    const variables = rebased(await exampleVariables(), {
        app: appOrigin,
        standIns: standIns.origin,
    });
    const arms = await startArms(variables, port).catch(async (error) => {
        await standIns.stop();
        throw error;
    });
    try {
        const person = await becomeSomebody({ appOrigin, control: standIns.control });
        const headers = { cookie: person.cookie };
        await compare(arms.ports, [
            { path: "/api/verify-token", headers },
            { path: "/api/verify-token" },
            { path: "/api/nothing" },
        ]);
        const kv = await countKv(person, arms.counts);
        const targets = targetsFor(arms.ports, person.cookie);
        const cpu = await measureCpu(arms.pid, targets, rounds);
        for (const [name, { cpuUs, perSecond }] of Object.entries(cpu)) {
            console.log(
                `${name.padEnd(14)} ${cpuUs.toFixed(1).padStart(6)} µs of CPU per request, ${Math.round(perSecond)} requests/s`,
            );
        }
        // The others tell how much of a tail is the runtime's.
        const compared = targets.filter(({ name }) => !name.endsWith("404"));
        const tails = await measureTails(compared, rounds);
        for (const [name, { p50, p90, p99 }] of Object.entries(tails)) {
            console.log(
                `${name.padEnd(14)} p50 ${p50.toFixed(2)} ms, p90 ${p90.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`,
            );
        }
        const kvFigures = Object.entries(kv).flatMap(([step, { reads, writes }]) => [
            [`T4_${step}_reads`, reads],
            [`T4_${step}_writes`, writes],
        ]);
        return {
            T1: cpu.product.cpuUs / cpu.twin.cpuUs,
            T2: cpu["product, 404"].cpuUs / cpu.empty.cpuUs,
            T3: cpu.product.cpuUs / cpu.empty.cpuUs,
            ...Object.fromEntries(kvFigures),
            T5_p99_p50: tails.product.p99 / tails.product.p50,
            T5_p99_empty: tails.product.p99 / tails.empty.p99,
        };
    } finally {
        await arms.stop();
        await standIns.stop();
    }
}

/** What other runs have left behind about the tests: minutes, and mutants that were missed. */
async function recorded() {
    const read = async (file) => {
        try {
            return JSON.parse(await readFile(join(ROOT, file), "utf8"));
        } catch (error) {
            if (error.code === "ENOENT") return {};
            throw error;
        }
    };
    const suite = await read("target/suite.json");
    const { caught, total } = await read("target/mutants.json");
    return {
        T12_minutes: suite.seconds / 60,
        T12_missed: 1 - caught / total,
    };
}

const { values } = parseArgs({ options: { rounds: { type: "string", default: `${ROUNDS}` } } });
const { ratio: T6 } = await workerSizes();
await builders.twin();
const figures = { ...(await onWorkerd(Number(values.rounds))), T6 };
const { product, hello } = await startUp(
    { product: "build/index.js", hello: "bench/hello/build/index.js" },
    START_UPS,
);
console.log(`active at start-up: ${product.toFixed(1)} ms, hello ${hello.toFixed(1)} ms`);
Object.assign(figures, {
    T7: product / hello,
    T8: ratioToNaive((await counted())["one-image"]),
    T11: await pageSizes(),
    ...(await recorded()),
});
// For whoever wants one number of each row.
figures.T4 = Object.entries(figures)
    .filter(([name]) => name.startsWith("T4_"))
    .reduce((sum, [, count]) => sum + count, 0);
figures.T5 = figures.T5_p99_p50;
figures.T12 = figures.T12_minutes;
const results = Object.fromEntries(
    Object.entries(figures)
        .filter(([, value]) => Number.isFinite(value))
        .map(([name, value]) => [name, Number(value.toFixed(3))]),
);
await writeFile(RESULTS, `${JSON.stringify(results, null, 4)}\n`);

const judged = judge(results);
console.log("\n| | | measured | gate | good | moonshot | reached |\n|---|---|---|---|---|---|---|");
for (const { id, what, values: measured, limits, reached } of judged) {
    console.log(`| ${id} | ${what} | ${measured} | ${limits.join(" | ")} | ${reached} |`);
}
console.log(
    `\n${Object.entries(results)
        .map(([name, value]) => `${name}=${value}`)
        .join(" ")}`,
);
const failed = judged.filter(({ reached }) => reached === "none").map(({ id }) => id);
if (failed.length > 0) {
    console.error(`bench: the gate fails for ${failed.join(", ")}`);
    process.exitCode = 1;
}
