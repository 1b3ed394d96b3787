// Measures what an export costs workerd in memory: an account with many large pictures is
// made, exported once, and the peak of the process is held against what it had before.
// Ends in one line of key=value pairs; fails when the peak is over the limit.

import { readFile, readdir, writeFile } from "node:fs/promises";

import { promisedEntries } from "./archive.mjs";
import { Client, samplePhotos } from "./client.mjs";
import { startInstance } from "./instance.mjs";

const IMAGES = Number(process.argv[2] ?? 500);
const PHOTOS = 4;
const AT_ONCE = 4;
const LIMIT_KB = 64 * 1024;

/** The workerd that this very process started. */
async function findWorkerd() {
    for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
        const [status, name] = await Promise.all([
            readFile(`/proc/${pid}/status`, "utf8").catch(() => ""),
            readFile(`/proc/${pid}/comm`, "utf8").catch(() => ""),
        ]);
        const isOurs = status.includes(`\nPPid:\t${process.pid}\n`);
        if (isOurs && name.startsWith("workerd")) return pid;
    }
    throw new Error("no workerd was started by this process");
}

async function memory(pid, what) {
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    return Number(new RegExp(`^${what}:\\s+(\\d+) kB`, "m").exec(status)[1]);
}

async function makePictures(person, model) {
    let ordered = 0;
    const one = async () => {
        while (ordered < IMAGES) {
            ordered += 4;
            const order = { model, prompt: `picture ${ordered}`, count: 4, format: "png" };
            const { id } = await person.create(order);
            const seen = await person.whenFinished(`/api/prediction/${id}`, {
                withinMs: 600_000,
                everyMs: 1000,
            });
            if (seen.state !== "succeeded") throw new Error(`a picture is ${seen.state}`);
        }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
}

/** Reads the export and keeps its last bytes only. */
async function readExport(instance, person) {
    const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(`${instance.appOrigin}/api/account/export`, { headers: { cookie } });
    if (answer.status !== 200) throw new Error(`the export is answered with ${answer.status}`);
    let bytes = 0;
    let tail = Buffer.alloc(0);
    for await (const piece of answer.body) {
        bytes += piece.length;
        tail = Buffer.concat([tail, piece]).subarray(-64);
    }
    return { bytes, entries: promisedEntries(tail) };
}

const vars = { QUOTA_PREDICTIONS_PER_DAY: "100000" };
const instance = await startInstance({ trainingMs: 0, predictionMs: 0, vars });
try {
    const person = new Client(instance, { address: "10.9.9.9" });
    await person.signIn("export@example.com");
    await person.consent();
    const { id: model } = await person.createModel();
    for (const photo of await samplePhotos(PHOTOS)) await person.upload(model, photo);
    await person.train(model);
    await person.whenFinished(`/api/model/${model}`, { withinMs: 120_000 });
    await makePictures(person, model);

    const pid = await findWorkerd();
    const idleKb = await memory(pid, "VmRSS");
    // The peak so far is of making the pictures; from here on it is of the export.
    await writeFile(`/proc/${pid}/clear_refs`, "5");
    const begun = Date.now();
    const { bytes, entries } = await readExport(instance, person);
    const seconds = (Date.now() - begun) / 1000;
    const overKb = (await memory(pid, "VmHWM")) - idleKb;
    instance.assertNoPanic();
    if (entries === null) throw new Error("the export has no end");
    console.log(
        `export images=${IMAGES} entries=${entries} bytes=${bytes} idle_kb=${idleKb} ` +
            `over_idle_kb=${overKb} limit_kb=${LIMIT_KB} seconds=${seconds.toFixed(1)}`,
    );
    if (overKb > LIMIT_KB) process.exitCode = 1;
} finally {
    await instance.stop();
}
