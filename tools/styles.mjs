// Draws the example picture of every style into frontend/static/styles, once for all: a model of the
// sample photos is trained at the stand-ins, and makes one portrait in each style. Run it when a
// style is added; the pictures are committed.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import sharp from "sharp";

import { ROOT, builders } from "./build.mjs";
import { Client, samplePhotos } from "./client.mjs";
import { startInstance } from "./instance.mjs";

const FOLDER = join(ROOT, "frontend/static/styles");
/** The stand-in writes the prompt along the foot, which is no part of an example. */
const CAPTION_PX = 72;
const [WIDTH, HEIGHT] = [256, 320];

/** @param {Client} person @param {string} model @param {{id: string}} style @param {number} seed */
async function draw(person, model, style, seed) {
    const order = await person.create({
        model,
        prompt: "a portrait",
        style: style.id,
        aspect_ratio: "3:4",
        count: 1,
        format: "png",
        seed,
    });
    const made = await person.whenFinished(`/api/prediction/${order.id}`, { withinMs: 60_000 });
    if (made.state !== "succeeded") throw new Error(`${style.id} ended as ${made.state}`);
    const [image] = made.images;
    const bytes = Buffer.from(await (await fetch(image.url)).arrayBuffer());
    return sharp(bytes)
        .extract({ left: 0, top: 0, width: image.width, height: image.height - CAPTION_PX })
        .resize(WIDTH, HEIGHT, { fit: "cover" })
        .webp({ quality: 68, effort: 6 })
        .toBuffer();
}

for (const build of [builders.worker, builders.frontend, builders["stand-ins"]]) await build();
await mkdir(FOLDER, { recursive: true });
const instance = await startInstance({ trainingMs: 500, predictionMs: 50 });
try {
    const person = new Client(instance);
    await person.signIn("styles@example.com");
    await person.consent();
    const { id } = await person.createModel("Styles", "woman");
    for (const photo of await samplePhotos(12)) await person.upload(id, photo);
    await person.train(id);
    await person.whenFinished(`/api/model/${id}`, { withinMs: 60_000 });
    const { json } = await person.send("GET", "/api/styles", { expect: 200 });
    let total = 0;
    for (const [index, style] of json.styles.entries()) {
        const bytes = await draw(person, id, style, index);
        await writeFile(join(FOLDER, `${style.id}.webp`), bytes);
        total += bytes.length;
    }
    console.log(`styles=${json.styles.length} bytes=${total}`);
} finally {
    await instance.stop();
}
