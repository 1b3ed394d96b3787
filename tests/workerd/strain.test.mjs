// What a crowd, a hostile client or a crash does to the real Worker: nobody else notices.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { samplePhotos, tokenIn, until } from "../../tools/client.mjs";
import { assertProblem, orders, product, readyModel, signedIn, somebody } from "./product.mjs";

const PEOPLE = 20;
const DEVICES = 9;
const STRANGERS = 20;
const MIB = 1024 * 1024;
const instance = product();

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

// LK-01
test("a known and an unknown address are answered in the same time", async () => {
    await somebody(instance).signIn("timed@example.com");
    const times = { known: [], unknown: [] };
    for (let index = 0; index < 50; index += 1) {
        const pair = [
            ["known", "timed@example.com"],
            ["unknown", `untimed${index}@example.com`],
        ];
        // What follows one answer may slow the next, so each kind comes first as often.
        for (const [kind, email] of index % 2 ? pair : pair.toReversed()) {
            const person = somebody(instance);
            const started = performance.now();
            const { headers, text } = await person.askForLink(email);
            times[kind].push(performance.now() - started);
            assert.equal(text, '{"expires_in_s":600}');
            assert.ok(headers.has("set-cookie"));
        }
    }
    const apart = Math.abs(median(times.known) - median(times.unknown));
    assert.ok(apart < 20, `${apart} ms apart`);
});

/** People who have just signed in, no faster than the mail provider sends. */
async function crowd() {
    const people = Array.from({ length: PEOPLE }, (_, index) => {
        return Object.assign(somebody(instance), { email: `crowd${index}@example.com` });
    });
    await Promise.all(
        people.map(async (person, index) => {
            await pause(index * 150);
            await person.askForLink(person.email);
        }),
    );
    const letters = await until(
        async () => {
            const all = await instance.control("/letters");
            const ours = all.filter(({ to }) => [to].flat()[0].includes("crowd"));
            return ours.length === PEOPLE ? ours : undefined;
        },
        // Letters that were too many for the provider are spread over the next minute or two.
        90_000,
        () => "letters are missing",
        500,
    );
    for (const letter of letters) {
        const person = people.find(({ email }) => [letter.to].flat()[0].includes(email));
        const json = { token: tokenIn(letter) };
        await person.send("POST", "/api/magic-link/confirm", { json, expect: 200 });
        await person.consent();
    }
    return people;
}

// RO-04
test("two hundred clients at once see nothing of each other", async () => {
    const people = await crowd();
    const delay = { behaviour: "delay", ms: 200 };
    for (const provider of ["bytescale", "replicate"]) {
        await instance.control("/script", { provider, ...delay });
    }
    const [photo] = await samplePhotos(1);
    const work = async (person, index, device) => {
        const client = somebody(instance);
        client.cookies = new Map(person.cookies);
        const json = { name: `Model of ${index}.`, subject: "person" };
        const { json: model } = await client.send("POST", "/api/model", { json, expect: 201 });
        const texts = [JSON.stringify(model)];
        if (device === 0) texts.push(JSON.stringify(await client.upload(model.id, photo)));
        for (const path of ["/api/account", "/api/model", `/api/model/${model.id}`]) {
            texts.push((await client.send("GET", path, { expect: 200 })).text);
        }
        return { index, text: texts.join("\n") };
    };
    const clients = people.flatMap((person, index) =>
        Array.from({ length: DEVICES }, (_, device) => work(person, index, device)),
    );
    const strangers = Array.from({ length: STRANGERS }, () =>
        somebody(instance).send("GET", "/api/account"),
    );
    assert.equal(clients.length + strangers.length, 200);
    for (const answer of await Promise.all(strangers)) assertProblem(answer, 401, "not-signed-in");
    for (const { index, text } of await Promise.all(clients)) {
        const names = new Set([...text.matchAll(/crowd\d+@|Model of \d+\./g)].map(([one]) => one));
        assert.deepEqual([...names].sort(), [`Model of ${index}.`, `crowd${index}@`]);
    }
    await instance.control("/script", undefined, "DELETE");
});

/** A connection on which a request is written by hand; resolves to what came back on it. */
async function byHand(lines, write, { withinMs = 20_000 } = {}) {
    const { hostname, port, host } = new URL(instance.appOrigin);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    let answer = "";
    let open = true;
    socket.on("data", (chunk) => (answer += chunk));
    socket.on("error", () => (open = false));
    socket.on("close", () => (open = false));
    socket.write([...lines, `host: ${host}`, `origin: ${instance.appOrigin}`, "", ""].join("\r\n"));
    const isOpen = () => open && answer === "";
    await write(socket, isOpen);
    const deadline = Date.now() + withinMs;
    while (isOpen() && Date.now() < deadline) await pause(20);
    socket.destroy();
    return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0), answer };
}

