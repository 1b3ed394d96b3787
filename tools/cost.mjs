// `make cost`: what a picture and a training cost at Cloudflare, by the operations that
// tests/contract/costs.rs counts on the product in memory and by the published prices of the paid
// plan; beside a design that keeps everything in KV; and what grows how with the number of people.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

import { ROOT } from "./build.mjs";
import { atExit } from "./lifeline.mjs";

/** A ratio above this is a defect. */
const MAX_RATIO = 0.6;

/** Micro-dollars for each, on the paid plan beyond what is included. */
const PRICES = {
    requests: 0.3,
    cpu_ms: 0.02,
    kv_reads: 0.5,
    kv_writes: 5,
    ledger: 0.15,
    rows: 1,
    gb_s: 12.5,
};
/** More than is measured: see docs/OPERATIONS.md. */
const REQUEST_CPU_MS = 1.5;
const LEDGER_GB_S = 0.128 * 0.002;

/** Ten looks of three reads each, five writes, no ledger. */
const NAIVE = { requests: 12, kv_reads: 36, kv_writes: 5, ledger: 0, rows: 0 };

/** @returns {Record<string, number>} micro-dollars by what they are paid for */
function priced(counts) {
    const used = {
        ...counts,
        cpu_ms: counts.requests * REQUEST_CPU_MS,
        gb_s: counts.ledger * LEDGER_GB_S,
    };
    return Object.fromEntries(
        Object.entries(PRICES).map(([name, price]) => [name, used[name] * price]),
    );
}

const sum = (parts) => Object.values(parts).reduce((total, part) => total + part, 0);

/** Counts the operations of each job anew. */
export async function counted() {
    const args = [
        "test",
        "--quiet",
        "--locked",
        "--test",
        "contract",
        "--",
        "costs::",
        "--nocapture",
    ];
    const child = spawn("cargo", args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    const settled = atExit(() => child.kill("SIGTERM"));
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (chunk) => (output += chunk));
    }
    const code = await new Promise((resolve) => child.on("close", resolve));
    settled();
    if (code !== 0) throw new Error(`the operations could not be counted:\n${output}`);
    const jobs = {};
    for (const [, job, rest] of output.matchAll(/counted job=(\S+) (.+)$/gm)) {
        const pairs = rest.split(" ").map((pair) => pair.split("="));
        const { micro_usd: told, ...counts } = Object.fromEntries(
            pairs.map(([name, value]) => [name, Number(value)]),
        );
        if (Math.abs(sum(priced(counts)) - told) > 0.01) {
            throw new Error(`${job}: docs/OPERATIONS.md is made with other prices`);
        }
        jobs[job] = counts;
    }
    return jobs;
}

/** What a picture costs, as a part of what it costs where everything is kept in KV. */
export const ratioToNaive = (image) => sum(priced(image)) / sum(priced(NAIVE));

function show(name, counts) {
    const parts = priced(counts);
    const cells = [name, ...Object.values(parts).map((part) => part.toFixed(2))];
    console.log(`| ${cells.join(" | ")} | ${sum(parts).toFixed(2)} |`);
}

/** What is taken to be true of people; change it and run this again. */
const HABITS = { picturesPerMonth: 30, trainingsPerMonth: 0.5, visitsPerMonth: 20, peak: 5 };
const MONTH_S = 30 * 86_400;
/** A visit: the page asks who somebody is and for their lists. */
const VISIT = { requests: 4, kv_reads: 1, kv_writes: 0.5, ledger: 5, rows: 4 };
/** Messages that the one book of all people gets: holding and settling, and being told. */
const GLOBAL = { picture: 2.2, training: 3 };

const FREE_KV_WRITES = 1000;
const FREE_REQUESTS = 100_000;
const PLAN_USD = 5;

/** Each limit, what it is, and how much of it so many people use. */
const LIMITS = [
    ["free plan: KV writes a day", FREE_KV_WRITES, ({ daily }) => daily.kv_writes],
    ["free plan: requests a day", FREE_REQUESTS, ({ daily }) => daily.requests],
    ["Replicate: runs begun in a minute", 600, ({ peak }) => peak.runs * 60],
    ["the book of all people: messages a second", 1000, ({ peak }) => peak.global],
    ["one person's book: messages a second", 1000, () => 5],
    ["Durable Object storage of one person, GB", 10, () => 0.005],
];

