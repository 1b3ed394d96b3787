// What JavaScript each page brings to a browser, gzipped, against a SvelteKit page with nothing on
// it that this same run builds. Counted are the files that a page needs before it can be used: what
// it loads later, when asked, is not. The HTML of a page, where the build has made it, must name none
// that is not counted, and where it names none nothing is loaded.

import { readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { ROOT, builders, run } from "./build.mjs";

const EMPTY = join(ROOT, "bench/empty-page");
const FRONTEND = join(ROOT, "frontend");
const CLIENT = ".svelte-kit/output/client";

/** The static imports of a built file, itself included. */
function withImports(manifest, key, found = new Set()) {
    if (found.has(key)) return found;
    found.add(key);
    for (const imported of manifest[key].imports ?? []) withImports(manifest, imported, found);
    return found;
}

/** The JavaScript files of each route of a project that was built. */
async function routes(project) {
    const client = join(project, CLIENT);
    const manifest = JSON.parse(await readFile(join(client, ".vite/manifest.json"), "utf8"));
    const generated = ".svelte-kit/generated/build/client-optimized";
    const app = await readFile(join(project, generated, "app.js"), "utf8");
    const [, table] = /dictionary = (\{[^}]*\})/.exec(app) ?? [];
    if (!table) throw new Error(`${project}: there is no table of routes in its build`);
    const entries = Object.values(manifest).filter(({ name }) => /^entry\/(app|start)$/.test(name));
    const files = {};
    for (const [route, [leaf, layouts = []]] of Object.entries(
        JSON.parse(table.replace(/,(?=\s*\})/, "")),
    )) {
        // The root's error page, node 1, is fetched by every page as it starts.
        const nodes = [0, 1, ...layouts, leaf].map((node) => `${generated}/nodes/${node}.js`);
        const keys = new Set();
        for (const { src, name, dynamicImports = [] } of entries) {
            withImports(manifest, src, keys);
            // The first script is a few bytes that fetch the router, on every page and at once; the
            // other is the table of all routes, of which a page fetches its own.
            if (name === "entry/start")
                for (const router of dynamicImports) withImports(manifest, router, keys);
        }
        for (const node of nodes) withImports(manifest, node, keys);
        files[route] = [...keys].map((key) => manifest[key].file);
    }
    return files;
}

async function gzipped(project, files) {
    const read = (file) => readFile(join(project, CLIENT, file));
    const sizes = files.map(async (file) => gzipSync(await read(file), { level: 9 }).length);
    return (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0);
}

const pathOf = (route) => route.replace("(inside)/", "").replace(/\/?\[\[.*?\]\]/, "") || "/";

/** The scripts that the HTML of a page asks for, where it is there from the build; else nothing. */
async function namedBy(path) {
    if (path.includes("[")) return null;
    const file = path === "/" ? "index.html" : `${path.slice(1)}.html`;
    const html = await readFile(join(FRONTEND, "build", file), "utf8");
    const named = [...html.matchAll(/"\/(_app\/[^"]+\.js)"/g)].map(([, name]) => name);
    if (named.length === 0 && html.includes("<script"))
        throw new Error(`${path}: a script unknown`);
    return named;
}

/** What a route really loads: nothing, or its modules, among which its HTML must name no other. */
async function loadedBy(path, modules) {
    const named = await namedBy(path);
    if (named?.length === 0) return [];
    const foreign = (named ?? []).filter((file) => !modules.includes(file));
    if (foreign.length > 0) throw new Error(`${path} loads what is not counted: ${foreign}`);
    return modules;
}

/** The words of each language that is loaded on top, for whoever reads that one. */
async function languages() {
    const manifest = await readFile(join(FRONTEND, CLIENT, ".vite/manifest.json"), "utf8");
    return Object.entries(JSON.parse(manifest))
        .filter(([src]) => /lib\/text\/[a-z]{2}\.ts$/.test(src))
        .map(([src, { file }]) => ({ name: src.slice(-5, -3), file }));
}

async function buildEmpty() {
    await symlink(join(FRONTEND, "node_modules"), join(EMPTY, "node_modules")).catch((error) => {
        if (error.code !== "EEXIST") throw error;
    });
    await run(join(FRONTEND, "node_modules/.bin/vite"), ["build", "--logLevel=error"], {
        cwd: EMPTY,
    });
}

/** Prints the table and answers how many times the empty page the landing page weighs. */
export async function pageSizes() {
    await builders.frontend();
    await buildEmpty();
    const [bare] = Object.values(await routes(EMPTY));
    const empty = await gzipped(EMPTY, bare);
    const times = (bytes) => `${(bytes / empty).toFixed(2)} × empty`;
    const line = (name, bytes) =>
        console.log(`${name.padEnd(30)} loads ${String(bytes).padEnd(8)} ${times(bytes)}`);
    line("empty page", empty);
    const all = await routes(FRONTEND);
    for (const route of Object.keys(all).sort()) {
        const path = pathOf(route);
        line(path, await gzipped(FRONTEND, await loadedBy(path, all[route])));
    }
    for (const { name, file } of await languages())
        line(`more, in ${name}`, await gzipped(FRONTEND, [file]));
    const modules = all["/[[lang=language]]"];
    const landing = await gzipped(FRONTEND, await loadedBy("/", modules));
    // What it would weigh with a script says how much all other pages begin with.
    const hydrated = (await gzipped(FRONTEND, modules)) / empty;
    console.log(
        `landing_js=${landing} landing_ratio=${(landing / empty).toFixed(2)} if_hydrated=${hydrated.toFixed(2)}`,
    );
    return landing / empty;
}
