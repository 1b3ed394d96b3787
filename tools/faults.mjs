// The fault matrix on the real runtime: every endpoint that calls a provider, and everything that
// goes on behind one, with every behaviour that the stand-ins can be told to show. Each cell must
// answer as documented and in time, and whatever was accepted must come to its end by webhooks,
// alarms and the sweep. It ends with one line of figures, and with failure unless all cells pass.

import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";

import { builders } from "./build.mjs";
import { Client, samplePhotos } from "./client.mjs";
import { startInstance } from "./instance.mjs";
import { LANES } from "./fault-lanes.mjs";

/** How long a request of a person may take, and what this machine may add to it. */
const ANSWER_MS = 25_000;
const SLACK_MS = 3000;
/** What nobody can find at the provider is given up after ten minutes, by then at the next sweep. */
const END_MS = 12 * 60_000;
const SWEEP_MS = 2000;
const LANES_AT_ONCE = 6;
const FINAL = new Set(["ready", "succeeded", "failed", "canceled", "bundled"]);

const { values } = parseArgs({ options: { lane: { type: "string" } } });

/** Whether an answer is one of those that the documents promise. */
function complaintAbout(answer, tookMs) {
    if (tookMs > ANSWER_MS + SLACK_MS) return `it took ${tookMs} ms`;
    if (answer.status < 300) return undefined;
    const type = answer.json?.type ?? "";
    if (!type.startsWith("https://selfie.pr/problems/")) return `${answer.status} ${answer.text}`;
    if (type.endsWith("/internal")) return `${answer.status} internal`;
    if (answer.status >= 503 && !answer.headers.get("retry-after"))
        return "503 without Retry-After";
    return undefined;
}

/** One person with one instance: the hands of a lane. */
class Hands {
    constructor(instance, person) {
        this.instance = instance;
        this.person = person;
    }

    script(script) {
        return this.instance.control("/script", script);
    }

    clear() {
        return this.instance.control("/script", undefined, "DELETE");
    }

    /** A request whose answer is judged, with what it answered. */
    async send(method, path, options) {
        const before = Date.now();
        const answer = await this.person.send(method, path, options);
        return { ...answer, complaint: complaintAbout(answer, Date.now() - before) };
    }

    async draft(photos = 4) {
        const { id } = await this.person.createModel();
        for (const photo of await samplePhotos(photos)) await this.person.upload(id, photo);
        return id;
    }

    async ready() {
        const id = await this.draft();
        await this.person.train(id);
        await this.finished(`/api/model/${id}`);
        return id;
    }

    train(model) {
        return this.send("POST", "/api/genmodel", {
            json: { model },
            headers: { "idempotency-key": randomUUID() },
        });
    }

    create(model, count = 1) {
        return this.send("POST", "/create", {
            json: { model, prompt: "a portrait", count, format: "jpg" },
            headers: { "idempotency-key": randomUUID() },
        });
    }

    finished(path, withinMs = 90_000) {
        return this.person.whenFinished(path, {
            withinMs,
            onLook: () => this.instance.scheduled(),
        });
    }
}

async function runLane(lane) {
    const instance = await startInstance({
        trainingMs: 0,
        predictionMs: 0,
        vars: {
            OPERATION_GRACE_S: "1",
            QUOTA_TRAININGS_PER_DAY: "100000",
            QUOTA_RUNNING_TRAININGS: "1000",
            QUOTA_PREDICTIONS_PER_DAY: "100000",
            QUOTA_CAPTIONS_PER_DAY: "100000",
        },
    });
    const cells = [];
    try {
        const person = new Client(instance);
        await person.signIn(`${lane.name}@example.com`);
        await person.consent();
        const hands = new Hands(instance, person);
        const state = await lane.prepare?.(hands);
        for (const [number, fault] of lane.faults.entries()) {
            cells.push(await runCell(lane, fault, hands, state, number));
        }
        await hands.clear();
        await endAll(hands, cells);
        const violations = await instance.control("/violations");
        for (const violation of violations) {
            cells.push({ name: `${lane.name}: contract`, complaint: violation });
        }
    } finally {
        await instance.stop();
    }
    return { cells, panics: instance.logs.filter((line) => line.includes("Rust panic")).length };
}

async function runCell(lane, fault, hands, state, number) {
    const cell = { name: `${lane.name} × ${fault.name}` };
    // Requests of one client are limited, and it is not this that is tried here.
    hands.person.address = `10.6.0.${number + 1}`;
    try {
        await hands.clear();
        const { complaint, end } = await lane.act(hands, fault, state);
        Object.assign(cell, { complaint, end });
        await lane.calm?.(hands, state);
    } catch (error) {
        cell.complaint = error.message;
    }
    return cell;
}

/** Lets everything come to its end: what was accepted, and what the outbox has still to do. */
async function endAll(hands, cells) {
    const deadline = Date.now() + END_MS;
    const waits = (cell) => cell.end && !cell.complaint;
    while (cells.some(waits) && Date.now() < deadline) {
        await hands.instance.scheduled();
        for (const cell of cells.filter(waits)) if (await hasEnded(hands, cell)) delete cell.end;
        if (cells.some(waits)) await pause(SWEEP_MS);
    }
    for (const cell of cells.filter(waits)) cell.complaint = `no end: ${cell.seen ?? "?"}`;
}

async function hasEnded(hands, cell) {
    if (typeof cell.end === "function") return (await cell.end(hands)) === true;
    const answer = await hands.person.send("GET", cell.end);
    cell.seen = answer.json?.state ?? answer.status;
    return answer.status === 404 || FINAL.has(answer.json?.state);
}

await builders["stand-ins"]();
await builders.worker();
await builders.frontend();
const began = Date.now();
const waiting = LANES.filter(({ name }) => values.lane === undefined || values.lane === name);
if (waiting.length === 0) throw new Error(`there is no lane ${values.lane}`);
const results = [];
const runner = async () => {
    for (let lane = waiting.shift(); lane; lane = waiting.shift()) {
        const { cells, panics } = await runLane(lane);
        results.push({ cells, panics });
        const failed = cells.filter(({ complaint }) => complaint);
        console.log(`${lane.name.padEnd(16)} cells=${cells.length} failed=${failed.length}`);
        for (const { name, complaint } of failed) console.log(`  ${name}: ${complaint}`);
    }
};
await Promise.all(Array.from({ length: LANES_AT_ONCE }, runner));
const cells = results.flatMap((result) => result.cells);
const passed = cells.filter(({ complaint }) => !complaint).length;
const panics = results.reduce((sum, result) => sum + result.panics, 0);
if (passed < cells.length || panics > 0) process.exitCode = 1;
const seconds = Math.round((Date.now() - began) / 1000);
console.log(`seconds=${seconds}`);
console.log(`cells=${cells.length} passed=${passed} panics=${panics}`);
