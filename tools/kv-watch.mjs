// Puts a watcher between the Worker and its KV namespaces, so that a test counts
// operations or makes one fail. The Worker binds KV by shape, so it cannot tell.

import { Response } from "miniflare";

/** Runs inside workerd, in front of one namespace. */
const WATCHER = `
    const HELD_MS = 60_000;
    const held = new Map();
    /** What was seen first, a value or that there is none, for a minute. */
    const heldBack = async (name, look) => {
        const known = held.get(name);
        if (known && Date.now() - known.at < HELD_MS) return known.value;
        const value = await look();
        held.set(name, { at: Date.now(), value });
        return value;
    };
    const failure = (method, status) => new Error("KV " + method + " failed: " + status);
    const watched = (env, method) => async (key, ...rest) => {
        const names = method === "list" ? [String(key?.prefix ?? "")] : [key].flat();
        const answer = await env.watch.fetch("http://watch/", {
            method: "POST",
            body: JSON.stringify({ namespace: env.namespace, method, key: names.join(",") }),
        });
        const verdict = await answer.text();
        const act = () => env.inner[method](key, ...rest);
        if (verdict === "fail") throw failure(method, "500 Internal Server Error");
        if (verdict === "busy") throw failure(method, "429 Too Many Requests");
        if (verdict === "stale") return heldBack(method + names.join(","), act);
        const result = await act();
        if (verdict === "lost") throw failure(method, "500 Internal Server Error");
        return result;
    };
    export default (env) =>
        Object.fromEntries(
            ["get", "getWithMetadata", "put", "list", "delete"].map((method) => [method, watched(env, method)]),
        );
`;

/**
 * The worker with every KV namespace watched, and the workers that watch. What `onKv` answers
 * decides: `false` or `fail` and nothing is done, `lost` and it is done without an answer, `busy`
 * and it is refused as the second write in a second, `stale` and a read shows what it saw first.
 */
export function watched(worker, onKv) {
    const watch = async (request) => {
        const verdict = onKv(await request.json());
        return new Response(verdict === false ? "fail" : String(verdict ?? "ok"));
    };
    const watcherOf = (namespace) => `watch-${namespace.toLowerCase()}`;
    const namespaces = Object.entries(worker.kvNamespaces);
    return [
        {
            ...worker,
            kvNamespaces: {},
            wrappedBindings: Object.fromEntries(
                namespaces.map(([namespace]) => [namespace, { scriptName: watcherOf(namespace) }]),
            ),
        },
        ...namespaces.map(([namespace, inner]) => ({
            name: watcherOf(namespace),
            modules: true,
            script: WATCHER,
            bindings: { namespace },
            kvNamespaces: { inner },
            serviceBindings: { watch },
        })),
    ];
}
