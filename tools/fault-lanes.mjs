// The rows and columns of the fault matrix: what is done, where the trouble is, and what counts as
// its end. A lane is run on an instance of its own, cell by cell.

import { randomUUID } from "node:crypto";

import { samplePhotos, until } from "./client.mjs";

/** How long a run without trouble may take. */
const CALM_MS = 30_000;

const wire = (behaviour, more = {}) => ({
    name: [behaviour, ...Object.values(more)].join(" "),
    script: { behaviour, ...more },
});
const STATUSES = [400, 404, 409, 422, 429, 500, 502, 503];
/** These say that our account is at fault: what costs money rests for minutes after one. */
const ACCOUNT = [401, 402, 403].map((status) => wire("status", { status }));
/** What the mail provider means by these does not change by asking again. */
const REFUSED_FOR_GOOD = new Set([400, 402, 404, 409, 422]);

/** What can happen to a paid request on its way. */
const ORDER = [
    wire("ok"),
    wire("delay", { ms: 2000 }),
    wire("delay", { ms: 30_000 }),
    ...STATUSES.map((status) => wire("status", { status })),
    wire("malformed"),
    wire("truncate", { bytes: 20 }),
    wire("drop_before"),
    wire("drop_after"),
    wire("redirect", { to: "https://elsewhere.example/" }),
    wire("huge", { bytes: 30_000_000 }),
    wire("hang"),
];

/** What can happen to any other request. */
const WIRE = [...ORDER, ...ACCOUNT];

/** What can happen to a run, whatever it makes. */
const RUN = [
    wire("fail", { error: "CUDA out of memory (E1001)" }),
    wire("fail", { error: "Prediction interrupted; please retry (E6716)" }),
    wire("stuck_starting", { ms: 3000 }),
    wire("unknown_status"),
    wire("null_logs"),
    wire("extra_fields"),
    wire("webhook_drop"),
    wire("webhook_duplicate"),
    wire("webhook_reorder"),
    wire("webhook_delay", { ms: 2000 }),
    wire("webhook_forge"),
    wire("webhook_stale"),
    wire("webhook_wrong_operation"),
    wire("webhook_before_answer"),
];
const TRAINING = [...RUN, wire("no_version")];
const IMAGES = [
    ...RUN,
    wire("nsfw_some", { n: 1 }),
    wire("nsfw_all"),
    wire("output_string"),
    wire("output_data"),
    wire("output_null"),
    wire("output_slow", { ms: 2000 }),
    wire("output_truncated", { bytes: 50 }),
    wire("output_wrong_type"),
    wire("output_foreign_host"),
];
const ARCHIVE = [
    wire("job_failed"),
    wire("job_stuck"),
    wire("zip_truncated"),
    wire("zip_foreign_entry"),
    wire("zip_entry_missing"),
    wire("listing_wrong"),
];

const at =
    (provider, method, path) =>
    ({ script, name }, times = 1) => ({
        name,
        script: { provider, method, path, times, ...script },
    });

/** As often as a read is tried. */
const TRIES = 3;
const accepted = (path, answer) => ({
    complaint: answer.complaint,
    end: answer.status === 202 ? `${path}/${answer.json.id}` : undefined,
});

const make = (name, place, faults, prepare, act) => ({
    name,
    prepare,
    faults,
    // A breaker counts failures since the last success: without one between the cells it would
    // keep the trouble of the next cell from being met.
    calm: prepare === ready ? (hands, model) => image(hands, model) : undefined,
    act: async (hands, fault, state) => {
        const { script } = place(fault, fault.times ?? 1);
        return act(hands, () => hands.script(script), state, fault);
    },
});

const often = (faults) => faults.map((fault) => ({ ...fault, times: TRIES }));
const ready = (hands) => hands.ready();
const draft = (hands) => hands.draft();

/** The path of the first photo's file is the last thing to go when something is deleted. */
const filesGone = (part) => async (hands) => {
    const files = await hands.instance.control("/files");
    return !files.some(({ path }) => path.includes(part));
};

