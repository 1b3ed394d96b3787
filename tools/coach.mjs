// `make coach`: drops a folder of photos into the built wizard, in Chromium, and prints what its
// coach says. The page, its worker and its networks are the product's own; only the API is answered
// here. Files named `bad-…` must be set aside for the reason in their name, `good-…` must not.

/* global document, window, Worker -- two functions run in the page */

import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";

import { chromium } from "@playwright/test";

import { en } from "../frontend/src/lib/text/en.ts";
import { ROOT, builders } from "./build.mjs";
import { CHROMIUM } from "./chromium.mjs";
import { atExit } from "./lifeline.mjs";

const SAMPLES = join(ROOT, "tests/fixtures/photos");
const PICTURE = /\.(jpe?g|png|webp|heic|heif)$/i;

/** The same pictures as 01, 03 and 05, turned or in another format: they belong to no one set. */
const TWINS = new Set(["good-13-orientation-6.jpg", "good-14.png", "good-15.webp"]);

/** Which finding the name of a bad photo promises. */
const PROMISES = {
    "bad-blurry": "blurry",
    "bad-bright": "too-bright",
    "bad-dark": "too-dark",
    "bad-near-duplicate": "same",
    "bad-no-face": "no-face",
    "bad-small-face": "face-too-small",
    "bad-small": "too-small",
    "bad-two-faces": "two-faces",
};

const MODEL = "1732290000000";
const MANY = 10_000;

/** The built pages, as the host serves them. */
function serve() {
    return new Promise((resolve, reject) => {
        const child = spawn("node", [join(ROOT, "tests/browser/static-site.mjs")], {
            env: { ...process.env, PORT: "0" },
            stdio: ["ignore", "pipe", "inherit"],
        });
        atExit(() => child.kill("SIGTERM"));
        child.stdout.once("data", (line) => resolve({ child, origin: String(line).trim() }));
        child.once("exit", (code) => reject(new Error(`the pages ended with ${code}`)));
    });
}

const answers = {
    "/api/account": {
        consent: { version: "1", accepted_at: "2026-01-01T00:00:00.000Z" },
        required_consent: "1",
        retention: { photo_days: 30 },
    },
    "/api/bytescale": {
        photos: [],
        limits: {
            max_photos: MANY,
            min_photos: 4,
            max_bytes: 10_485_760,
            min_side: 256,
            max_side: 12_000,
            max_pixels: 50_000_000,
        },
    },
};

async function answer(route) {
    const { pathname } = new URL(route.request().url());
    if (route.request().method() === "POST") return;
    const model = { id: MODEL, name: "Sample", subject: "person", state: "draft", versions: [] };
    await route.fulfill({ json: answers[pathname] ?? model });
}

/** Keeps what the worker says, which the page shows only in words. */
function listen() {
    window.looks = [];
    window.Worker = class extends Worker {
        constructor(...given) {
            super(...given);
            this.addEventListener("message", ({ data }) => window.looks.push(data));
        }
    };
}

/** What the page shows once nothing is left to look at. */
function read() {
    const text = (element) => element?.textContent.trim() ?? "";
    return {
        looks: window.looks,
        set: [...document.querySelectorAll("figure img, figure [role=img]")].map(
            (image) => image.getAttribute("alt") ?? image.getAttribute("aria-label"),
        ),
        aside: [...document.querySelectorAll("article")].map((article) => ({
            name: text(article.querySelector(".name")),
            title: text(article.querySelector("h4")),
        })),
    };
}

/** Shows the files of one set to the coach, in the given order. */
async function show(browser, origin, folder, names) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.route(/\/api\//, answer);
    await page.addInitScript(listen);
    await page.goto(`${origin}/studio/new?model=${MODEL}&step=photos`);
    const chooser = page.getByLabel(en.photos.choose);
    await chooser.setInputFiles(names.map((name) => join(folder, name)));
    await page.waitForFunction((count) => window.looks.length === count, names.length, {
        timeout: 60_000 + names.length * 20_000,
        polling: 250,
    });
    const shown = await page.evaluate(read);
    await context.close();
    return names.map((name, index) => row(name, shown.looks[index], shown));
}

