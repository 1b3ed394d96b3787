// The whole product on KV at its worst: every read up to a minute old, values and absences, every
// second write of a second refused, every fifth done without an answer.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import { assertProblem, orders, product, readyModel, signedIn } from "./product.mjs";

const WRITE_EVERY_MS = 1000;
const written = new Map();
let writes = 0;

function atItsWorst({ namespace, method, key }) {
    if (method.startsWith("get") || method === "list") return "stale";
    const name = `${namespace}/${key}`;
    if (Date.now() - (written.get(name) ?? 0) < WRITE_EVERY_MS) return "busy";
    written.set(name, Date.now());
    writes += 1;
    return writes % 5 === 0 && namespace !== "SESSIONS" ? "lost" : "ok";
}

const instance = product({ onKv: atItsWorst, vars: { QUOTA_PREDICTIONS_PER_DAY: "2" } });

// ST-05
test("a model and its pictures come out right, and are paid for once", async () => {
    const person = await signedIn(instance);
    const model = await readyModel(person);
    const key = randomUUID();
    const body = { model: model.id, prompt: "a portrait", count: 1 };
    const order = await person.create(body, { key });
    const again = await person.create(body, { key });
    assert.equal(again.id, order.id);
    const prediction = await person.whenFinished(`/api/prediction/${order.id}`, {
        withinMs: 20_000,
    });
    assert.equal(prediction.state, "succeeded");
    assert.equal((await orders(instance, "replicate", "/predictions")).length, 1);
    const account = await person.send("GET", "/api/account", { expect: 200 });
    assert.equal(account.json.prediction_count, 1);
    assert.equal(account.json.quotas.predictions_per_day.used, 1);
});

// ST-04
test("a session that was ended decides nothing, though KV still shows it", async () => {
    const person = await signedIn(instance);
    await person.send("GET", "/api/verify-token", { expect: 200 });
    const cookie = `__Host-session=${person.cookies.get("__Host-session")}`;
    await person.send("POST", "/api/sign-out", { expect: 204 });
    const stolen = await person.send("POST", "/api/model", {
        json: { name: "Stolen", subject: "person" },
        headers: { cookie },
    });
    assertProblem(stolen, 401, "not-signed-in");
});

// ST-06
test("what was chosen last is what is shown, however often it was chosen", async () => {
    const person = await signedIn(instance);
    const model = await person.createModel();
    for (const name of ["One", "Two", "Three"]) {
        await person.send("PATCH", `/api/model/${model.id}`, { json: { name }, expect: 200 });
    }
    const shown = await person.send("GET", `/api/model/${model.id}`, { expect: 200 });
    assert.equal(shown.json.name, "Three");
});
