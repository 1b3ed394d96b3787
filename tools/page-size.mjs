// What JavaScript each page brings to a browser, gzipped, against a SvelteKit page with nothing on
// it that this same run builds. Counted are the files that a page needs before it can be used: what
// it loads later, when asked, is not.

import { readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { ROOT, builders, run } from "./build.mjs";

const EMPTY = join(ROOT, "bench/empty-page");
const FRONTEND = join(ROOT, "frontend");

/** The static imports of a built file, itself included. */
function withImports(manifest, key, found = new Set()) {
    if (found.has(key)) return found;
    found.add(key);
    for (const imported of manifest[key].imports ?? []) withImports(manifest, imported, found);
    return found;
}

/** Gzipped bytes of the JavaScript of each route of a project that was built. */
async function routes(project) {
    const client = join(project, ".svelte-kit/output/client");
    const manifest = JSON.parse(await readFile(join(client, ".vite/manifest.json"), "utf8"));
    const generated = ".svelte-kit/generated/build/client-optimized";
    const app = await readFile(join(project, generated, "app.js"), "utf8");
    const [, table] = /dictionary = (\{[^}]*\})/.exec(app) ?? [];
    if (!table) throw new Error(`${project}: there is no table of routes in its build`);
    const entries = Object.values(manifest).filter(({ name }) => /^entry\/(app|start)$/.test(name));
    const gzipped = async (file) => gzipSync(await readFile(join(client, file)), { level: 9 });
    const sizes = {};
    for (const [route, [leaf, layouts = []]] of Object.entries(
        JSON.parse(table.replace(/,(?=\s*\})/, "")),
    )) {
        const nodes = [0, 1, ...layouts, leaf].map((node) => `${generated}/nodes/${node}.js`);
        const keys = new Set();
        for (const { src } of entries) withImports(manifest, src, keys);
        for (const node of nodes) withImports(manifest, node, keys);
        const bytes = await Promise.all([...keys].map((key) => gzipped(manifest[key].file)));
        sizes[route] = bytes.reduce((sum, { length }) => sum + length, 0);
    }
    return sizes;
}

/** Whether a built page asks for no script at all. */
async function isScriptless(page) {
    const html = await readFile(join(FRONTEND, "build", page), "utf8");
    return !/<script|modulepreload/.test(html);
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
    const [empty] = Object.values(await routes(EMPTY));
    const sizes = await routes(FRONTEND);
    console.log(`empty page: ${empty} bytes of JavaScript, gzipped`);
    for (const [route, bytes] of Object.entries(sizes).sort(([a], [b]) => (a < b ? -1 : 1))) {
        const path = route.replace("(inside)/", "").replace(/\/?\[\[.*?\]\]/, "") || "/";
        const file = path === "/" ? "index.html" : `${path.slice(1)}.html`;
        const scriptless = !path.includes("[") && (await isScriptless(file));
        const loads = scriptless ? "loads none" : `loads ${bytes}`;
        console.log(`${path.padEnd(30)} ${loads.padEnd(14)} ${(bytes / empty).toFixed(2)} × empty`);
    }
    const hydrated = sizes["/[[lang=language]]"];
    const loaded = (await isScriptless("index.html")) ? 0 : hydrated;
    const ratio = loaded / empty;
    // What it would weigh with a script says how much all other pages begin with.
    console.log(
        `landing_js=${loaded} landing_ratio=${ratio.toFixed(2)} if_hydrated=${(hydrated / empty).toFixed(2)}`,
    );
    return ratio;
}
