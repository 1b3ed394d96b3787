// What only the real runtime can show of plain HTTP: routes, pages, headers, cookies.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { ROOT } from "../../tools/build.mjs";
import { startInstance } from "../../tools/instance.mjs";
import { exampleVariables, secretNames } from "../../tools/variables.mjs";
import { assertProblem, product, signedIn, somebody } from "./product.mjs";

const instance = product();

test("health names the ledger and every provider", async () => {
    const { json, headers } = await somebody(instance).send("GET", "/api/health", { expect: 200 });
    assert.equal(json.status, "ok");
    assert.equal(json.environment, "development");
    assert.equal(json.ledger, true);
    assert.equal(json.providers.replicate, "closed");
    assert.match(json.revision, /^\S+$/);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
});

test("every answer of the api carries its own request id", async () => {
    const person = somebody(instance);
    const ids = new Set();
    for (const path of ["/api/health", "/api/styles", "/api/account", "/api/nothing"]) {
        ids.add((await person.send("GET", path)).headers.get("x-request-id"));
    }
    assert.equal(ids.size, 4);
    assert.ok(!ids.has(null));
});

test("an unknown path of the api is a problem document", async () => {
    assertProblem(await somebody(instance).send("GET", "/api/nothing"), 404, "not-found");
});

test("the interface is served as the document that is committed", async () => {
    const answer = await somebody(instance).send("GET", "/api/openapi.json", { expect: 200 });
    assert.match(answer.headers.get("content-type"), /^application\/json/);
    assert.match(answer.headers.get("x-request-id"), /^[0-9a-z]{26}$/);
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
    assert.equal(
        answer.text,
        await readFile(join(ROOT, "frontend/static/api/openapi.json"), "utf8"),
    );
});

test("a wrong method is refused with the right ones", async () => {
    const answer = await somebody(instance).send("PUT", "/api/magic-link");
    assertProblem(answer, 405, "method-not-allowed");
    assert.equal(answer.headers.get("allow"), "POST");
});

test("a variable that is no text stops the service and is named", async () => {
    // Not so much as the word of a kill switch that somebody wrote without quotes.
    for (const [name, value] of [
        ["PAUSED", true],
        ["SPEND_CAP_USD_PER_DAY", 1],
    ]) {
        const wrong = await startInstance({ vars: { [name]: value } });
        try {
            const answer = await somebody(wrong).send("GET", "/api/health");
            assertProblem(answer, 503, "misconfigured");
            const lines = wrong.logs.filter((line) => line.includes('"event":"configuration"'));
            assert.ok(lines.length > 0);
            for (const line of lines) assert.ok(line.includes(`"cause":"${name}"`), line);
        } finally {
            await wrong.stop();
        }
    }
});

// LK-02
test("HEAD is not a second way to confirm a link", async () => {
    const answer = await somebody(instance).send("HEAD", "/api/magic-link/confirm");
    assert.equal(answer.status, 405);
});

test("GET /create is the page, with or without a query", async () => {
    for (const path of ["/create", "/create?m=1"]) {
        const answer = await somebody(instance).send("GET", path, { expect: 200 });
        assert.match(answer.headers.get("content-type"), /^text\/html/);
        assert.equal(answer.headers.get("x-frame-options"), "DENY");
        assert.match(answer.headers.get("x-request-id"), /^[0-9a-z]{26}$/);
    }
});

test("an unknown page is the site's own 404", async () => {
    const answer = await somebody(instance).send("GET", "/no-such-page", { expect: 404 });
    assert.match(answer.headers.get("content-type"), /^text\/html/);
});

test("a page below the studio is answered with the app", async () => {
    const answer = await somebody(instance).send("GET", "/studio/1732290000000", { expect: 200 });
    assert.match(answer.headers.get("content-type"), /^text\/html/);
});