/** One line of the table; `said` is the sentence that the page shows, or nothing. */
function row(name, look, { aside, set }) {
    const said = aside.find((one) => one.name === name)?.title ?? "";
    const finding =
        Object.entries({ ...en.photos.reasons, ...en.photos.unusable }).find(([, { title }]) =>
            title.includes("{n}") ? said.startsWith(title.split("{n}")[0]) : title === said,
        )?.[0] ?? (said ? "unknown" : null);
    const repeats = finding === "same" ? nameOf(said, set) : null;
    return { name, said: repeats ? `${said}, ${repeats}` : said, finding, repeats, ...look };
}

/** The name behind the number in `Same as photo 6`. */
function nameOf(said, set) {
    const number = /\d+/.exec(said)?.[0];
    const label = set.find((one) => one.startsWith(`Photo ${number}:`));
    return label?.slice(label.indexOf(":") + 2) ?? null;
}

/** Whether a bad photo was set aside for what its name says. */
function rightly({ name, finding, repeats }) {
    const promise = Object.entries(PROMISES).find(([prefix]) => name.startsWith(prefix))?.[1];
    if (!finding || (promise && promise !== finding)) return false;
    const of = /-of-(\d+)/.exec(name)?.[1];
    return !of || Boolean(repeats?.includes(of));
}

const WIDTHS = [34, 10, 8, 5, 5, 6, 0];
const columns = (cells) =>
    cells
        .map((cell, at) => cell.padEnd(WIDTHS[at]))
        .join(" ")
        .trimEnd();

function line({ name, said, looked }) {
    const report = looked?.report;
    const numbers = report
        ? [
              `${report.width}×${report.height}`,
              (report.sharpness.face ?? report.sharpness.picture).toFixed(4),
              report.light.mean.toFixed(0),
              String(report.faces.length),
              report.place ? "yes" : "",
          ]
        : ["", "", "", "", ""];
    return columns([name, ...numbers, said]);
}

const folder = resolve(process.argv[2] ?? SAMPLES);
const names = (await readdir(folder)).filter((name) => PICTURE.test(name)).sort();
if (names.length === 0) throw new Error(`there is no photo in ${folder}`);
// A set is there before what is added to it: the bad ones come last.
const isBad = (name) => name.startsWith("bad-");
const twins = names.filter((name) => TWINS.has(name));
const others = names.filter((name) => !TWINS.has(name));
const ordered = [...others.filter((name) => !isBad(name)), ...others.filter(isBad)];

await builders.frontend();
const { child, origin } = await serve();
const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
const rows = [];
for (const set of [ordered, twins].filter((set) => set.length > 0)) {
    rows.push(...(await show(browser, origin, folder, set)));
}
await browser.close();
child.removeAllListeners("exit");
child.kill("SIGTERM");

console.log(columns(["photo", "size", "sharp", "mean", "faces", "place", "set aside as"]));
for (const one of rows.sort((a, b) => a.name.localeCompare(b.name))) console.log(line(one));
const good = rows.filter(({ name }) => name.startsWith("good-"));
const bad = rows.filter(({ name }) => isBad(name));
const flaggedGood = good.filter(({ finding }) => finding !== null);
const flaggedBad = bad.filter(rightly);
for (const { name } of bad.filter((one) => !rightly(one))) {
    console.error(`coach: ${name} is not set aside for what its name says`);
}
console.log(
    `good=${good.length} flagged_good=${flaggedGood.length} bad=${bad.length} flagged_bad=${flaggedBad.length}`,
);
if (flaggedGood.length > 0 || flaggedBad.length < bad.length) process.exitCode = 1;