const cookieOf = (person) => `cookie: __Host-session=${person.cookies.get("__Host-session")}`;

/** Sends chunks of 64 KiB until somebody answers, or `most` bytes are out; tells how many were. */
function chunks(most, told = {}) {
    const chunk = Buffer.alloc(65_536, 255);
    return async (socket, isOpen) => {
        told.bytes = 0;
        while (isOpen() && told.bytes < most) {
            const sent = socket.write(
                Buffer.concat([Buffer.from("10000\r\n"), chunk, Buffer.from("\r\n")]),
            );
            told.bytes += chunk.length;
            if (!sent && isOpen()) {
                await Promise.race([once(socket, "drain").catch(() => {}), pause(1000)]);
            }
            await pause(0);
        }
    };
}

async function photosOf(person, model) {
    const { json } = await person.send("GET", `/api/bytescale?model=${model}`, { expect: 200 });
    return json.photos;
}

// PH-03
test("a body without end, of a false length or that never comes is stored nowhere", async () => {
    const person = await signedIn(instance);
    const { id } = await person.createModel();
    const upload = [
        `POST /api/bytescale?model=${id} HTTP/1.1`,
        cookieOf(person),
        "content-type: image/jpeg",
    ];
    const told = {};
    const endless = await byHand([...upload, "transfer-encoding: chunked"], chunks(64 * MIB, told));
    assert.equal(endless.status, 413, endless.answer);
    assert.ok(told.bytes < 32 * MIB, `${told.bytes} bytes were taken`);

    const [photo] = await samplePhotos(1);
    const short = await byHand([...upload, "content-length: 20"], async (socket) => {
        socket.write(photo.bytes);
    });
    assert.equal(short.status, 422, short.answer);

    const long = [...upload, `content-length: ${photo.bytes.length}`];
    await byHand(long, async (socket) => socket.end(photo.bytes.subarray(0, 1000)), {
        withinMs: 2000,
    });
    await byHand(
        long,
        async (socket, isOpen) => {
            for (let index = 0; index < 10 && isOpen(); index += 1) {
                socket.write(photo.bytes.subarray(index, index + 1));
                await pause(100);
                // Whoever is slow keeps nobody else waiting.
                await somebody(instance).send("GET", "/api/health", { expect: 200 });
            }
        },
        { withinMs: 0 },
    );
    assert.deepEqual(await photosOf(person, id), []);
    const stored = await orders(instance, "bytescale", id);
    assert.deepEqual(stored, []);
    await person.upload(id, photo);
});

// HK-07
test("a message without a length is read no further than a megabyte", async () => {
    const person = await signedIn(instance);
    await readyModel(person);
    const ordered = await orders(instance, "replicate", "/trainings");
    const { pathname } = new URL(JSON.parse(ordered.at(-1).body).webhook);
    const head = [
        `POST ${pathname} HTTP/1.1`,
        "content-type: application/json",
        "webhook-id: msg_x",
        `webhook-timestamp: ${Math.floor(Date.now() / 1000)}`,
        `webhook-signature: v1,${Buffer.alloc(32).toString("base64")}`,
        "cf-connecting-ip: 10.7.0.1",
        "transfer-encoding: chunked",
    ];
    const told = {};
    const huge = await byHand(head, chunks(64 * MIB, told));
    assert.equal(huge.status, 413, huge.answer);
    assert.ok(told.bytes < 16 * MIB, `${told.bytes} bytes were taken`);
    const slow = await byHand(
        head,
        async (socket, isOpen) => {
            for (let index = 0; index < 5 && isOpen(); index += 1) {
                socket.write("1\r\nx\r\n");
                await pause(100);
            }
            socket.write("0\r\n\r\n");
        },
        { withinMs: 5000 },
    );
    assert.equal(slow.status, 401, slow.answer);
});

// RO-03
test("long headers, addresses and cookies are refused in a bounded answer", async () => {
    const many = Object.fromEntries(
        Array.from({ length: 40 }, (_, index) => [`x-header-${index}`, "h".repeat(1024)]),
    );
    const cases = [
        ["/api/account", many],
        [`/api/model/${"1".repeat(20 * 1024)}`, {}],
        [`/api/model?q=${"q".repeat(20 * 1024)}`, {}],
        ["/api/account", { cookie: `__Host-session=${"c".repeat(16 * 1024)}` }],
        ["/api/account", { cookie: `a=${"c".repeat(8000)}; b=${"c".repeat(8000)}` }],
        ["/api/account", { authorization: `Bearer ${"t".repeat(16 * 1024)}` }],
    ];
    for (const [path, headers] of cases) {
        const started = performance.now();
        const answer = await somebody(instance).send("GET", path, { headers });
        assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status}`);
        assert.ok(answer.text.length < 2048);
        assert.ok(performance.now() - started < 5000);
    }
    await somebody(instance).send("GET", "/api/health", { expect: 200 });
});
