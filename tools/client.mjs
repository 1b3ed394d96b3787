// A person at the product's HTTP interface: carries cookies by hand, proves its origin,
// and walks the main job step by step. The demo and the tests on workerd are made of it.
// It asserts nothing but the status that the caller asks for.

import { randomUUID } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { ROOT } from "./build.mjs";

const PHOTOS = join(ROOT, "tests/fixtures/photos");
const FINISHED = new Set(["ready", "succeeded", "failed", "canceled"]);

/** The first `count` sample photos, as `{name, bytes}`. */
export async function samplePhotos(count = 12) {
    const names = (await readdir(PHOTOS)).filter((name) => /^good-\d\d\.jpg$/.test(name)).sort();
    if (names.length < count) throw new Error(`there are only ${names.length} sample photos`);
    return Promise.all(
        names
            .slice(0, count)
            .map(async (name) => ({ name, bytes: await readFile(join(PHOTOS, name)) })),
    );
}

/** One browser, or one script, with cookies of its own. */
export class Client {
    /** @param {{appOrigin: string, control: Function}} instance */
    constructor(instance, { address } = {}) {
        this.instance = instance;
        this.cookies = new Map();
        /** The address that the product sees; limits are counted by it. */
        this.address = address;
    }

    /**
     * Sends one request.
     * @param {string} method @param {string} path
     * @param {{json?: unknown, body?: Uint8Array, headers?: Record<string, string>, expect?: number}} [options]
     * @returns {Promise<{status: number, headers: Headers, text: string, json: any}>}
     */
    async send(method, path, { json, body, headers = {}, expect } = {}) {
        // A connection that is kept may be closed by the other side just as it is used again.
        const all = { connection: "close", ...headers };
        if (method !== "GET" && method !== "HEAD") all.origin ??= this.instance.appOrigin;
        if (this.cookies.size > 0) {
            all.cookie ??= [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
        }
        if (this.address) all["cf-connecting-ip"] ??= this.address;
        if (json !== undefined) all["content-type"] ??= "application/json";
        const response = await fetch(this.instance.appOrigin + path, {
            method,
            headers: all,
            body: json === undefined ? body : JSON.stringify(json),
            redirect: "manual",
        });
        for (const line of response.headers.getSetCookie()) this.#keep(line);
        const text = await response.text();
        if (expect !== undefined && response.status !== expect) {
            throw new Error(`${method} ${path}: ${response.status} instead of ${expect}: ${text}`);
        }
        const isJson = /^application\/(problem\+)?json/.test(
            response.headers.get("content-type") ?? "",
        );
        return {
            status: response.status,
            headers: response.headers,
            text,
            json: isJson && text !== "" ? JSON.parse(text) : null,
        };
    }

    #keep(line) {
        const [pair, ...attributes] = line.split(";").map((part) => part.trim());
        const [, name, value] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
        const gone = attributes.some((attribute) => /^max-age=0$/i.test(attribute));
        if (gone || value === "") this.cookies.delete(name);
        else this.cookies.set(name, value);
    }

    /** Asks for a magic link. */
    askForLink(email, { expect = 202, ...options } = {}) {
        return this.send("POST", "/api/magic-link", { json: { email }, expect, ...options });
    }

    /** The newest letter to an address, once the stand-in for the mail provider has it. */
    async letterTo(email, { withinMs = 10_000 } = {}) {
        return until(
            async () => (await this.letters(email)).at(-1),
            withinMs,
            () => `no letter to ${email}`,
        );
    }

    async letters(email) {
        const letters = await this.instance.control("/letters");
        return letters.filter((letter) => [letter.to].flat().some((to) => to.includes(email)));
    }

    /** Signs in by mail: asks, reads the letter, confirms in this same browser. */
    async signIn(email) {
        await this.askForLink(email);
        const letter = await this.letterTo(email);
        const confirmed = await this.send("POST", "/api/magic-link/confirm", {
            json: { token: tokenIn(letter) },
            expect: 200,
        });
        return confirmed.json;
    }

    /** Signs in by the stand-in for Facebook, as one of the people that it knows. */
    async signInWithFacebook(person) {
        const begun = await this.send("GET", "/api/facebook/auth", { expect: 302 });
        const dialog = new URL(begun.headers.get("location"));
        dialog.pathname += "/answer";
        dialog.searchParams.set("person", person);
        dialog.searchParams.set("choice", "allow");
        const answer = await fetch(dialog, { redirect: "manual" });
        const back = new URL(answer.headers.get("location"));
        await this.send("GET", back.pathname + back.search, { expect: 303 });
    }

    /** The token of the session, which API clients send as a bearer token. */
    get token() {
        return this.cookies.get("__Host-session");
    }

    /** Accepts the consent text that the account asks for. */
    async consent() {
        const account = await this.send("GET", "/api/account", { expect: 200 });
        const version = account.json.required_consent;
        return this.send("POST", "/api/consent", { json: { version }, expect: 200 });
    }

    async createModel(name = "Me", subject = "person") {
        const made = await this.send("POST", "/api/model", {
            json: { name, subject },
            expect: 201,
        });
        return made.json;
    }

    async upload(model, { name, bytes }, { type = "image/jpeg", expect = 201 } = {}) {
        const stored = await this.send("POST", `/api/bytescale?model=${model}`, {
            body: bytes,
            headers: { "content-type": type, "x-photo-name": encodeURIComponent(name) },
            expect,
        });
        return stored.json;
    }

    async bundle(model) {
        return (await this.send("POST", "/api/zipper", { json: { model }, expect: 200 })).json;
    }

    async train(model, { key = randomUUID(), ...body } = {}) {
        const started = await this.send("POST", "/api/genmodel", {
            json: { model, ...body },
            headers: { "idempotency-key": key },
            expect: 202,
        });
        return started.json;
    }

    async create(body, { key = randomUUID() } = {}) {
        const started = await this.send("POST", "/create", {
            json: body,
            headers: { "idempotency-key": key },
            expect: 202,
        });
        return started.json;
    }

    /** Polls a model or a prediction until it is final. */
    async whenFinished(path, { withinMs, everyMs = 200, onLook = () => {} }) {
        let seen;
        return until(
            async () => {
                seen = (await this.send("GET", path, { expect: 200 })).json;
                await onLook(seen);
                return FINISHED.has(seen.state) ? seen : undefined;
            },
            withinMs,
            () => `${path} is still ${seen?.state} after ${withinMs} ms`,
            everyMs,
        );
    }
}

/** The token of a letter's magic link, which stands after the `#`. */
export function tokenIn(letter) {
    for (const link of letter.links) {
        const token = new URLSearchParams(new URL(link).hash.slice(1)).get("t");
        if (token) return token;
    }
    throw new Error("the letter holds no magic link");
}

/** Waits until `look` finds something or says yes; the deadline is the only thing that fails it. */
export async function until(look, withinMs, complaint, everyMs = 100) {
    const deadline = Date.now() + withinMs;
    for (;;) {
        const found = await look();
        if (found !== undefined && found !== false) return found;
        if (Date.now() > deadline) throw new Error(complaint());
        await pause(everyMs);
    }
}
