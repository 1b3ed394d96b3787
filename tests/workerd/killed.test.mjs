// The Worker's process is killed in the middle of a training, at one named point after the other,
// and started again on the same storage: what comes of it is what comes of an undisturbed one.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import { until } from "../../tools/client.mjs";
import { draftWithPhotos, product, signedIn } from "./product.mjs";

const WITHIN_MS = 30_000;
const HELD_MS = 2000;
const ORDER = { provider: "replicate", method: "POST", path: "/trainings" };

const instance = product({
    trainingMs: 1500,
    vars: { OPERATION_GRACE_S: "1", QUOTA_TRAININGS_PER_DAY: "10" },
});

const script = (more) => instance.control("/script", { times: 1, ...more });
const called = (method, part) =>
    until(
        async () => {
            const calls = await instance.control("/calls");
            return calls.some((call) => call.method === method && call.path.includes(part));
        },
        WITHIN_MS,
        () => `nobody asked for ${method} ${part}`,
        20,
    );
const whenState = (person, model, state) =>
    until(
        async () => {
            const { json } = await person.send("GET", `/api/model/${model}`, { expect: 200 });
            return json.state === state;
        },
        WITHIN_MS,
        () => `${model} never became ${state}`,
        20,
    );

/** Where the process ends: what is held up so that it can be met there, and when it is there. */
const POINTS = {
    "while the photos are bundled": {
        hold: () =>
            script({
                provider: "bytescale-cdn",
                path: "save/archive",
                behaviour: "delay",
                ms: HELD_MS,
            }),
        reach: () => called("POST", "save/archive"),
    },
    "while the order is on its way": {
        hold: () => script({ ...ORDER, behaviour: "delay", ms: HELD_MS }),
        reach: () => called("POST", "/trainings"),
    },
    "while it waits for a machine": {
        hold: () => script({ ...ORDER, behaviour: "stuck_starting", ms: HELD_MS }),
        reach: (person, model) => whenState(person, model, "queued"),
    },
    "while it runs": {
        hold: () => undefined,
        reach: (person, model) => whenState(person, model, "training"),
    },
    "while its end is looked at": {
        hold: () =>
            script({
                provider: "replicate",
                method: "GET",
                path: "/trainings/",
                behaviour: "delay",
                ms: HELD_MS,
                times: 100,
            }),
        reach: () => called("GET", "/trainings/"),
    },
};

/** Trains a model, whatever happens meanwhile, and tells what came of it. */
async function train(disturb, hold = () => undefined) {
    const person = await signedIn(instance);
    const { id } = await draftWithPhotos(person);
    await hold();
    await instance.control("/calls", undefined, "DELETE");
    const key = randomUUID();
    const press = () =>
        person.send("POST", "/api/genmodel", {
            json: { model: id },
            headers: { "idempotency-key": key },
        });
    // Whoever does not get an answer presses the button again, which means the same request.
    const pressed = press().catch(() => undefined);
    await disturb(person, id);
    await pressed;
    await until(
        async () => (await press()).status === 202,
        WITHIN_MS,
        () => "the training was never accepted",
        500,
    );
    const model = await person.whenFinished(`/api/model/${id}`, {
        withinMs: WITHIN_MS,
        onLook: () => instance.scheduled(),
    });
    const account = await person.send("GET", "/api/account", { expect: 200 });
    const { jobs } = await instance.control("/jobs");
    const runs = jobs.filter(({ input }) => input.input_images?.includes(`/${id}/`));
    return {
        state: model.state,
        versions: model.versions.map((version) => version.id),
        photos: model.versions.map((version) => version.photos),
        runs: runs.map(({ status }) => status),
        used: account.json.quotas.trainings_per_day.used,
        paid: account.json.total_predict_time_s > 0,
    };
}

// RO-05
test("a training comes out the same wherever in it the process is killed", async () => {
    const undisturbed = await train(async () => undefined);
    assert.deepEqual(undisturbed.runs, ["succeeded"]);
    console.log(`undisturbed: ${JSON.stringify(undisturbed)}`);
    for (const [point, { hold, reach }] of Object.entries(POINTS)) {
        const disturbed = await train(async (person, model) => {
            await reach(person, model);
            await instance.kill();
            await instance.control("/script", undefined, "DELETE");
        }, hold);
        console.log(`killed ${point}: ${JSON.stringify(disturbed)}`);
        assert.deepEqual(disturbed, undisturbed, point);
    }
});
