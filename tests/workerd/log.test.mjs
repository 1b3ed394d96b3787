// The log as the runtime hands it on, and who is told when nothing works.

import assert from "node:assert/strict";
import { test } from "node:test";

import { until } from "../../tools/client.mjs";
import { assertProblem, product, readyModel, signedIn, somebody } from "./product.mjs";
import { toldSecrets } from "./secrets.mjs";

const instance = product();
const broken = product({ vars: { JWT_KEYS: "" } });

const events = (of) =>
    of.logs.map((line) => JSON.parse(line.slice(line.indexOf("{")))).filter(({ event }) => event);

// PV-07: every file of these tests ends with this search, over all that its instance logged.
test("a whole journey logs events and nothing of anybody", async () => {
    const person = await signedIn(instance);
    const { id } = await readyModel(person);
    const order = await person.create({ model: id, prompt: "reading by the window", count: 1 });
    await person.whenFinished(`/api/prediction/${order.id}`, { withinMs: 20_000 });
    const answer = await person.send("GET", "/api/model/1600000000000");
    await person.send("POST", "/api/sign-out", { expect: 204 });
    const kinds = new Set(events(instance).map(({ event }) => event));
    for (const kind of ["sign-in", "refusal", "sign-out", "alert"])
        assert.ok(kinds.has(kind), kind);
    const request = answer.headers.get("x-request-id");
    const [refusal] = events(instance).filter((event) => event.request === request);
    assert.equal(refusal.user, person.user.id);
    assert.equal(refusal.client, "10.0.0.0/24");
    assert.deepEqual(await toldSecrets(instance), []);
    const [letter] = await instance.control("/letters");
    instance.logs.push(`log ${letter.links[0]}`);
    assert.equal((await toldSecrets(instance)).length, 1);
    instance.logs.pop();
});

// SN-14
test("a service without a key refuses everything, says which, and tells the operator", async () => {
    for (const path of ["/api/health", "/api/account", "/api/nothing"]) {
        assertProblem(await somebody(broken).send("GET", path), 503, "misconfigured");
    }
    await broken.scheduled();
    const alert = await until(
        async () => (await broken.control("/alerts"))[0],
        5000,
        () => "the operator was not told",
    );
    assert.match(alert.message, /JWT_KEYS/);
    assert.equal((await broken.control("/alerts")).length, 1);
    assert.ok(
        events(broken).some(
            ({ event, cause }) => event === "configuration" && cause === "JWT_KEYS",
        ),
    );
});
