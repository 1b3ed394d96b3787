// The rate limits as the runtime counts them, by the client's real address only.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Client } from "../../tools/client.mjs";
import { assertProblem, orders, product, readyModel, signedIn } from "./product.mjs";

const PER_MINUTE = 10;
const instance = product();

// LK-11
test("the eleventh request for a link within a minute is refused, whatever else it claims", async () => {
    const client = new Client(instance, { address: "10.8.0.1" });
    for (let index = 0; index < PER_MINUTE; index += 1) {
        await client.askForLink(`limit${index}@example.com`);
    }
    for (const headers of [{}, { "x-forwarded-for": "10.8.0.99" }, { "x-real-ip": "10.8.0.99" }]) {
        const answer = await client.askForLink("limit@example.com", { headers, expect: 429 });
        assertProblem(answer, 429, "too-many-requests");
        assert.match(answer.headers.get("retry-after"), /^\d+$/);
    }
    const neighbour = new Client(instance, { address: "10.8.0.2" });
    await neighbour.askForLink("neighbour@example.com");
});

test("an address of IPv6 counts by its /64", async () => {
    for (let index = 0; index < PER_MINUTE; index += 1) {
        const client = new Client(instance, { address: `2001:db8:1:2::${index + 1}` });
        await client.askForLink(`six${index}@example.com`);
    }
    const same = new Client(instance, { address: "2001:db8:1:2:ffff::1" });
    await same.askForLink("six@example.com", { expect: 429 });
    const other = new Client(instance, { address: "2001:db8:1:3::1" });
    await other.askForLink("other@example.com");
});

test("wrong confirmations are limited too", async () => {
    const client = new Client(instance, { address: "10.8.0.3" });
    await client.askForLink("guess@example.com");
    const statuses = [];
    for (let index = 0; index < PER_MINUTE + 2; index += 1) {
        const token = `${index}`.padStart(43, "A");
        const { status } = await client.send("POST", "/api/magic-link/confirm", {
            json: { token },
        });
        statuses.push(status);
    }
    assert.deepEqual(statuses, [...Array(PER_MINUTE).fill(400), 429, 429]);
});

// HK-15
test("forged webhooks change nothing and cost the provider nothing", async () => {
    const person = await signedIn(instance);
    await readyModel(person);
    const ordered = await orders(instance, "replicate", "/trainings");
    const { webhook } = JSON.parse(ordered.at(-1).body);
    const genuine = new URL(webhook).pathname;
    const client = new Client(instance, { address: "10.8.0.4" });
    // Letters and alerts of what went before still leave; they are no answer to a forgery.
    const asked = async () =>
        (await instance.control("/calls")).filter(({ provider }) => provider === "replicate");
    const calls = (await asked()).length;
    const forge = (path) =>
        client.send("POST", path, {
            body: new TextEncoder().encode('{"id":"x","status":"succeeded"}'),
            headers: {
                "content-type": "application/json",
                "webhook-id": "msg_x",
                "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
                "webhook-signature": `v1,${Buffer.alloc(32).toString("base64")}`,
            },
        });
    const forged = await Promise.all(Array.from({ length: 50 }, () => forge(genuine)));
    for (const { status } of forged) assert.ok(status === 401 || status === 429, `${status}`);
    // An address that was never given out is not even known.
    const last = genuine.at(-1) === "A" ? "B" : "A";
    assert.equal((await forge(genuine.slice(0, -1) + last)).status, 404);
    assert.equal((await asked()).length, calls);
});
