// The built pages as the runtime serves them: their headers, their policies, and security.txt.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { ROOT } from "../../tools/build.mjs";
import { product, signedIn, somebody } from "./product.mjs";

const instance = product();
const BUILD = join(ROOT, "frontend/build");
const DAY_MS = 86_400_000;

const get = (path) => somebody(instance).send("GET", path);

/** The headers that every static file carries, whatever it is. */
const STATIC = {
    "strict-transport-security": "max-age=63072000; includeSubDomains; preload",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(), microphone=(), payment=()",
    "x-frame-options": "DENY",
    "content-security-policy":
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
};

function assertStatic(answer, path) {
    for (const [name, value] of Object.entries(STATIC)) {
        assert.equal(answer.headers.get(name), value, `${path}: ${name}`);
    }
    for (const name of ["server", "x-powered-by", "via"]) {
        assert.equal(answer.headers.get(name), null, `${path}: ${name}`);
    }
}

/** The addresses of all pages, and of one below each that takes any. */
async function pages() {
    const files = (await readdir(BUILD, { recursive: true })).filter((name) =>
        name.endsWith(".html"),
    );
    assert.ok(files.length > 6, `${files}`);
    const own = files
        .filter((name) => !["404.html", "app.html"].includes(name))
        .map((name) => `/${name.replace(/(^|\/)index\.html$/, "").replace(/\.html$/, "")}`);
    return [...own, "/studio/1732290000000", "/deletion/abc", "/no-such-page"];
}

/** The directives of the policy in a page. */
function policyOf(html, path) {
    const metas = [
        ...html.matchAll(/<meta http-equiv="content-security-policy" content="([^"]*)">/gi),
    ];
    assert.equal(metas.length, 1, path);
    const directives = metas[0][1].split(";").map((part) => part.trim().split(/\s+/));
    return Object.fromEntries(
        directives.filter(([name]) => name).map(([name, ...rest]) => [name, rest]),
    );
}

/** The hashes of the scripts that stand in a page itself. */
const inlineHashes = (html) =>
    [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
        ([, script]) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
    );

