// Puts a watcher between the Worker and its KV namespaces, so that a test counts
// operations or makes one fail. The Worker binds KV by shape, so it cannot tell.

import { Response } from "miniflare";

/** Runs inside workerd, in front of one namespace. */
const WATCHER = `
    const watched = (env, method) => async (key, ...rest) => {
        const names = method === "list" ? [String(key?.prefix ?? "")] : [key].flat();
        const verdict = await env.watch.fetch("http://watch/", {
            method: "POST",
            body: JSON.stringify({ namespace: env.namespace, method, key: names.join(",") }),
        });
        if ((await verdict.text()) !== "ok") throw new Error("KV " + method + " failed: 500 Internal Server Error");
        return env.inner[method](key, ...rest);
    };
    export default (env) =>
        Object.fromEntries(
            ["get", "getWithMetadata", "put", "list", "delete"].map((method) => [method, watched(env, method)]),
        );
`;

/** The worker with every KV namespace watched, and the workers that watch. */
export function watched(worker, onKv) {
    const watch = async (request) =>
        new Response(onKv(await request.json()) === false ? "fail" : "ok");
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
