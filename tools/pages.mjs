// Serves the production pages locally: the built folder is copied, and the content
// policies in it, which name the CDN's origin, name this run's stand-ins instead; with
// Turnstile they allow its script and frame, as a build with its site key does.
// So one build is tested and deployed, and no local address is ever in it.

import { cp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { unstable_readConfig as readConfig } from "wrangler";

import { ROOT } from "./build.mjs";

/**
 * Copies the pages into `folder`, which is replaced.
 * @param {string} folder
 * @param {{media: string, turnstile?: string}} origins what pages may load from, beside their own
 */
export async function pagesFor(folder, { media, turnstile }) {
    await rm(folder, { recursive: true, force: true });
    await cp(join(ROOT, "frontend/build"), folder, { recursive: true });
    const { vars } = readConfig({ config: join(ROOT, "wrangler.toml") });
    const cdnOrigin = new URL(vars.BYTESCALE_CDN_URL).origin;
    const pages = await readdir(folder, { recursive: true });
    for (const page of pages.filter((name) => name.endsWith(".html"))) {
        const file = join(folder, page);
        const html = await readFile(file, "utf8");
        const policy = /<meta http-equiv="content-security-policy"[^>]*>/gi;
        const allowing = (meta) => {
            const moved = meta.replaceAll(cdnOrigin, media);
            if (turnstile === undefined) return moved;
            return moved.replace("script-src ", `frame-src ${turnstile}; script-src ${turnstile} `);
        };
        await writeFile(file, html.replace(policy, allowing));
    }
}
