// Who may ask for what: every endpoint for people, by somebody signed out and by a stranger.
// A stranger's question is answered like one about something that does not exist.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, test } from "node:test";

import { samplePhotos } from "../../tools/client.mjs";
import {
    assertProblem,
    draftWithPhotos,
    orders,
    product,
    readyModel,
    signedIn,
    somebody,
} from "./product.mjs";

const things = {};
let owner;
const instance = product({ prepare });

/** Routes that belong to nobody in particular: `[method, path, json]`. */
const OWN = [
    ["GET", "/api/verify-token"],
    ["GET", "/api/account"],
    ["POST", "/api/sign-out-everywhere"],
    ["POST", "/api/consent", { version: "1" }],
    ["GET", "/api/model"],
    ["POST", "/api/model", { name: "x", subject: "person" }],
    ["GET", "/api/prediction"],
];

/** Routes about one model, photo or prediction. */
const about = ({ model, draft, photo, prediction }) => [
    ["GET", `/api/model/${model}`],
    ["PATCH", `/api/model/${model}`, { name: "taken" }],
    ["DELETE", `/api/model/${model}`],
    ["GET", `/api/bytescale?model=${draft}`],
    ["POST", `/api/bytescale?model=${draft}`, null],
    ["PATCH", `/api/bytescale/${photo}?model=${draft}`, { caption: "taken" }],
    ["DELETE", `/api/bytescale/${photo}?model=${draft}`],
    ["POST", "/api/zipper", { model: draft }],
    ["POST", "/api/genmodel", { model: draft }],
    ["DELETE", `/api/genmodel/${model}`],
    ["POST", "/create", { model, prompt: "a portrait" }],
    ["GET", `/api/prediction/${prediction}`],
    ["PATCH", `/api/prediction/${prediction}`, { favorite: true }],
    ["DELETE", `/api/prediction/${prediction}`],
];

async function prepare() {
    owner = await signedIn(instance);
    things.model = (await readyModel(owner)).id;
    const draft = await draftWithPhotos(owner, 1);
    things.draft = draft.id;
    things.photo = draft.photos[0].id;
    const order = await owner.create({ model: things.model, prompt: "a portrait", count: 1 });
    things.prediction = order.id;
    await owner.whenFinished(`/api/prediction/${order.id}`, { withinMs: 20_000 });
}

async function ask(person, [method, path, json]) {
    const [photo] = await samplePhotos(1);
    return person.send(method, path, {
        ...(json === null
            ? { body: photo.bytes, headers: { "content-type": "image/jpeg" } }
            : { json, headers: { "idempotency-key": randomUUID() } }),
    });
}

async function everythingOfTheOwner() {
    const look = async (path) => {
        const { json } = await owner.send("GET", path, { expect: 200 });
        // Signed addresses are made anew for each answer.
        return JSON.stringify(json, (key, value) => (/^(url|cover)$/.test(key) ? null : value));
    };
    return Promise.all([
        look("/api/model"),
        look("/api/prediction"),
        look(`/api/bytescale?model=${things.draft}`),
        look(`/api/bytescale?model=${things.model}`),
    ]);
}

/** Everything that was ordered or stored so far. Letters are left out: they follow by themselves. */
const orderCount = async () =>
    (await orders(instance, "replicate", "/")).length +
    (await orders(instance, "bytescale", "/uploads")).length;

describe("signed out", () => {
    test("every route for people refuses and does nothing", async () => {
        const person = somebody(instance);
        const [seen, calls] = [await everythingOfTheOwner(), await orderCount()];
        for (const route of [...OWN, ...about(things)]) {
            assertProblem(await ask(person, route), 401, "not-signed-in", route);
        }
        assert.equal(await orderCount(), calls);
        assert.deepEqual(await everythingOfTheOwner(), seen);
    });

    test("signing out is not an error", async () => {
        await somebody(instance).send("POST", "/api/sign-out", { expect: 204 });
    });
});

describe("stranger", () => {
    test("nothing of the owner can be found, changed or used", async () => {
        const stranger = await signedIn(instance);
        const [seen, calls] = [await everythingOfTheOwner(), await orderCount()];
        for (const route of about(things)) {
            const answer = await ask(stranger, route);
            assert.equal(answer.status, 404, `${route[0]} ${route[1]}: ${answer.text}`);
            assertProblem(answer, 404, "not-found");
        }
        assert.equal(await orderCount(), calls);
        assert.deepEqual(await everythingOfTheOwner(), seen);
    });

    test("lists are empty", async () => {
        const stranger = await signedIn(instance);
        const models = await stranger.send("GET", "/api/model", { expect: 200 });
        assert.deepEqual(models.json, { models: [], next_cursor: null });
        const predictions = await stranger.send("GET", "/api/prediction", { expect: 200 });
        assert.deepEqual(predictions.json, { predictions: [], next_cursor: null });
    });
});

describe("owner", () => {
    test("everything is found", async () => {
        for (const path of [
            "/api/verify-token",
            "/api/account",
            `/api/model/${things.model}`,
            `/api/bytescale?model=${things.draft}`,
            `/api/prediction/${things.prediction}`,
        ]) {
            const { headers } = await owner.send("GET", path, { expect: 200 });
            assert.equal(headers.get("cache-control"), "no-store", path);
        }
    });

    test("a bearer token is as good as the cookie, and both at once must agree", async () => {
        const other = await signedIn(instance);
        const token = owner.cookies.get("__Host-session");
        const headers = { authorization: `Bearer ${token}` };
        const { json } = await somebody(instance).send("GET", "/api/verify-token", {
            headers,
            expect: 200,
        });
        assert.equal(json.user.id, owner.user.id);
        assert.equal((await other.send("GET", "/api/verify-token", { headers })).status, 400);
    });

    test("signing out everywhere ends the other sessions at once", async () => {
        const first = await signedIn(instance);
        const copy = somebody(instance);
        copy.cookies = new Map(first.cookies);
        await first.send("POST", "/api/sign-out-everywhere", { expect: 204 });
        const answer = await copy.send("POST", "/api/model", {
            json: { name: "x", subject: "person" },
        });
        assertProblem(answer, 401, "not-signed-in");
    });
});