async function image(hands, model) {
    const order = await hands.create(model);
    await hands.finished(`/api/prediction/${order.json.id}`);
    return order.json.id;
}

const train = (name, faults) =>
    make(name, at("replicate", "POST", "/trainings"), faults, ready, async (hands, spoil) => {
        const model = await hands.draft();
        await hands.person.bundle(model);
        await spoil();
        return accepted("/api/model", await hands.train(model));
    });

/** Images, with the trouble at any place on their way. */
const images = (name, place, faults, count = 1) =>
    make(name, place, faults, ready, async (hands, spoil, model) => {
        await spoil();
        return accepted("/api/prediction", await hands.create(model, count));
    });
const create = (name, faults) => images(name, at("replicate", "POST", "/predictions"), faults, 2);

/** A draft of one photo, which is described. */
async function describe(hands, spoil = async () => {}) {
    const model = await hands.draft(1);
    const photos = async () => {
        const { json } = await hands.person.send("GET", `/api/bytescale?model=${model}`);
        return json.photos;
    };
    const [{ id: photo }] = await photos();
    await spoil();
    const answer = await hands.send("POST", "/api/caption", {
        json: { model, photo },
        headers: { "idempotency-key": randomUUID() },
    });
    const ended = async () => (await photos())[0].captioning !== "running";
    return { complaint: answer.complaint, end: answer.status === 202 ? ended : undefined };
}

/** Descriptions of photos, with the trouble at the order or the run. */
const caption = (name, faults) => ({
    ...make(name, at("replicate", "POST", "/predictions"), faults, undefined, describe),
    calm: async (hands) => {
        await hands.clear();
        const { end } = await describe(hands);
        if (!end) throw new Error("without trouble a photo was not taken to be described");
        const look = async () => (await end()) || undefined;
        await until(look, CALM_MS, () => "without trouble a photo was not described");
    },
});

/** A bundle of photos, which is asked for once more when the trouble is over. */
const bundle = (name, place, faults) =>
    make(name, place, faults, draft, async (hands, spoil, model) => {
        // A caption makes it another bundle.
        const photos = await hands.person.send("GET", `/api/bytescale?model=${model}`);
        const photo = `/api/bytescale/${photos.json.photos[0].id}?model=${model}`;
        const caption = { caption: `number ${Math.random()}` };
        await hands.person.send("PATCH", photo, { json: caption, expect: 200 });
        await spoil();
        const answer = await hands.send("POST", "/api/zipper", { json: { model } });
        await hands.clear();
        const again = await hands.send("POST", "/api/zipper", { json: { model } });
        const refused = again.status === 200 ? undefined : `again: ${again.text}`;
        return { complaint: answer.complaint ?? refused };
    });

