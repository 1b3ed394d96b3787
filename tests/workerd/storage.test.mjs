// KV as the real Worker uses it: how many operations a request costs, and what a failing
// operation does. Every operation passes a watcher between the Worker and the namespace.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { afterEach, test } from "node:test";
import { setTimeout } from "node:timers/promises";

import { assertProblem, product, readyModel, signedIn } from "./product.mjs";

let operations = [];
let fails = () => false;
let person;
let model;
const instance = product({
    prepare: async () => {
        person = await signedIn(instance);
        model = await readyModel(person);
    },
    onKv: (operation) => {
        operations.push(operation);
        return !fails(operation);
    },
});

afterEach(() => {
    fails = () => false;
});

const READS = new Set(["get", "getWithMetadata", "list"]);

/** When alarms have mirrored what earlier requests decided, nothing is written for a while. */
async function quiet() {
    const before = operations.length;
    await setTimeout(300);
    if (operations.length > before) await quiet();
}

/** What one request cost. */
async function cost(request) {
    await quiet();
    operations = [];
    await request();
    const reads = operations.filter(({ method }) => READS.has(method)).length;
    return { reads, writes: operations.length - reads };
}

/** The most that one request may cost: reads and writes of KV, none of them decides anything. */
const BUDGETS = [
    ["GET /api/health", 0, 0, () => person.send("GET", "/api/health", { expect: 200 })],
    ["GET /api/verify-token", 2, 0, () => person.send("GET", "/api/verify-token", { expect: 200 })],
    ["GET /api/account", 2, 0, () => person.send("GET", "/api/account", { expect: 200 })],
    ["GET /api/model", 2, 0, () => person.send("GET", "/api/model", { expect: 200 })],
    [
        "GET /api/model/{model}",
        2,
        0,
        () => person.send("GET", `/api/model/${model.id}`, { expect: 200 }),
    ],
    [
        "POST /create",
        3,
        2,
        () =>
            person.create(
                { model: model.id, prompt: "a portrait", count: 1 },
                { key: randomUUID() },
            ),
    ],
];

for (const [name, reads, writes, request] of BUDGETS) {
    test(`${name} costs at most ${reads} reads and ${writes} writes`, async () => {
        const spent = await cost(request);
        assert.ok(spent.reads <= reads, `${spent.reads} reads: ${JSON.stringify(operations)}`);
        assert.ok(spent.writes <= writes, `${spent.writes} writes: ${JSON.stringify(operations)}`);
    });
}

test("no secret is ever the name of a key", async () => {
    operations = [];
    const other = await signedIn(instance);
    const session = other.cookies.get("__Host-session");
    const { sid } = JSON.parse(Buffer.from(session.split(".")[1], "base64url").toString());
    assert.ok(operations.length > 0);
    for (const { namespace, key } of operations) {
        assert.ok(!key.includes(session), `${namespace} ${key}`);
        assert.ok(!key.includes("@"), `${namespace} ${key}`);
        assert.ok(namespace === "SESSIONS" || !key.includes(sid), `${namespace} ${key}`);
    }
});

// ST-01
test("a session that cannot be read is neither in nor out", async () => {
    await instance.restart();
    fails = ({ namespace, method }) => namespace === "SESSIONS" && method.startsWith("get");
    const answer = await person.send("GET", "/api/verify-token");
    assertProblem(answer, 503, "storage-unavailable");
    assert.match(answer.headers.get("retry-after"), /^\d+$/);
    assert.ok(person.cookies.has("__Host-session"));
    fails = () => false;
    await person.send("GET", "/api/verify-token", { expect: 200 });
});

test("an order stands although its mirror could not be written", async () => {
    fails = ({ method }) => method === "put";
    const order = await person.create({ model: model.id, prompt: "a portrait", count: 1 });
    fails = () => false;
    const path = `/api/prediction/${order.id}`;
    const prediction = await person.whenFinished(path, {
        withinMs: 20_000,
        onLook: () => instance.scheduled(),
    });
    assert.equal(prediction.state, "succeeded");
});

test("a failing store is a problem document and never a stack", async () => {
    fails = () => true;
    for (const path of ["/api/model", "/api/prediction", `/api/model/${model.id}`]) {
        const answer = await person.send("GET", path);
        assert.ok([200, 503].includes(answer.status), `${path}: ${answer.status} ${answer.text}`);
        assert.doesNotMatch(answer.text, /KV \w+ failed|Error:/, path);
    }
});
