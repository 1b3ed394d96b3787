// An export as the real runtime sends it: written while it is read, whole, and for one person.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { readArchive } from "../../tools/archive.mjs";
import { assertProblem, product, readyModel, signedIn, somebody } from "./product.mjs";

const instance = product();

const cookies = (person) =>
    [...person.cookies].map(([name, value]) => `${name}=${value}`).join("; ");

const exported = (person) =>
    fetch(`${instance.appOrigin}/api/account/export`, { headers: { cookie: cookies(person) } });

async function personWithPictures() {
    const person = await signedIn(instance);
    const { id: model } = await readyModel(person);
    const order = { model, prompt: "as an astronaut", count: 2, format: "jpg" };
    const { id } = await person.create(order);
    const made = await person.whenFinished(`/api/prediction/${id}`, { withinMs: 60_000 });
    return { person, model, made };
}

test("an export is a stream that another program reads", async () => {
    const { person, model, made } = await personWithPictures();
    const answer = await exported(person);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-length"), null);
    assert.match(answer.headers.get("content-disposition"), /^attachment; filename="selfie-/);
    const entries = readArchive(Buffer.from(await answer.arrayBuffer()));
    const names = [...entries.keys()];
    assert.equal(names.filter((name) => name.startsWith(`${model}/photos/`)).length, 4);
    const images = names.filter((name) => /\/images\/.*\.jpg$/.test(name));
    assert.equal(images.length, 2);
    images.forEach((name, index) =>
        assert.equal(entries.get(name).length, made.images[index].bytes),
    );
    const journal = JSON.parse(entries.get("journal.json").toString());
    assert.equal(journal.models[0].predictions[0].recipe.prompt, "as an astronaut");
    assert.match(entries.get("index.html").toString(), /<h2>/);
});

test("whoever stops reading an export stops nobody else", async () => {
    const { person } = await personWithPictures();
    for (let round = 0; round < 3; round += 1) {
        const answer = await exported(person);
        const reader = answer.body.getReader();
        await reader.read();
        await reader.cancel();
    }
    await pause(500);
    const both = await Promise.all([exported(person), exported(person)]);
    for (const answer of both) {
        assert.ok(readArchive(Buffer.from(await answer.arrayBuffer())).size > 6);
    }
});

test("nobody's export is refused before anything is sent", async () => {
    assertProblem(
        await somebody(instance).send("GET", "/api/account/export"),
        401,
        "not-signed-in",
    );
});
