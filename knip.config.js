// What `make audit` takes for used: what the Makefile starts, what tests run, and what is named
// below because nothing imports it. Everything else that nobody imports is an error.

import { readFileSync } from "node:fs";

const makefile = readFileSync(new URL("Makefile", import.meta.url), "utf8");
const started = [...makefile.matchAll(/\bnode (tools\/[\w-]+\.mjs)/g)].map(([, path]) => path);

export default {
    workspaces: {
        ".": {
            entry: [
                ...started,
                "tests/workerd/*.test.mjs",
                // Started as a process of its own by tools/bench/measure.mjs.
                "tools/bench/sender.mjs",
                // Modules that workerd is given by their paths, and the comparison that is bundled.
                "bench/{empty,kv,meter}.js",
                "bench/twin/index.js",
                // Embedded by the stand-ins.
                "stand-ins/src/control/inbox.js",
                "stand-ins/src/turnstile/api.js",
                "tests/browser/**/*.spec.ts",
                // Named on the command line of `make a11y`.
                "tests/browser/scan-reporter.ts",
            ],
            playwright: { config: ["tests/browser/*.config.ts"] },
            ignoreDependencies: [
                // Programs that tools/build.mjs and the Makefile start, and no script of ours imports.
                "binaryen",
                "esbuild",
                "prettier",
            ],
        },
        frontend: {
            entry: ["src/params.ts"],
        },
        "bench/empty-page": {
            entry: ["vite.config.js", "src/routes/*.js"],
            // tools/page-size.mjs has it built with the packages of the frontend.
            ignoreDependencies: ["@sveltejs/adapter-static", "@sveltejs/kit", "vite"],
        },
    },
    // Written by `make update`: all that the API says, whether or not a page reads it.
    ignoreIssues: { "frontend/src/lib/api/wire.gen.ts": ["types"] },
};
