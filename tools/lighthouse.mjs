// Lighthouse as on a phone over the built site on workerd: three runs of each page, and of each
// figure the median. The last line has the worst page's; it fails when one is below its gate.

import { setTimeout as pause } from "node:timers/promises";

import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

import { builders } from "./build.mjs";
import { CHROMIUM } from "./chromium.mjs";
import { Client, samplePhotos } from "./client.mjs";
import { startInstance } from "./instance.mjs";

const PAGES = ["/", "/sign-in", "/studio"];
const RUNS = 3;
const GATES = { performance: 90, accessibility: 100, best_practices: 95 };
const MAX_SHIFT = 0.05;
const FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu"];

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Somebody with a trained model, since an empty studio would be too easy. */
async function somebody(instance) {
    const person = new Client(instance);
    await person.signIn("lighthouse@example.com");
    await person.consent();
    const { id } = await person.createModel("Lighthouse", "woman");
    for (const photo of await samplePhotos(4)) await person.upload(id, photo);
    await person.train(id);
    await person.whenFinished(`/api/model/${id}`, { withinMs: 60_000 });
    return [...person.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
}

async function measure(url, port, cookie) {
    const { lhr } = await lighthouse(url, {
        port,
        output: "json",
        logLevel: "error",
        onlyCategories: ["performance", "accessibility", "best-practices"],
        extraHeaders: { Cookie: cookie },
    });
    if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
    const { performance, accessibility, "best-practices": practices } = lhr.categories;
    const percent = ({ score }) => Math.round(score * 100);
    const failed = Object.values(lhr.audits).filter(
        ({ score, scoreDisplayMode }) => score === 0 && scoreDisplayMode === "binary",
    );
    return {
        performance: percent(performance),
        accessibility: percent(accessibility),
        best_practices: percent(practices),
        cls: lhr.audits["cumulative-layout-shift"].numericValue,
        failed: failed.map(({ id }) => id),
    };
}

for (const build of [builders.worker, builders.frontend, builders["stand-ins"]]) await build();
const instance = await startInstance({ trainingMs: 500, predictionMs: 200 });
const chrome = await launch({
    chromePath: CHROMIUM,
    chromeFlags: FLAGS,
});
const worst = { performance: 100, accessibility: 100, best_practices: 100, cls: 0 };
try {
    const cookie = await somebody(instance);
    for (const page of PAGES) {
        const runs = [];
        for (let n = 0; n < RUNS; n += 1) {
            runs.push(await measure(`${instance.appOrigin}${page}`, chrome.port, cookie));
            await pause(500);
        }
        const figures = {};
        for (const name of Object.keys(worst)) {
            figures[name] = median(runs.map((run) => run[name]));
            const worse = name === "cls" ? Math.max : Math.min;
            worst[name] = worse(worst[name], figures[name]);
        }
        const failed = [...new Set(runs.flatMap((run) => run.failed))].join(" ");
        console.log(page.padEnd(10), JSON.stringify(figures), failed);
    }
} finally {
    chrome.kill();
    await instance.stop();
}
const { performance, accessibility, best_practices, cls } = worst;
console.log(
    `performance=${performance} accessibility=${accessibility} best_practices=${best_practices} cls=${cls.toFixed(3)}`,
);
const missed = Object.entries(GATES).filter(([name, gate]) => worst[name] < gate);
if (missed.length > 0 || cls > MAX_SHIFT) process.exitCode = 1;
