// Asks a fresh deployment whether it is the one that was just built. It reads only.

/** Cloudflare takes a moment until a deployment is everywhere. */
const TRIES = 20;
const PAUSE_MS = 3000;

/** @param {string} origin @param {string} revision */
export async function smokeTest(origin, revision) {
    let last = "nothing was answered";
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
        last = await look(origin, revision).catch((error) => error.message);
        if (last === undefined) return;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    throw new Error(`smoke test: ${last}`);
}

/** What is wrong, or nothing. */
async function look(origin, revision) {
    const health = await fetch(`${origin}/api/health`, { signal: AbortSignal.timeout(5000) });
    const body = await health.json();
    if (!health.ok) return `/api/health answers ${health.status} ${body.type ?? ""}`;
    if (body.revision !== revision) return `/api/health still answers revision ${body.revision}`;
    if (!body.ledger) return "the ledger does not answer";
    for (const path of ["/", "/sign-in", "/create"]) {
        const page = await fetch(origin + path, { signal: AbortSignal.timeout(5000) });
        const type = page.headers.get("content-type") ?? "";
        if (!page.ok || !type.startsWith("text/html"))
            return `${path} answers ${page.status} ${type}`;
    }
    const refused = await fetch(`${origin}/api/account`, { signal: AbortSignal.timeout(5000) });
    return refused.status === 401 ? undefined : `/api/account answers ${refused.status}`;
}
