// What must happen once, asked for many times at the same moment on the real Durable Object.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import { Client, tokenIn } from "../../tools/client.mjs";
import {
    assertProblem,
    draftWithPhotos,
    orders,
    product,
    readyModel,
    signedIn,
    somebody,
} from "./product.mjs";

const LEFT = 1;
const instance = product({ vars: { QUOTA_PREDICTIONS_PER_DAY: String(LEFT) } });

const atOnce = (count, act) => Promise.all(Array.from({ length: count }, (_, index) => act(index)));

test("fifty confirmations of one link sign in once", async () => {
    const person = somebody(instance);
    await person.askForLink("fifty@example.com");
    const token = tokenIn(await person.letterTo("fifty@example.com"));
    // The confirmations come from fifty addresses, so that no rate limit helps.
    const answers = await atOnce(50, async (index) => {
        const racer = new Client(instance, { address: `10.9.0.${index + 1}` });
        racer.cookies = new Map(person.cookies);
        return racer.send("POST", "/api/magic-link/confirm", { json: { token } });
    });
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 1);
    for (const answer of answers.filter((other) => other !== won[0])) {
        // Who comes while the winner is still being let in may only be told to wait.
        if (answer.status === 409) assertProblem(answer, 409, "operation-in-progress");
        else assertProblem(answer, 400, "link-invalid");
    }
    assert.equal(
        (await person.send("POST", "/api/magic-link/confirm", { json: { token } })).status,
        400,
    );
});

test("ten models made at once get ten ids", async () => {
    const person = await signedIn(instance);
    const models = await atOnce(10, (index) => person.createModel(`Model ${index}`));
    assert.equal(new Set(models.map(({ id }) => id)).size, 10);
    const { json } = await person.send("GET", "/api/model", { expect: 200 });
    assert.equal(json.models.length, 10);
});

test("one training runs, however often the button is pressed", async () => {
    const person = await signedIn(instance);
    const { id } = await draftWithPhotos(person);
    const before = (await orders(instance, "replicate", "/trainings")).length;
    const key = randomUUID();
    const answers = await atOnce(10, () =>
        person.send("POST", "/api/genmodel", {
            json: { model: id },
            headers: { "idempotency-key": key },
        }),
    );
    assert.ok(answers.some(({ status }) => status === 202));
    for (const answer of answers) {
        if (answer.status !== 202) assertProblem(answer, 409, "operation-in-progress");
    }
    assert.equal((await orders(instance, "replicate", "/trainings")).length - before, 1);
});

test("the same key replays the first answer and pays nothing more", async () => {
    const person = await signedIn(instance);
    const { id } = await draftWithPhotos(person);
    const key = randomUUID();
    const first = await person.train(id, { key });
    const ordered = (await orders(instance, "replicate", "/trainings")).length;
    const again = await person.send("POST", "/api/genmodel", {
        json: { model: id },
        headers: { "idempotency-key": key },
        expect: 202,
    });
    assert.equal(again.headers.get("idempotency-replayed"), "true");
    assert.equal(again.json.id, first.id);
    assert.equal((await orders(instance, "replicate", "/trainings")).length, ordered);
});

// PD-09
test("twenty orders at once cannot overrun the quota", async () => {
    const person = await signedIn(instance);
    const model = await readyModel(person);
    const before = (await orders(instance, "replicate", "/predictions")).length;
    const answers = await atOnce(20, (index) =>
        person.send("POST", "/create", {
            json: { model: model.id, prompt: `a portrait, number ${index}`, count: 1 },
            headers: { "idempotency-key": randomUUID() },
        }),
    );
    const accepted = answers.filter(({ status }) => status === 202);
    assert.equal(accepted.length, LEFT);
    for (const answer of answers) {
        if (!accepted.includes(answer)) assertProblem(answer, 429, "quota-exceeded");
    }
    assert.equal((await orders(instance, "replicate", "/predictions")).length - before, LEFT);
});
