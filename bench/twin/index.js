// The same two answers as the product's, written as one would with Hono: the token is checked by
// the runtime's own cryptography, the same records are read, the same JSON and headers are sent,
// the same refusal is logged. It is only ever measured against the product, which compares the
// bytes of both first.

import { Hono } from "hono";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const LEEWAY_S = 30;
const TOUCH_EVERY_MS = 300_000;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const keys = new Map();
/** What was read within the last half minute, as the product keeps it. */
const SNAPSHOT_MS = 30_000;
const snapshots = new Map();

/** 26 characters: ten of inverted time, sixteen of chance. */
function requestId(now) {
    let inverted = 2 ** 48 - 1 - now;
    const text = [];
    for (let place = 0; place < 10; place += 1) {
        text.unshift(ALPHABET[inverted % 32]);
        inverted = Math.floor(inverted / 32);
    }
    const random = crypto.getRandomValues(new Uint8Array(16));
    for (const byte of random) text.push(ALPHABET[byte & 31]);
    return text.join("");
}

function fromBase64url(text) {
    const bytes = Uint8Array.fromBase64(text, { alphabet: "base64url" });
    // No padding, no spare bits: there is one way to write it.
    if (bytes.toBase64({ alphabet: "base64url", omitPadding: true }) === text) return bytes;
    throw new Error("not canonical");
}

/** Keys are imported once for each isolate. */
async function keyOf(env, kid) {
    const known = keys.get(kid);
    if (known) return known;
    const text = JSON.parse(env.JWT_KEYS)[kid];
    if (!text) return undefined;
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    const key = await crypto.subtle.importKey("raw", fromBase64url(text), algorithm, false, [
        "verify",
    ]);
    keys.set(kid, key);
    return key;
}

/** The claims of a token that is ours, genuine and in time; nothing otherwise. */
async function verify(env, token, now) {
    if (token.length > 4096) return undefined;
    const parts = token.split(".");
    if (parts.length !== 3) return undefined;
    try {
        const header = JSON.parse(decoder.decode(fromBase64url(parts[0])));
        const expected = header.alg === "HS256" && header.typ === "selfie-session+jwt";
        if (!expected || Object.keys(header).length !== 3) return undefined;
        const key = await keyOf(env, header.kid);
        const signed = encoder.encode(token.slice(0, token.lastIndexOf(".")));
        if (!key || !(await crypto.subtle.verify("HMAC", key, fromBase64url(parts[2]), signed))) {
            return undefined;
        }
        const claims = JSON.parse(decoder.decode(fromBase64url(parts[1])));
        const seconds = Math.floor(now / 1000);
        const ours = claims.iss === env.APP_ORIGIN && claims.aud === "selfie-api";
        const begun = Math.max(claims.iat, claims.nbf, claims.auth_time) <= seconds + LEEWAY_S;
        const provider = /[a-f]/.test(claims.sub) ? "email" : "facebook";
        const live = begun && claims.exp + LEEWAY_S > seconds && claims.idp === provider;
        return ours && live ? { ...claims, provider } : undefined;
    } catch {
        return undefined;
    }
}

async function recent(namespace, key, options, now) {
    const known = snapshots.get(key);
    if (known && now - known.at < SNAPSHOT_MS) return known.record;
    const record = await namespace.get(key, { type: "json", ...options });
    if (record) snapshots.set(key, { record, at: now });
    return record;
}

function tokenOf(request) {
    let found;
    for (const pair of (request.header("cookie") ?? "").split(";")) {
        const [name, value] = pair.trim().split("=", 2);
        if (name === "__Host-session") found = value;
    }
    const bearer = request.header("authorization");
    return found ?? (bearer?.startsWith("Bearer ") ? bearer.slice(7) : undefined);
}

const SIGNED_OUT = "Please sign in; this session has ended or never began.";
const date = (ms) => new Date(ms).toISOString();

const FIXED = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "strict-transport-security": "max-age=63072000; includeSubDomains; preload",
    "referrer-policy": "no-referrer",
};

function answer(context, status, type, body) {
    return context.body(JSON.stringify(body), status, {
        "content-type": `${type}; charset=utf-8`,
        ...FIXED,
        "x-request-id": context.get("id"),
    });
}

function refuse(context, status, slug, title, detail, route = {}) {
    console.log(
        JSON.stringify({
            event: "refusal",
            request: context.get("id"),
            outcome: slug,
            status,
            cause: null,
            method: route.method ?? null,
            route: route.pattern ?? null,
            user: null,
            client: context.req.header("cf-connecting-ip") ?? "unknown",
            ms: Date.now() - context.get("began"),
        }),
    );
    return answer(context, status, "application/problem+json", {
        detail,
        instance: `urn:request:${context.get("id")}`,
        status,
        title,
        type: `https://selfie.pr/problems/${slug}`,
    });
}

const app = new Hono();

app.use(async (context, next) => {
    const began = Date.now();
    context.set("began", began);
    context.set("id", requestId(began));
    await next();
});

app.get("/api/verify-token", async (context) => {
    const { env } = context;
    const now = context.get("began");
    const signedOut = () =>
        refuse(context, 401, "not-signed-in", "Not signed in", SIGNED_OUT, {
            method: "GET",
            pattern: "/api/verify-token",
        });
    const token = tokenOf(context.req);
    const claims = token && (await verify(env, token, now));
    if (!claims) return signedOut();
    const session = await recent(env.SESSIONS, claims.sid, { cacheTtl: 30 }, now);
    const theirs = session?.user === claims.sub && session.epoch === claims.ep;
    const idle = now >= (session?.last_seen_at ?? 0) + TOUCH_EVERY_MS;
    // What follows then is the ledger's business, which the twin does not have.
    if (!theirs || idle || now >= session.expires_at) return signedOut();
    const user = await recent(env.USERS, `${claims.provider}.${claims.sub}`, {}, now);
    return answer(context, 200, "application/json", {
        user: {
            id: user.id,
            provider: claims.provider,
            name: user.name,
            email: user.email,
            created_at: date(user.created_at),
            prediction_count: user.prediction_count,
            total_predict_time_s: JSON.rawJSON(
                (Math.floor(user.total_predict_time_us / 1000) / 1000).toFixed(3),
            ),
        },
        session: {
            id: session.id,
            created_at: date(session.created_at),
            last_seen_at: date(session.last_seen_at),
            expires_at: date(session.expires_at),
            current: session.id === claims.sid,
        },
    });
});

app.notFound((context) =>
    refuse(context, 404, "not-found", "Not found", "There is nothing here, or it is not yours."),
);

export default app;
