// Brings a person to the point where the arms can be measured: signed in, with a trained model. Then
// counts what the steps of a picture ask of KV, their effects included.

import { setTimeout as pause } from "node:timers/promises";

import { Client, samplePhotos } from "../client.mjs";

/** Effects follow from the alarm within milliseconds; after this long without one they are over. */
const QUIET_MS = 700;

/** Somebody with a trained model and one picture, so that the next is one like any other. */
export async function becomeSomebody(product) {
    const client = new Client(product);
    await client.signIn("bench@example.com");
    await client.consent();
    const { id: model } = await client.createModel();
    for (const photo of await samplePhotos(4)) await client.upload(model, photo);
    await client.train(model);
    await client.whenFinished(`/api/model/${model}`, { withinMs: 60_000 });
    // The mirror of their sums follows at once; those of pictures made soon after take their time.
    await pause(QUIET_MS);
    const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    return { client, model, cookie };
}

/** The counts of the meter once they stay as they are. */
async function settled(counts) {
    for (let before = await counts(); ;) {
        await pause(QUIET_MS);
        const after = await counts();
        if (JSON.stringify(after) === JSON.stringify(before)) return after;
        before = after;
    }
}

const less = (after, before) => ({
    reads: after.reads - before.reads,
    writes: after.writes - before.writes,
});

/**
 * @param {{client: Client, model: string}} person
 * @param {() => Promise<{reads: number, writes: number}>} counts
 * @returns {Promise<Record<"create" | "poll" | "webhook", {reads: number, writes: number}>>}
 */
export async function countKv({ client, model }, counts) {
    const order = { model, prompt: "by the sea" };
    // The first picture of a model becomes its cover.
    const first = await client.create(order);
    await client.whenFinished(`/api/prediction/${first.id}`, { withinMs: 20_000 });

    const begun = await settled(counts);
    const { id } = await client.create(order);
    const path = `/api/prediction/${id}`;
    const created = await settled(counts);
    const look = await client.send("GET", path, { expect: 200 });
    if (look.json.finished_at) throw new Error("the picture was made before it could be polled");
    const polled = await settled(counts);
    await stored(client, id);
    const heard = await settled(counts);
    await client.whenFinished(path, { withinMs: 10_000 });
    return {
        poll: less(polled, created),
        create: less(created, begun),
        // The webhook and all that it brings about; nobody looks meanwhile.
        webhook: less(heard, polled),
    };
}

/** Waits until the picture lies in the store. */
async function stored(client, id) {
    const place = id.replace("_", "/images/");
    for (;;) {
        const files = await client.instance.control("/files");
        if (files.some(({ path }) => path.includes(place))) return;
        await pause(100);
    }
}
