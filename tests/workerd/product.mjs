// One private instance for one test file, and the people who use it. After the file's last
// test the log must hold no panic, and the stand-ins must have nothing to complain about.

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { Client, samplePhotos } from "../../tools/client.mjs";
import { startInstance } from "../../tools/instance.mjs";
import { toldSecrets } from "./secrets.mjs";

let people = 0;

/** Somebody at an address of their own, so that nobody uses up another's limits. */
export function somebody(instance) {
    people += 1;
    return new Client(instance, { address: `10.0.${people >> 8}.${people & 255}` });
}

/**
 * The instance of this file; its members are there once the tests run. `prepare` runs before
 * the first test, when the instance is up.
 */
export function product({ prepare = async () => {}, ...options } = {}) {
    const instance = {};
    before(async () => {
        Object.assign(
            instance,
            await startInstance({ trainingMs: 0, predictionMs: 0, ...options }),
        );
        await prepare();
    });
    after(async () => {
        try {
            instance.assertNoPanic();
            assert.deepEqual(await instance.control("/violations"), []);
            assert.deepEqual(await toldSecrets(instance), []);
        } finally {
            await instance.stop();
        }
    });
    return instance;
}

/** Somebody who signed in and consented. */
export async function signedIn(instance) {
    const person = somebody(instance);
    const { user } = await person.signIn(`person${people}@example.com`);
    await person.consent();
    return Object.assign(person, { user });
}

/** A draft of somebody's, with that many photos. */
export async function draftWithPhotos(person, count = 4) {
    const { id } = await person.createModel();
    const photos = [];
    for (const photo of await samplePhotos(count)) photos.push(await person.upload(id, photo));
    return { id, photos };
}

/** A model of somebody's that is ready to make pictures. */
export async function readyModel(person) {
    const { id } = await draftWithPhotos(person);
    await person.train(id);
    const model = await person.whenFinished(`/api/model/${id}`, { withinMs: 20_000 });
    assert.equal(model.state, "ready");
    return model;
}

/** What the stand-ins were asked to do: the unsafe calls to one provider whose path has `part`. */
export async function orders(instance, provider, part) {
    const calls = await instance.control("/calls");
    return calls.filter(
        (call) => call.provider === provider && call.method === "POST" && call.path.includes(part),
    );
}

export function assertProblem(answer, status, slug, about = "") {
    assert.equal(answer.status, status, `${about} ${answer.text}`);
    assert.match(answer.headers.get("content-type"), /^application\/problem\+json/);
    assert.equal(answer.json.type, `https://selfie.pr/problems/${slug}`);
    assert.equal(answer.json.status, status);
    assert.equal(answer.json.instance, `urn:request:${answer.headers.get("x-request-id")}`);
}
