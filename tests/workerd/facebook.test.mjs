// Signing in with Facebook and the box of Turnstile on the real runtime: redirects with several
// cookies, forms, and what Facebook sends by itself.

import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { until } from "../../tools/client.mjs";
import { assertProblem, product, somebody } from "./product.mjs";

const instance = product();
const guarded = product({
    vars: {
        TURNSTILE_SITE_KEY: "1x00000000000000000000AA",
        TURNSTILE_SECRET: "1x0000000000000000000000000000000AA",
    },
});

/** Goes to the dialog, answers it as that person, and gives the path that leads back. */
async function answered(browser, person, choice = "allow") {
    const begun = await browser.send("GET", "/api/facebook/auth?next=%2Fstudio", { expect: 302 });
    const dialog = new URL(begun.headers.get("location"));
    dialog.pathname += "/answer";
    dialog.searchParams.set("person", person);
    dialog.searchParams.set("choice", choice);
    const answer = await fetch(dialog, { redirect: "manual" });
    const back = new URL(answer.headers.get("location"));
    assert.equal(back.hash, "#_=_");
    return back.pathname + back.search;
}

async function signedIn(person) {
    const browser = somebody(instance);
    const back = await answered(browser, person);
    const ended = await browser.send("GET", back, { expect: 303 });
    assert.equal(ended.headers.get("location"), "/studio#");
    return browser;
}

/** Has the stand-in send a message, and gives it with its answer. */
async function told(kind, user, seal) {
    const { id } = await instance.control("/facebook", { kind, user_id: user, seal });
    return until(
        async () =>
            (await instance.control("/facebook")).find((m) => m.id === id && m.complaint !== null),
        10_000,
        () => `no answer to ${kind}`,
    );
}

describe("signing in with Facebook", () => {
    test("a return opens a session once, however often it comes at the same time", async () => {
        const browser = somebody(instance);
        const back = await answered(browser, "ada");
        const cookie = `__Host-facebook=${browser.cookies.get("__Host-facebook")}`;
        const copies = Array.from({ length: 10 }, () => somebody(instance));
        const answers = await Promise.all(
            copies.map((copy) => copy.send("GET", back, { headers: { cookie }, expect: 303 })),
        );
        for (const { headers } of answers) assert.equal(headers.get("location"), "/studio#");
        const opened = copies.filter((copy) => copy.cookies.has("__Host-session"));
        assert.equal(opened.length, 1);
        const { json } = await opened[0].send("GET", "/api/account", { expect: 200 });
        assert.deepEqual([json.provider, json.name], ["facebook", "Ada Example"]);
        assert.equal(json.sessions.length, 1);
    });

    test("whoever denies it is back at the sign-in page", async () => {
        const browser = somebody(instance);
        const back = await answered(browser, "ada", "deny");
        const ended = await browser.send("GET", back, { expect: 303 });
        assert.equal(ended.headers.get("location"), "/sign-in?error=cancelled");
        assert.equal(browser.cookies.has("__Host-facebook"), false);
    });

    test("messages are believed by their signature alone", async () => {
        const browser = await signedIn("bo");
        const id = (await browser.send("GET", "/api/account", { expect: 200 })).json.id;
        for (const kind of ["deauthorize", "deletion"]) {
            for (const seal of ["broken", "unsigned", "missing", "other_secret"]) {
                const message = await told(kind, id, seal);
                assert.deepEqual([message.status, message.complaint], [400, ""], seal);
            }
        }
        await browser.send("GET", "/api/account", { expect: 200 });
        const message = await told("deauthorize", id, "right");
        assert.deepEqual([message.status, message.complaint], [200, ""]);
        assertProblem(await browser.send("GET", "/api/account"), 401, "not-signed-in");
    });

    test("a deletion is answered with an address that shows its receipt", async () => {
        await signedIn("sixteen");
        const message = await told("deletion", "1234567890123456", "right");
        assert.deepEqual([message.status, message.complaint], [200, ""]);
        const { confirmation_code: code } = JSON.parse(message.body);
        const receipt = await until(
            async () => {
                const { json } = await somebody(instance).send("GET", `/api/deletion/${code}`);
                return json.state === "done" ? json : undefined;
            },
            60_000,
            () => "the deletion has not ended",
            500,
        );
        assert.ok(receipt.objects.every((object) => object.verified_gone));
    });
});

test("with Turnstile a letter is sent for a token only", async () => {
    const browser = somebody(guarded);
    const ask = (more) =>
        browser.send("POST", "/api/magic-link", { json: { email: "a@example.com", ...more } });
    assertProblem(await ask({}), 422, "invalid-request");
    const passed = await ask({ "cf-turnstile-response": "XXXX.DUMMY.TOKEN.XXXX" });
    assert.equal(passed.status, 202);
});