// CS-06
test("every page carries its headers and a policy that allows nothing inline", async () => {
    const cdn = instance.standIns;
    for (const path of await pages()) {
        const answer = await get(path);
        assertStatic(answer, path);
        assert.match(answer.headers.get("content-type"), /^text\/html/, path);
        const policy = policyOf(answer.text, path);
        const scripts = policy["script-src"].filter((source) => !/^'sha256-/.test(source));
        assert.deepEqual(scripts, ["'self'", "'wasm-unsafe-eval'"], path);
        const known = new Set(policy["script-src"]);
        for (const hash of inlineHashes(answer.text))
            assert.ok(known.has(hash), `${path}: ${hash}`);
        assert.deepEqual(policy["default-src"], ["'none'"], path);
        assert.deepEqual(policy["style-src"], ["'self'"], path);
        assert.deepEqual(policy["img-src"], ["'self'", "blob:", "data:", cdn], path);
        assert.deepEqual(policy["connect-src"], ["'self'", cdn], path);
        for (const name of ["worker-src", "font-src", "manifest-src"]) {
            assert.deepEqual(policy[name], ["'self'"], `${path}: ${name}`);
        }
        assert.ok(!Object.values(policy).flat().includes("'unsafe-inline'"), path);
        assert.doesNotMatch(answer.text, /<style|\son\w+="|\sstyle="/, path);
        const foreign = /(?:src|href)="(https?:)?\/\/(?!127\.0\.0\.1)/;
        assert.doesNotMatch(answer.text.replace(/<a [^>]*>/g, ""), foreign, path);
        const signIn = path.startsWith("/sign-in");
        if (signIn) assert.equal(answer.headers.get("cache-control"), "no-store", path);
    }
});

test("files beside the pages carry the same headers, and those that never change say so", async () => {
    const names = await readdir(join(BUILD, "_app/immutable"), { recursive: true });
    const script = `/_app/immutable/${names.find((name) => name.endsWith(".js"))}`;
    for (const path of ["/favicon.svg", "/robots.txt", "/site.webmanifest", script]) {
        const answer = await get(path);
        assert.equal(answer.status, 200, path);
        assertStatic(answer, path);
    }
    assert.match((await get(script)).headers.get("cache-control"), /immutable/);
});

// CS-05
test("every answer of the api carries the headers that keep it safe", async () => {
    const person = await signedIn(instance);
    const requests = [
        ["GET", "/api/health"],
        ["GET", "/api/account"],
        ["GET", "/api/styles"],
        ["GET", "/api/nothing"],
        ["GET", "/api/model?limit=x"],
        ["PUT", "/api/account"],
        ["POST", "/api/model"],
        ["POST", "/api/webhooks/replicate/x"],
    ];
    for (const [method, path] of requests) {
        for (const who of [person, somebody(instance)]) {
            const { headers, text } = await who.send(method, path);
            assert.equal(headers.get("x-content-type-options"), "nosniff", path);
            assert.equal(
                headers.get("content-security-policy"),
                "default-src 'none'; frame-ancestors 'none'",
                path,
            );
            assert.equal(headers.get("cross-origin-resource-policy"), "same-origin", path);
            assert.match(headers.get("strict-transport-security"), /^max-age=63072000;/, path);
            const stored = path === "/api/styles" ? "public, max-age=3600" : "no-store";
            assert.equal(headers.get("cache-control"), stored, path);
            if (text !== "") assert.match(headers.get("content-type"), /; charset=utf-8$/, path);
            for (const name of ["server", "x-powered-by", "via"]) {
                assert.equal(headers.get(name), null, `${path}: ${name}`);
            }
        }
    }
});

// CS-07
test("security.txt has its fields and expires in a month to a year", async () => {
    const { status, headers, text } = await get("/.well-known/security.txt");
    assert.equal(status, 200);
    assert.match(headers.get("content-type"), /^text\/plain/);
    const fields = Object.fromEntries(
        text
            .trim()
            .split("\n")
            .map((line) => line.split(/: (.+)/)),
    );
    assert.match(fields.Contact, /^mailto:[^@\s]+@[^@\s]+$/);
    assert.match(fields.Canonical, /^https:\/\/[^/]+\/\.well-known\/security\.txt$/);
    assert.match(fields.Policy, /^https:\/\//);
    assert.equal(fields["Preferred-Languages"], "en");
    const days = (Date.parse(fields.Expires) - Date.now()) / DAY_MS;
    assert.ok(days > 30 && days < 365, `${days} days`);
    const built = await readFile(join(BUILD, ".well-known/security.txt"), "utf8");
    assert.equal(built, text);
});

test("the legal pages are whole and say what is configured", async () => {
    const unnamed = { "": /the operator of selfie\.pr/, "/de": /der Betreiber von selfie\.pr/ };
    for (const path of ["/privacy", "/terms", "/de/privacy", "/de/terms"]) {
        const { text } = await get(path);
        assert.doesNotMatch(text, /\{\w+\}|undefined|NaN/, path);
        assert.match(text, unnamed[path.replace(/\/\w+$/, "")], path);
        assert.match(text, /hello@selfie\.pr/, path);
        assert.match(text, /\d{1,2}\.? \w+ 20\d\d/, path);
    }
    const { text } = await get("/privacy");
    for (const words of [
        "30 days",
        "10 minutes",
        "7 days",
        "Cloudflare",
        "Bytescale",
        "Replicate",
    ]) {
        assert.ok(text.includes(words), words);
    }
    assert.doesNotMatch(text, /Facebook tells us who you are/);
});

// CS-08
test("what looks like a file below the api or /create is not found, not cached, and tells nothing", async () => {
    const person = await signedIn(instance);
    for (const path of [
        "/api/model/x.css",
        "/create/x.js",
        "/api/account/x.png",
        "/api/account.css",
    ]) {
        const answer = await person.send("GET", path);
        assert.equal(answer.status, 404, path);
        const { id, email } = person.user;
        assert.ok(!answer.text.includes(id) && !answer.text.includes(email), path);
        const caching = answer.headers.get("cache-control") ?? "";
        assert.doesNotMatch(caching, /max-age=[1-9]|immutable/, `${path}: ${caching}`);
    }
});
