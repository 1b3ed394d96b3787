// The whole of a developer's instance is stopped, in the middle of a training, and started again on
// the same storage, as `make dev` is: the training goes on, pictures are still there, and new ones
// are made with the model.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { freePort, startInstance } from "../../tools/instance.mjs";
import { draftWithPhotos, readyModel, signedIn } from "./product.mjs";

const WITHIN_MS = 30_000;

async function pictureOf(person, model) {
    const order = await person.create({ model, prompt: "a portrait by the sea" });
    const made = await person.whenFinished(`/api/prediction/${order.id}`, {
        withinMs: WITHIN_MS,
    });
    assert.equal(made.state, "succeeded");
    return order.id;
}

/** The bytes that a prediction's first image has now. */
async function bytesOf(person, prediction) {
    const { json } = await person.send("GET", `/api/prediction/${prediction}`, { expect: 200 });
    const response = await fetch(json.images[0].url);
    assert.equal(response.status, 200);
    return Buffer.from(await response.arrayBuffer());
}

test("what was stored and begun is still there after everything was stopped", async () => {
    const persist = await mkdtemp(join(tmpdir(), "selfie-kept-"));
    const options = {
        port: await freePort(),
        standInsPort: await freePort(),
        persist,
        trainingMs: 3000,
        predictionMs: 0,
    };
    let instance = await startInstance(options);
    try {
        const person = await signedIn(instance);
        const { id } = await readyModel(person);
        const prediction = await pictureOf(person, id);
        const picture = await bytesOf(person, prediction);
        const other = await draftWithPhotos(person);
        await person.train(other.id);

        await instance.stop();
        instance = await startInstance(options);
        person.instance = instance;

        assert.deepEqual(await bytesOf(person, prediction), picture);
        const model = await person.whenFinished(`/api/model/${other.id}`, {
            withinMs: WITHIN_MS,
        });
        assert.equal(model.state, "ready");
        await pictureOf(person, other.id);
        await pictureOf(person, id);
        instance.assertNoPanic();
        assert.deepEqual(await instance.control("/violations"), []);
    } finally {
        await instance.stop();
        await rm(persist, { recursive: true });
    }
});