function load(people, image, training) {
    const { picturesPerMonth, trainingsPerMonth, visitsPerMonth, peak } = HABITS;
    const monthly = Object.fromEntries(
        Object.keys(NAIVE).map((name) => [
            name,
            people *
                (picturesPerMonth * image[name] +
                    trainingsPerMonth * training[name] +
                    visitsPerMonth * VISIT[name]),
        ]),
    );
    const perSecond = (each) => (people * each * peak) / MONTH_S;
    const daily = { kv_writes: monthly.kv_writes / 30, requests: monthly.requests / 30 };
    // What the paid plan costs in any case, and includes, is not looked at but for its fee.
    const isPaid = daily.kv_writes > FREE_KV_WRITES || daily.requests > FREE_REQUESTS;
    return {
        usd: isPaid ? PLAN_USD + sum(priced(monthly)) / 1e6 : 0,
        daily,
        peak: {
            runs: perSecond(picturesPerMonth + trainingsPerMonth),
            global: perSecond(
                picturesPerMonth * GLOBAL.picture + trainingsPerMonth * GLOBAL.training,
            ),
        },
    };
}

const THEN = {
    "free plan: KV writes a day": "the paid plan, 5 USD a month",
    "free plan: requests a day": "the paid plan, 5 USD a month",
    "Replicate: runs begun in a minute":
        "orders wait for at most 15 s and are then refused with Retry-After, nothing charged: ask Replicate for more",
    "the book of all people: messages a second":
        "orders slow down and are refused when the book does not answer: divide it by the hash of the operation, each part with its part of the cap",
};

function grow(image, training) {
    const { picturesPerMonth, trainingsPerMonth, visitsPerMonth, peak } = HABITS;
    console.log(
        `\nA person makes ${picturesPerMonth} pictures, ${trainingsPerMonth} trainings and ${visitsPerMonth} visits a month; the busiest second is ${peak} times the mean.\n`,
    );
    console.log(
        "| people | USD a month | USD each | " + LIMITS.map(([name]) => name).join(" | ") + " |",
    );
    console.log(`|---|---|---|${"---|".repeat(LIMITS.length)}`);
    for (let people = 10; people <= 10_000_000; people *= 10) {
        const used = load(people, image, training);
        const parts = LIMITS.map(([, limit, use]) => `${((use(used) / limit) * 100).toFixed(1)} %`);
        const usd = [used.usd.toFixed(2), (used.usd / people).toFixed(5)];
        console.log(`| ${[people, ...usd, ...parts].join(" | ")} |`);
    }
    const one = load(1, image, training);
    const breaks = LIMITS.map(([name, limit, use]) => [name, Math.floor(limit / use(one))]);
    const growing = breaks
        .filter(([name]) => name in THEN)
        .sort(([, first], [, second]) => first - second);
    console.log("\nWhat breaks first, and what then:\n");
    for (const [name, people] of growing)
        console.log(`- ${name}: at ${people} people; ${THEN[name]}.`);
    return growing[0][1];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const jobs = await counted();
    const [image, training] = [jobs["one-image"], jobs["one-training"]];
    console.log("Micro-dollars for one, which are dollars for a million:\n");
    console.log(`| | ${Object.keys(PRICES).join(" | ")} | all |`);
    console.log(`|---|${"---|".repeat(Object.keys(PRICES).length + 1)}`);
    for (const [job, counts] of Object.entries(jobs)) show(job.replaceAll("-", " "), counts);
    show("an image, all in KV", NAIVE);
    const first = grow(image, training);
    const ratio = ratioToNaive(image);
    const perTraining = sum(priced(training)) / 1000;
    console.log(
        `\nusd_per_million_images=${sum(priced(image)).toFixed(2)} naive=${sum(priced(NAIVE)).toFixed(2)} usd_per_thousand_trainings=${perTraining.toFixed(3)} first_limit_at_people=${first} T8=${ratio.toFixed(3)}`,
    );
    if (ratio > MAX_RATIO) {
        console.error(`cost: an image costs more than ${MAX_RATIO} of what it costs in KV alone`);
        process.exitCode = 1;
    }
}