export const LANES = [
    // Each cell uploads its photos, and one person may upload 120 in an hour: so there are two.
    train("train", ORDER),
    train("train-run", TRAINING),
    create("create", [...ORDER, ...IMAGES]),
    caption("caption", [...ORDER, ...RUN, wire("output_null")]),
    ...ACCOUNT.flatMap((fault) => [
        { ...train(`train-${fault.script.status}`, [fault]), calm: undefined },
        { ...create(`create-${fault.script.status}`, [fault]), calm: undefined },
        { ...caption(`caption-${fault.script.status}`, [fault]), calm: undefined },
    ]),
    images("look", at("replicate", "GET", "/predictions/"), often(WIRE)),
    make(
        "search",
        at("replicate", "GET", "/predictions?"),
        often(WIRE),
        ready,
        async (hands, spoil, model) => {
            const lost = { provider: "replicate", method: "POST", path: "/predictions", times: 1 };
            await hands.script({ ...lost, behaviour: "drop_after" });
            await hands.script({ ...lost, behaviour: "webhook_drop" });
            await spoil();
            return accepted("/api/prediction", await hands.create(model));
        },
    ),
    images("fetch", at("replicate-delivery", "GET"), often(WIRE)),
    images("store", at("bytescale", "POST", "tag=image"), [
        ...often(WIRE),
        { ...wire("stored_short", { bytes: 10 }), times: 1 },
    ]),
    images("placeholder", at("bytescale-cdn", "GET", "f=webp"), often(WIRE)),
    make(
        "upload",
        at("bytescale", "POST", "/uploads"),
        [...often(WIRE), wire("stored_short", { bytes: 10 })],
        draft,
        async (hands, spoil, model) => {
            const [photo] = (await samplePhotos(5)).slice(4);
            const send = () =>
                hands.send("POST", `/api/bytescale?model=${model}`, {
                    body: photo.bytes,
                    headers: { "content-type": "image/jpeg" },
                });
            await spoil();
            const answer = await send();
            await hands.clear();
            const again = await send();
            const { id } = again.json ?? {};
            if (again.status === 201) {
                const path = `/api/bytescale/${id}?model=${model}`;
                await hands.person.send("DELETE", path, { expect: 204 });
            }
            const refused =
                again.status === 201 ? undefined : `again: ${again.status} ${again.text}`;
            return { complaint: answer.complaint ?? refused };
        },
    ),
    bundle("bundle", at("bytescale-cdn", "POST", "save/archive"), [...often(WIRE), ...ARCHIVE]),
    bundle("list-bundle", at("bytescale-cdn", "GET", "m=extract"), often(WIRE)),
    make("letter", at("resend", "POST"), WIRE, undefined, async (hands, spoil, _state, fault) => {
        const email = `reader${Math.random()}@example.com`.replace("0.", "");
        await spoil();
        const answer = await hands.send("POST", "/api/magic-link", { json: { email } });
        const refused = answer.status === 202 ? undefined : `${answer.status} ${answer.text}`;
        // What the provider refuses for good never arrives, and the operator is told.
        const isTold = async () =>
            (await hands.instance.control("/alerts")).some(({ message }) =>
                /mail-quota|effect-failed/.test(message),
            );
        const ended = async () =>
            (await hands.person.letters(email)).length === 1 ||
            (REFUSED_FOR_GOOD.has(fault.script.status) && (await isTold()));
        return { complaint: answer.complaint ?? refused, end: ended };
    }),
    make("stop", at("replicate", "POST", "/cancel"), often(WIRE), ready, async (hands, spoil) => {
        const model = await hands.draft();
        const stuck = { provider: "replicate", method: "POST", path: "/trainings", times: 1 };
        await hands.script({ ...stuck, behaviour: "stuck_starting" });
        await hands.train(model);
        await spoil();
        const answer = await hands.send("DELETE", `/api/genmodel/${model}`);
        const canceled = async () => {
            const { jobs } = await hands.instance.control("/jobs");
            const job = jobs.find(({ input }) => input.input_images?.includes(model));
            return job?.status === "canceled";
        };
        return { complaint: answer.complaint, end: canceled };
    }),
    make(
        "delete-images",
        at("bytescale", "DELETE", "/folders"),
        often(WIRE),
        ready,
        async (hands, spoil, model) => {
            const id = await image(hands, model);
            await spoil();
            const answer = await hands.send("DELETE", `/api/prediction/${id}`);
            return { complaint: answer.complaint, end: filesGone(id.split("_")[1]) };
        },
    ),
    make("delete-version", at("replicate", "DELETE"), often(WIRE), ready, async (hands, spoil) => {
        const model = await hands.ready();
        await spoil();
        const answer = await hands.send("DELETE", `/api/model/${model}`);
        return { complaint: answer.complaint, end: filesGone(`/${model}/`) };
    }),
    make(
        "delete-photo",
        at("bytescale", "DELETE", "/files"),
        often(WIRE),
        draft,
        async (hands, spoil, model) => {
            const [photo] = (await samplePhotos(6)).slice(5);
            const { id } = await hands.person.upload(model, photo);
            await spoil();
            const path = `/api/bytescale/${id}?model=${model}`;
            const answer = await hands.send("DELETE", path);
            return { complaint: answer.complaint, end: filesGone(id) };
        },
    ),
];
