// Two hundred clicks at the same moment, on the real Durable Objects: what counts is how often
// the provider was asked.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import { assertProblem, orders, product, readyModel, signedIn } from "./product.mjs";

const CLICKS = 200;
const QUOTA = 10;
const instance = product({ vars: { QUOTA_PREDICTIONS_PER_DAY: String(QUOTA) } });

const ordered = async () => (await orders(instance, "replicate", "/predictions")).length;

/** The answers to so many orders at once, each under the key that `key` gives. */
async function click(key) {
    const person = await signedIn(instance);
    const { id: model } = await readyModel(person);
    const before = await ordered();
    const one = () =>
        person.send("POST", "/create", {
            json: { model, prompt: "a portrait", count: 1, format: "jpg" },
            headers: { "idempotency-key": key() },
        });
    const answers = await Promise.all(Array.from({ length: CLICKS }, one));
    return { answers, posts: (await ordered()) - before };
}

// PD-09
test("two hundred orders under one key are one", async (t) => {
    const key = randomUUID();
    const { answers, posts } = await click(() => key);
    const accepted = answers.filter(({ status }) => status === 202);
    assert.equal(new Set(accepted.map(({ json }) => json.id)).size, 1);
    for (const answer of answers) {
        if (answer.status !== 202) assertProblem(answer, 409, "operation-in-progress");
    }
    t.diagnostic(`${CLICKS} parallel orders under one key: provider POSTs ${posts}`);
    assert.equal(posts, 1);
});

// PD-09
test("two hundred orders under keys of their own are as many as the day allows", async (t) => {
    const { answers, posts } = await click(randomUUID);
    const accepted = answers.filter(({ status }) => status === 202);
    for (const answer of answers) {
        if (answer.status !== 202) assertProblem(answer, 429, "quota-exceeded");
    }
    t.diagnostic(
        `${CLICKS} parallel orders under ${CLICKS} keys, a quota of ${QUOTA}: provider POSTs ${posts}`,
    );
    assert.deepEqual([accepted.length, posts], [QUOTA, QUOTA]);
});
