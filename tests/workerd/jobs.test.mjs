// Paid jobs on the real runtime, when the provider or the network does not behave: webhooks
// that never come, connections that really break, a Worker that ends in the middle.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { afterEach, test } from "node:test";

import { until } from "../../tools/client.mjs";
import { draftWithPhotos, orders, product, readyModel, signedIn } from "./product.mjs";

const TRAININGS = "/trainings";
const PREDICTIONS = "/predictions";
const SWEEP_MS = 500;

const instance = product({ vars: { OPERATION_GRACE_S: "1", QUOTA_TRAININGS_PER_DAY: "10" } });

afterEach(() => instance.control("/script", undefined, "DELETE"));

const script = (provider, behaviour, more = {}) =>
    instance.control("/script", { provider, behaviour, ...more });

/** Waits for the end of a job, with the cron trigger firing as it does in production. */
function sweptUntilFinished(person, path) {
    let sweptAt = 0;
    return person.whenFinished(path, {
        withinMs: 30_000,
        onLook: async () => {
            if (Date.now() - sweptAt < SWEEP_MS) return;
            sweptAt = Date.now();
            await instance.scheduled();
        },
    });
}

async function download(person, prediction) {
    for (const image of prediction.images) {
        const answer = await fetch(image.url);
        assert.equal(answer.status, 200);
        assert.equal((await answer.arrayBuffer()).byteLength, image.bytes);
    }
}

test("a job ends by its webhooks alone", async () => {
    const person = await signedIn(instance);
    const model = await readyModel(person);
    const order = await person.create({ model: model.id, prompt: "a portrait", count: 2 });
    const prediction = await person.whenFinished(`/api/prediction/${order.id}`, {
        withinMs: 20_000,
    });
    assert.equal(prediction.state, "succeeded");
    assert.equal(prediction.images.length, 2);
    await download(person, prediction);
});

test("the cron trigger finishes a job whose webhooks were all lost", async () => {
    const person = await signedIn(instance);
    const { id } = await draftWithPhotos(person);
    await script("replicate", "webhook_drop");
    await person.train(id);
    assert.equal((await sweptUntilFinished(person, `/api/model/${id}`)).state, "ready");
    const order = await person.create({ model: id, prompt: "a portrait", count: 1 });
    const prediction = await sweptUntilFinished(person, `/api/prediction/${order.id}`);
    assert.equal(prediction.state, "succeeded");
    await download(person, prediction);
});

test("webhooks that come twice, forged or late change nothing", async () => {
    const person = await signedIn(instance);
    for (const [behaviour, more] of [
        ["webhook_duplicate", {}],
        ["webhook_forge", {}],
        ["webhook_reorder", {}],
    ]) {
        await script("replicate", behaviour, more);
        const { id } = await draftWithPhotos(person);
        await person.train(id);
        const model = await sweptUntilFinished(person, `/api/model/${id}`);
        assert.equal(model.state, "ready", behaviour);
        assert.equal(model.versions.length, 1, behaviour);
        await instance.control("/script", undefined, "DELETE");
    }
});

test("an order whose answer was lost on the wire is found again and not paid twice", async () => {
    const person = await signedIn(instance);
    const model = await readyModel(person);
    const before = (await orders(instance, "replicate", PREDICTIONS)).length;
    await script("replicate", "drop_after", { method: "POST", path: PREDICTIONS, times: 1 });
    const body = { model: model.id, prompt: "a portrait", count: 1 };
    const key = randomUUID();
    const first = await person.send("POST", "/create", {
        json: body,
        headers: { "idempotency-key": key },
    });
    const again = await person.send("POST", "/create", {
        json: body,
        headers: { "idempotency-key": key },
    });
    for (const answer of [first, again]) {
        assert.ok([202, 409, 503].includes(answer.status), `${answer.status} ${answer.text}`);
    }
    const { json } = await person.send("GET", "/api/prediction", { expect: 200 });
    assert.equal(json.predictions.length, 1);
    const path = `/api/prediction/${json.predictions[0].id}`;
    assert.equal((await sweptUntilFinished(person, path)).state, "succeeded");
    assert.equal((await orders(instance, "replicate", PREDICTIONS)).length - before, 1);
});

test("a job goes on after the Worker was ended and started again", async () => {
    const person = await signedIn(instance);
    const { id } = await draftWithPhotos(person);
    const before = (await orders(instance, "replicate", TRAININGS)).length;
    await script("replicate", "webhook_drop");
    await person.train(id);
    await instance.restart();
    assert.equal((await sweptUntilFinished(person, `/api/model/${id}`)).state, "ready");
    assert.equal((await orders(instance, "replicate", TRAININGS)).length - before, 1);
});

// RO-05
test("a Worker that ends while an outcome is open charges once", async () => {
    const person = await signedIn(instance);
    const model = await readyModel(person);
    const before = (await orders(instance, "replicate", PREDICTIONS)).length;
    await script("replicate", "webhook_drop");
    await script("replicate", "drop_after", { method: "POST", path: PREDICTIONS, times: 1 });
    const key = randomUUID();
    const ask = () =>
        person.send("POST", "/create", {
            json: { model: model.id, prompt: "a portrait", count: 1 },
            headers: { "idempotency-key": key },
        });
    const first = await ask();
    assert.equal(first.status, 202, first.text);
    await instance.restart();
    const again = await ask();
    assert.equal(again.status, 202, again.text);
    assert.equal(again.json.id, first.json.id);
    const path = `/api/prediction/${first.json.id}`;
    assert.equal((await sweptUntilFinished(person, path)).state, "succeeded");
    assert.equal((await orders(instance, "replicate", PREDICTIONS)).length - before, 1);
});

// PD-15
test("a client that leaves at once still gets what it ordered, once", async () => {
    const person = await signedIn(instance);
    const model = await readyModel(person);
    const before = (await orders(instance, "replicate", PREDICTIONS)).length;
    await script("replicate", "delay", { method: "POST", path: PREDICTIONS, times: 1, ms: 500 });
    const leaving = new AbortController();
    const order = fetch(`${instance.appOrigin}/create`, {
        method: "POST",
        signal: leaving.signal,
        headers: {
            "content-type": "application/json",
            "idempotency-key": randomUUID(),
            origin: instance.appOrigin,
            cookie: `__Host-session=${person.cookies.get("__Host-session")}`,
        },
        body: JSON.stringify({ model: model.id, prompt: "a portrait", count: 1 }),
    });
    const left = assert.rejects(order, { name: "AbortError" });
    await until(
        async () => (await orders(instance, "replicate", PREDICTIONS)).length > before || undefined,
        5000,
        () => "the order never reached the provider",
    );
    leaving.abort();
    await left;
    const { json } = await person.send("GET", "/api/prediction", { expect: 200 });
    assert.equal(json.predictions.length, 1);
    const path = `/api/prediction/${json.predictions[0].id}`;
    assert.equal((await sweptUntilFinished(person, path)).state, "succeeded");
    assert.equal((await orders(instance, "replicate", PREDICTIONS)).length - before, 1);
});

// HK-13
test("sweeps that overlap do everything once", async () => {
    const person = await signedIn(instance);
    const { id } = await draftWithPhotos(person);
    await script("replicate", "webhook_drop");
    await person.train(id);
    const model = await person.whenFinished(`/api/model/${id}`, {
        withinMs: 30_000,
        onLook: () => Promise.all([instance.scheduled(), instance.scheduled()]),
    });
    assert.equal(model.state, "ready");
    assert.equal(model.versions.length, 1);
});