test("pages deny every other site's frame, script and form", async () => {
    const { headers, text } = await somebody(instance).send("GET", "/", { expect: 200 });
    assert.match(headers.get("content-security-policy"), /frame-ancestors 'none'/);
    assert.match(text, /http-equiv="content-security-policy"[^>]*default-src 'none'/i);
    assert.doesNotMatch(text, /script-src[^;"]*unsafe-inline/);
});

// CS-08
test("nothing that looks like a file is cached below the api or /create", async () => {
    const person = await signedIn(instance);
    for (const path of ["/api/model/x.css", "/create/x.js"]) {
        const answer = await person.send("GET", path);
        assert.equal(answer.status, 404, path);
        assert.doesNotMatch(answer.text, new RegExp(person.user.id), path);
    }
});

test("no answer opens the api to another site", async () => {
    const person = await signedIn(instance);
    for (const origin of ["https://evil.example", "null", `${instance.appOrigin}.evil.example`]) {
        for (const method of ["GET", "OPTIONS"]) {
            const answer = await person.send(method, "/api/account", { headers: { origin } });
            for (const name of answer.headers.keys()) {
                assert.doesNotMatch(name, /^access-control-/, `${method} from ${origin}`);
            }
        }
    }
});

test("an unsafe call from another site is refused", async () => {
    const person = await signedIn(instance);
    for (const origin of ["https://evil.example", "null"]) {
        const answer = await person.send("POST", "/api/model", {
            json: { name: "x", subject: "person" },
            headers: { origin },
        });
        assertProblem(answer, 403, "cross-site");
    }
    assert.deepEqual((await person.send("GET", "/api/model")).json.models, []);
});

// SN-01
test("the session cookie is for this host only and out of reach of scripts", async () => {
    const person = somebody(instance);
    await person.askForLink("cookie@example.com");
    const letter = await person.letterTo("cookie@example.com");
    const answer = await person.send("POST", "/api/magic-link/confirm", {
        json: { code: letter.code },
        expect: 200,
    });
    const lines = answer.headers.getSetCookie();
    const session = lines.find((line) => line.startsWith("__Host-session="));
    assert.match(
        session,
        /^__Host-session=[\w-]+\.[\w-]+\.[\w-]+; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=604800$/,
    );
    assert.ok(lines.some((line) => /^__Host-link=;.*Max-Age=0/.test(line)));
    assert.ok(!answer.text.includes(person.cookies.get("__Host-session")));
});

// PH-03
test("a photo that is larger than the limit is refused before it is stored", async () => {
    const person = await signedIn(instance);
    const { id } = await person.createModel();
    const answer = await person.send("POST", `/api/bytescale?model=${id}`, {
        body: new Uint8Array(10 * 1024 * 1024 + 1).fill(255),
        headers: { "content-type": "image/jpeg" },
    });
    assertProblem(answer, 413, "too-large");
    const { json } = await person.send("GET", `/api/bytescale?model=${id}`, { expect: 200 });
    assert.deepEqual(json.photos, []);
});

// OW-07
test("neither operators nor tests have a way in, and the artefact knows none", async () => {
    const person = await signedIn(instance);
    for (const name of ["admin", "calls", "clock", "debug", "letters", "panic", "script", "test"]) {
        for (const method of ["GET", "POST"]) {
            const answer = await person.send(method, `/api/${name}`);
            assertProblem(answer, 404, "not-found");
        }
        assert.equal((await person.send("GET", `/${name}`)).status, 404, name);
    }
    for (const name of ["index.js", "index_bg.wasm"]) {
        const artefact = await readFile(join(ROOT, "build", name), "latin1");
        for (const word of ["stand-in", "stand_ins", "/control", "violations", "drop_after"]) {
            assert.ok(!artefact.includes(word), `${name}: ${word}`);
        }
    }
});

// PH-11
test("no page and no script of the site holds a secret", async () => {
    const example = await exampleVariables();
    const secrets = (await secretNames()).map((name) => example[name]).filter(Boolean);
    assert.ok(secrets.length > 8);
    const folder = join(ROOT, "frontend/build");
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    assert.ok(files.length > 20);
    for (const { parentPath, name } of files) {
        const text = await readFile(join(parentPath, name), "latin1");
        for (const secret of secrets) assert.ok(!text.includes(secret), name);
        assert.doesNotMatch(text, /\b(r8_|whsec_|secret_[A-Za-z0-9]{6})/, name);
    }
});

// SN-11
test("odd credentials are refused and never an error of ours", async () => {
    const person = somebody(instance);
    for (const authorization of [
        "Bearer",
        "Bearer a b",
        `Bearer ${"x".repeat(8192)}`,
        "Basic YTpi",
    ]) {
        const answer = await person.send("GET", "/api/account", { headers: { authorization } });
        assertProblem(answer, 401, "not-signed-in");
    }
});
