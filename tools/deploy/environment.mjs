// What one environment is: the bindings of wrangler.toml, which stand there once, joined with the
// few values of `environments/NAME.json` that differ. Nothing is inherited by chance and nothing
// is kept twice. It must never hold a secret.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { unstable_readConfig as readConfig } from "wrangler";

import { ROOT } from "../build.mjs";

/** What of wrangler.toml every environment has. */
const SHARED = [
    "compatibility_date",
    "compatibility_flags",
    "durable_objects",
    "migrations",
    "triggers",
    "send_email",
    "limits",
    "observability",
    "version_metadata",
];

/**
 * @typedef {object} Environment
 * @property {string} name the Worker's name, and the prefix of everything that belongs to it
 * @property {string} zone the Cloudflare zone of its origin
 * @property {string} origin
 * @property {string} pages the name of its Pages project
 * @property {number} counters what is added to the ids of the rate limits: counters are kept by them,
 *   so two environments of one account must not share them
 * @property {Record<string, string>} vars the variables that differ from wrangler.toml
 */

/** @param {string} label @returns {Promise<Environment>} */
export async function readEnvironment(label) {
    if (!/^[a-z]+$/.test(label)) throw new Error(`${label} is not the name of an environment`);
    const file = join(ROOT, "environments", `${label}.json`);
    const text = await readFile(file, "utf8").catch((error) => {
        if (error.code === "ENOENT") throw new Error(`there is no environments/${label}.json`);
        throw error;
    });
    return JSON.parse(text);
}

/** The bindings of the five namespaces, by which the namespaces themselves are named. */
export function namespaceBindings() {
    return base().kv_namespaces.map(({ binding }) => binding);
}

/** The title under which the namespace of a binding is found again. @param {Environment} environment */
export const namespaceTitle = (environment, binding) => `${environment.name}-${binding}`;

function base() {
    process.env.WRANGLER_LOG ??= "warn";
    return readConfig({ config: join(ROOT, "wrangler.toml") });
}

/** All variables of an environment, without its secrets. @param {Environment} environment */
export function variablesOf(environment) {
    return {
        ...base().vars,
        ENVIRONMENT: "production",
        APP_ORIGIN: environment.origin,
        ...environment.vars,
    };
}

/**
 * Writes the whole configuration of one environment and says where.
 * @param {Environment} environment
 * @param {Record<string, string>} ids the id of each namespace by its binding
 * @param {string} pages the folder of the pages that were built for it
 * @param {boolean} single whether the Worker serves the pages too, without Pages
 */
export async function composeConfig(environment, ids, pages, single) {
    const config = base();
    const host = new URL(environment.origin).host;
    const routes = single
        ? [{ pattern: host, custom_domain: true }]
        : ["/api/*", "/create"].map((path) => ({
              pattern: `${host}${path}`,
              zone_name: environment.zone,
          }));
    const composed = {
        ...Object.fromEntries(SHARED.map((key) => [key, config[key]])),
        name: environment.name,
        main: join(ROOT, "build/index.js"),
        no_bundle: false,
        workers_dev: false,
        preview_urls: false,
        routes,
        assets: { ...config.assets, directory: pages },
        kv_namespaces: config.kv_namespaces.map(({ binding }) => ({ binding, id: ids[binding] })),
        ratelimits: config.ratelimits.map((limit) => ({
            ...limit,
            namespace_id: String(Number(limit.namespace_id) + environment.counters),
        })),
        vars: variablesOf(environment),
    };
    const folder = join(ROOT, ".deploy", environment.name);
    await mkdir(folder, { recursive: true });
    const file = join(folder, "wrangler.json");
    await writeFile(file, `${JSON.stringify(composed, null, 4)}\n`);
    return file;
}
