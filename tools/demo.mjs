// The main job, over HTTP, against a private instance: sign in by mail, upload twelve
// photos, train, and make four pictures, which are downloaded and really decoded.
// It ends with a line of figures, and with failure unless every picture is what was asked for.

import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

import sharp from "sharp";

import { ROOT, builders } from "./build.mjs";
import { Client, samplePhotos } from "./client.mjs";
import { startInstance } from "./instance.mjs";

const IMAGES = 4;
const OUTPUT = join(ROOT, "demo-out");
const WEBHOOKS = {
    normal: [],
    dropped: ["webhook_drop"],
    doubled: ["webhook_duplicate", "webhook_reorder"],
};
/** How often the cron trigger fires when no webhook will come; production: every two minutes. */
const SWEEP_MS = 2000;

let started = performance.now();
const seconds = () => ((performance.now() - started) / 1000).toFixed(1);

async function step(sentence, work) {
    const before = performance.now();
    const result = await work();
    const took = ((performance.now() - before) / 1000).toFixed(2);
    console.log(`${took.padStart(7)} s  ${sentence}`);
    return result;
}

function askedFor() {
    const { values } = parseArgs({
        options: { webhooks: { type: "string", default: "normal" }, verbose: { type: "boolean" } },
    });
    if (!(values.webhooks in WEBHOOKS)) {
        throw new Error(`--webhooks takes one of: ${Object.keys(WEBHOOKS).join(", ")}`);
    }
    return values;
}

/** Downloads one picture, decodes all of it and compares it with its record. */
async function download(image, index) {
    const response = await fetch(image.url);
    const bytes = Buffer.from(await response.arrayBuffer());
    if (!response.ok) throw new Error(`picture ${index + 1}: ${response.status}`);
    if (bytes.length !== image.bytes)
        throw new Error(`picture ${index + 1} is not ${image.bytes} bytes`);
    const { info } = await sharp(bytes, { failOn: "warning" })
        .raw()
        .toBuffer({ resolveWithObject: true });
    if (info.width !== image.width || info.height !== image.height) {
        throw new Error(`picture ${index + 1} is ${info.width}x${info.height}, not as recorded`);
    }
    if (info.width !== info.height)
        throw new Error(`picture ${index + 1} is not square, as was asked for`);
    const extension = image.content_type.split("/")[1];
    await writeFile(join(OUTPUT, `picture-${index + 1}.${extension}`), bytes);
    return createHash("sha256").update(bytes).digest("hex");
}

async function mainJob(instance, whileWaiting) {
    const person = new Client(instance);
    const photos = await samplePhotos(12);

    await step("signed in by magic link", () => person.signIn("demo@example.com"));
    await step("consented", () => person.consent());
    const { id } = await step("made a model", () => person.createModel("Demo", "woman"));
    await step(`uploaded ${photos.length} photos`, async () => {
        for (const photo of photos) await person.upload(id, photo);
    });
    const { zip } = await step("bundled the photos", () => person.bundle(id));
    if (zip.photos !== photos.length) throw new Error(`the bundle holds ${zip.photos} photos`);
    await step("started the training", () => person.train(id));
    const model = await step("trained", () =>
        person.whenFinished(`/api/model/${id}`, { withinMs: 120_000, onLook: whileWaiting }),
    );
    if (model.state !== "ready") throw new Error(`the training ended as ${model.state}`);

    const order = await step("ordered the pictures", () =>
        person.create({
            model: id,
            prompt: "a portrait in a sunlit garden, film photograph",
            count: IMAGES,
            aspect_ratio: "1:1",
            format: "jpg",
            seed: 7,
        }),
    );
    const prediction = await step("pictures are ready", () =>
        person.whenFinished(`/api/prediction/${order.id}`, {
            withinMs: 60_000,
            onLook: whileWaiting,
        }),
    );
    if (prediction.state !== "succeeded")
        throw new Error(`the pictures ended as ${prediction.state}`);
    if (prediction.images.length !== IMAGES)
        throw new Error(`${prediction.images.length} pictures came`);
    const digests = await step("downloaded and decoded the pictures", () =>
        Promise.all(prediction.images.map(download)),
    );
    if (new Set(digests).size !== IMAGES) throw new Error("two pictures are the same");
    return { photos: photos.length, images: digests.length };
}

const { webhooks, verbose } = askedFor();
await rm(OUTPUT, { recursive: true, force: true });
await mkdir(OUTPUT, { recursive: true });
for (const build of [builders.worker, builders.frontend, builders["stand-ins"]]) await build();
// The figures are about the job, not about what had to be built for it.
started = performance.now();

const dropped = webhooks === "dropped";
const instance = await step("started a private instance", () =>
    startInstance({
        trainingMs: 2000,
        predictionMs: 500,
        vars: dropped ? { OPERATION_GRACE_S: "2" } : {},
        onLog: verbose ? (line) => console.error(line) : undefined,
    }),
);
try {
    for (const behaviour of WEBHOOKS[webhooks]) {
        await instance.control("/script", { provider: "replicate", behaviour });
    }
    let sweptAt = performance.now();
    const whileWaiting = async () => {
        if (!dropped || performance.now() - sweptAt < SWEEP_MS) return;
        sweptAt = performance.now();
        await instance.scheduled();
    };
    const { photos, images } = await mainJob(instance, whileWaiting);
    instance.assertNoPanic();
    console.log(`pictures are in ${OUTPUT.replace(`${ROOT}/`, "")}/`);
    console.log(`photos=${photos} images=${images} total_s=${seconds()}`);
} catch (error) {
    console.error(`demo: ${error.message}`);
    for (const line of instance.logs.slice(-20)) console.error(`  ${line}`);
    process.exitCode = 1;
} finally {
    await instance.stop();
}
