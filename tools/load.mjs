// A minute of mixed traffic from many people against a private instance, while one in a hundred
// requests has a provider in trouble behind it. It counts what was asked and what went wrong by
// kind, and fails on an error that nothing explains, on anything of somebody else's in an answer,
// and when the provider was asked for more or less than what was accepted. Then our account at the
// provider is in trouble: the same traffic goes on, and nothing new may be ordered.

import { createHmac, randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";

import { builders } from "./build.mjs";
import { Client, samplePhotos, until } from "./client.mjs";
import { startInstance } from "./instance.mjs";
import { exampleVariables } from "./variables.mjs";

const PEOPLE = 12;
const AT_ONCE = 12;
const FAULT_EVERY = 100;
const MIX = [
    ["read", 80],
    ["upload", 5],
    ["create", 10],
    ["webhook", 5],
];
const ORDER = { provider: "replicate", method: "POST", path: "/predictions" };
/** What is about the account, 401, 402 and 403, pauses everything: it has its own time at the end. */
const FAULTS = [
    { ...ORDER, behaviour: "drop_after" },
    { ...ORDER, behaviour: "status", status: 500 },
    { ...ORDER, behaviour: "status", status: 422 },
    { provider: "replicate", method: "GET", behaviour: "status", status: 503 },
    { provider: "replicate", method: "GET", behaviour: "drop_before" },
    { provider: "replicate-delivery", method: "GET", behaviour: "truncate", bytes: 20 },
    { provider: "bytescale", method: "POST", behaviour: "status", status: 500 },
    { provider: "bytescale", method: "POST", behaviour: "drop_after" },
    { provider: "pushover", method: "POST", behaviour: "status", status: 500 },
];
/** What a person may be told while a provider is in trouble. */
const EXPLAINED = new Set(["provider-unavailable", "provider-refused"]);
const ACCOUNT_FAULT = { ...ORDER, behaviour: "status", status: 402, times: 1 };
const ACCOUNT_SECONDS = 10;
/** So long new work is refused after one of these. */
const ACCOUNT_REST_S = 300;

const { values } = parseArgs({ options: { seconds: { type: "string", default: "60" } } });
const counts = new Map();
const count = (name) => counts.set(name, (counts.get(name) ?? 0) + 1);
const complaints = [];
const one = (list) => list[Math.floor(Math.random() * list.length)];

function chooseKind() {
    let left = Math.random() * 100;
    return MIX.find(([, share]) => (left -= share) < 0)?.[0] ?? "read";
}

/** Somebody new with two models. Ids of models are times, so one after the other is let in. */
async function enter(instance, number) {
    const person = new Client(instance, { address: `10.4.0.${number + 1}` });
    const { user } = await person.signIn(`load${number}@example.com`);
    await person.consent();
    const { id: draft } = await person.createModel("Draft");
    const { id: model } = await person.createModel("Model");
    return Object.assign(person, { user, draft, model, predictions: [] });
}

async function train(instance, person, photos) {
    for (const photo of photos) await person.upload(person.model, photo);
    await person.train(person.model);
    await person.whenFinished(`/api/model/${person.model}`, {
        withinMs: 60_000,
        onLook: () => instance.scheduled(),
    });
}

/** What belongs to one person: no answer to another may hold it. */
const owned = (person) => [person.user.id, person.draft, person.model, ...person.predictions];

async function read(person) {
    const some =
        person.predictions.length > 0 ? [`/api/prediction/${one(person.predictions)}`] : [];
    const paths = [
        "/api/account",
        "/api/model",
        "/api/prediction",
        "/api/verify-token",
        `/api/model/${person.model}`,
        `/api/bytescale?model=${person.model}`,
        ...some,
    ];
    return person.send("GET", one(paths));
}

async function upload(person, photos) {
    const answer = await person.send("POST", `/api/bytescale?model=${person.draft}`, {
        body: one(photos).bytes,
        headers: { "content-type": "image/jpeg" },
    });
    if (answer.status === 201) {
        // Or the next upload of these bytes would be the same photo, and stored by nobody.
        await person.send("DELETE", `/api/bytescale/${answer.json.id}?model=${person.draft}`);
    }
    return answer;
}

async function create(person) {
    const answer = await person.send("POST", "/create", {
        json: { model: person.model, prompt: "a portrait", count: 1, format: "jpg" },
        headers: { "idempotency-key": randomUUID() },
    });
    if (answer.status === 202) {
        count("accepted");
        person.predictions.push(answer.json.id);
    }
    return answer;
}

/** A genuine message about a run that was heard of before. */
async function webhook(instance, secret, jobs) {
    const job = one(jobs);
    const body = JSON.stringify({ id: job.id, status: "succeeded", output: null });
    const id = `msg_load${Math.floor(Math.random() * 1e9)}`;
    const seconds = Math.floor(Date.now() / 1000);
    const key = Buffer.from(secret.replace("whsec_", ""), "base64");
    const text = `${id}.${seconds}.${body}`;
    const signature = createHmac("sha256", key).update(text).digest("base64");
    const response = await fetch(job.webhook, {
        method: "POST",
        body,
        headers: {
            connection: "close",
            "content-type": "application/json",
            "cf-connecting-ip": `10.5.0.${Math.floor(Math.random() * 250)}`,
            "webhook-id": id,
            "webhook-timestamp": String(seconds),
            "webhook-signature": `v1,${signature}`,
        },
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
}

function judge(kind, person, answer, others) {
    count("requests");
    count(kind);
    if (answer.status >= 400) {
        const type = /problems\/([a-z-]+)/.exec(answer.text)?.[1] ?? "no-problem";
        count(`${answer.status} ${type}`);
        if (answer.status >= 500 && !EXPLAINED.has(type)) {
            complaints.push(`${kind}: ${answer.status} ${answer.text}`);
        }
    }
    const foreign = others.flatMap(owned).find((id) => answer.text.includes(id));
    if (person && foreign) complaints.push(`${kind}: shows ${foreign} to ${person.user.id}`);
}

/** Everybody does this and that until then, with `faulty` providers in trouble now and then. */
async function traffic({ instance, people, photos, secret, jobs }, end, { faulty, onAnswer }) {
    const client = async (number) => {
        while (Date.now() < end) {
            const person = people[(number + Math.floor(Math.random() * PEOPLE)) % PEOPLE];
            const kind = chooseKind();
            if (faulty && Math.random() * FAULT_EVERY < 1) {
                count("faults");
                await instance.control("/script", { ...one(FAULTS), times: 1 });
            }
            const answer = await {
                read: () => read(person),
                upload: () => upload(person, photos),
                create: () => create(person),
                webhook: () => webhook(instance, secret, jobs),
            }[kind]();
            const others = people.filter((other) => other !== person);
            judge(kind, kind === "webhook" ? null : person, answer, others);
            onAnswer?.(kind, answer);
        }
    };
    const sweeps = async () => {
        while (Date.now() < end) {
            await pause(2000);
            await instance.scheduled();
        }
    };
    await Promise.all([
        sweeps(),
        ...Array.from({ length: AT_ONCE }, (_, number) => client(number)),
    ]);
}

/** The orders that reached the provider and were not refused by it, and those that were. */
async function orders(instance) {
    const calls = await instance.control("/calls");
    const all = calls.filter(
        ({ provider, method, path }) =>
            provider === "replicate" && method === "POST" && path === "/predictions",
    );
    const refused = all.filter(({ status }) => status >= 400 && status < 500);
    return { taken: all.length - refused.length, refused: refused.length };
}

/** Our account is not served: new work is refused and says until when, and all else goes on. */
async function accountTrouble(scene) {
    const { instance, people } = scene;
    await instance.control("/script", undefined, "DELETE");
    const [person] = people;
    const accepted = async () => {
        const answer = await create(person);
        return answer.status === 202 ? answer.json : undefined;
    };
    // A breaker that the minute before has opened lets nothing through for a while.
    const last = await until(accepted, 40_000, () => "nothing is accepted any more", 1000);
    const before = await orders(instance);
    await instance.control("/script", ACCOUNT_FAULT);
    const pausedUntil = (answer) => {
        count("held");
        const wait = Number(answer.headers.get("retry-after"));
        const isPause = answer.status === 503 && answer.text.includes("provider-unavailable");
        if (!isPause || !(wait > 0 && wait <= ACCOUNT_REST_S)) {
            complaints.push(`account: ${answer.status}, retry after ${wait} s: ${answer.text}`);
        } else count("paused");
    };
    pausedUntil(await create(person));
    await traffic(scene, Date.now() + ACCOUNT_SECONDS * 1000, {
        faulty: false,
        onAnswer(kind, answer) {
            if (kind === "create") pausedUntil(answer);
            else if (answer.status >= 500) complaints.push(`account: ${kind}: ${answer.text}`);
        },
    });
    const ended = await person.whenFinished(`/api/prediction/${last.id}`, { withinMs: 60_000 });
    if (ended.state !== "succeeded") complaints.push(`account: what ran before is ${ended.state}`);
    const after = await orders(instance);
    const posts = after.taken + after.refused - before.taken - before.refused;
    if (posts !== 1) complaints.push(`account: ${posts} orders where one was refused`);
    return posts;
}

await builders["stand-ins"]();
await builders.worker();
await builders.frontend();
const secret = (await exampleVariables()).REPLICATE_WEBHOOK_SECRET.split(",")[0];
const instance = await startInstance({
    trainingMs: 0,
    predictionMs: 300,
    vars: { QUOTA_PREDICTIONS_PER_DAY: "100000", OPERATION_GRACE_S: "5" },
});
try {
    const photos = await samplePhotos(6);
    const people = [];
    for (let number = 0; number < PEOPLE; number += 1) {
        people.push(await enter(instance, number));
    }
    await Promise.all(people.map((person) => train(instance, person, photos.slice(0, 4))));
    const { jobs } = await instance.control("/jobs");
    const scene = { instance, people, photos, secret, jobs };
    await traffic(scene, Date.now() + Number(values.seconds) * 1000, { faulty: true });
    const number = (name) => counts.get(name) ?? 0;
    if (number("accepted") < number("create") / 2) {
        complaints.push(`only ${number("accepted")} of ${number("create")} were accepted`);
    }
    if (number("create") === 0) complaints.push("nothing was asked for, so nothing was tried");
    const mixed = Object.fromEntries(counts);
    const accountPosts = await accountTrouble(scene);
    const { taken } = await orders(instance);
    if (taken !== number("accepted")) {
        complaints.push(`${taken} orders for ${number("accepted")} accepted requests`);
    }
    instance.assertNoPanic();
    complaints.push(...(await instance.control("/violations")));
    for (const complaint of complaints.slice(0, 20)) console.log(complaint);
    const kinds = Object.entries(mixed).filter(([name]) => /^\d/.test(name));
    for (const [kind, times] of kinds.sort()) console.log(`  ${times} × ${kind}`);
    if (complaints.length > 0) process.exitCode = 1;
    const errors = kinds.reduce((sum, [, times]) => sum + times, 0);
    console.log(
        `account: seconds=${ACCOUNT_SECONDS} requests=${number("requests") - mixed.requests} ` +
            `creates=${number("held")} paused=${number("paused")} posts=${accountPosts}`,
    );
    console.log(
        `requests=${mixed.requests} reads=${mixed.read} uploads=${mixed.upload} ` +
            `creates=${mixed.create} webhooks=${mixed.webhook} faults=${mixed.faults ?? 0} ` +
            `errors=${errors} accepted=${number("accepted")} orders=${taken} ` +
            `complaints=${complaints.length} seconds=${values.seconds}`,
    );
} finally {
    await instance.stop();
}
