// Builds the three artefacts that everything else runs: the Worker (build/), the
// static frontend (frontend/build/) and the stand-ins program. Each is rebuilt only
// when the content of its sources changed; nothing here starts or tests anything.

import { spawn, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { atExit } from "./lifeline.mjs";
import { notices } from "./notices.mjs";

export const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const CARGO_TARGET_DIR = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");

/** The folders that hold no sources, wherever they stand. */
const NOT_SOURCES = new Set(["node_modules", "build", "target", ".svelte-kit"]);

/** @param {string} path @returns {Promise<string[]>} */
async function filesUnder(path) {
    let entries;
    try {
        entries = await readdir(path, { withFileTypes: true });
    } catch (error) {
        if (error.code === "ENOTDIR") return [path];
        if (error.code === "ENOENT") return [];
        throw error;
    }
    const nested = entries
        .filter((entry) => !NOT_SOURCES.has(entry.name))
        .map((entry) => filesUnder(join(path, entry.name)));
    return (await Promise.all(nested)).flat();
}

/** One digest over names and contents, so that a deleted file counts as a change. */
async function digestOf(sources) {
    const files = (await Promise.all(sources.map((source) => filesUnder(join(ROOT, source)))))
        .flat()
        .sort();
    const digest = createHash("sha256");
    for (const file of files) {
        digest
            .update(`${relative(ROOT, file)}\0`)
            .update(await readFile(file))
            .update("\0");
    }
    return digest.digest("hex");
}

/**
 * Runs a program to its end. What it says is shown when it fails, and on stderr, which leaves
 * stdout to results.
 * @param {string} program @param {string[]} args @param {{cwd?: string, env?: Record<string, string>}} [options]
 */
export function run(program, args, { cwd = ROOT, env = {} } = {}) {
    return new Promise((resolve, reject) => {
        const child = spawn(program, args, {
            cwd,
            env: { ...process.env, ...env },
            stdio: ["ignore", "pipe", "pipe"],
        });
        const settled = atExit(() => child.kill("SIGTERM"));
        const said = [];
        child.stdout.on("data", (chunk) => said.push(chunk));
        child.stderr.on("data", (chunk) => said.push(chunk));
        child.on("error", reject);
        child.on("close", (code, signal) => {
            settled();
            if (code === 0) return resolve();
            process.stderr.write(Buffer.concat(said));
            reject(
                new Error(`${program} ${args.join(" ")} ended with ${signal ?? `status ${code}`}`),
            );
        });
    });
}

async function buildWhenChanged(name, artefact, sources, build) {
    const stamp = join(ROOT, artefact, ".built-from");
    const digest = await digestOf([...sources, "tools/build.mjs"]);
    const builtFrom = await readFile(stamp, "utf8").catch((error) => {
        if (error.code === "ENOENT") return "";
        throw error;
    });
    if (builtFrom === digest) return;
    process.stderr.write(`build: ${name} has changed; this may take minutes\n`);
    await rm(stamp, { force: true });
    await build();
    await writeFile(stamp, digest);
}

/** worker-build would download these three; the pinned ones are already here. */
async function pinnedTools() {
    const platforms = await readdir(join(ROOT, "node_modules/@esbuild"));
    if (platforms.length !== 1)
        throw new Error(`one @esbuild platform was expected, found: ${platforms}`);
    return {
        WASM_BINDGEN_BIN: join(ROOT, ".tools/bin/wasm-bindgen"),
        WASM_OPT_BIN: join(ROOT, "node_modules/.bin/wasm-opt"),
        ESBUILD_BIN: join(ROOT, "node_modules/@esbuild", platforms[0], "bin/esbuild"),
    };
}

/**
 * Panics name the files that they stand in: with these flags by paths that are the same on every
 * machine, so that the same sources give the same bytes and no path of a machine is shipped.
 */
async function pathlessFlags(crate) {
    // What is not there yet is not listed below.
    await run("cargo", ["fetch", "--quiet", "--locked"], { cwd: join(ROOT, crate) });
    const registries = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "registry/src");
    const folders = (await readdir(registries)).map((name) => [join(registries, name), "crates"]);
    return [[ROOT, "selfie"], ...folders]
        .map(([from, to]) => `--remap-path-prefix=${from}=${to}`)
        .join("\x1f");
}

/**
 * What worker-build exports is a class behind a proxy, which is behind others, made anew for every
 * request so that each member of it is found in the newest instance of the wasm. A request needs two
 * functions, which are looked up in that instance anyway.
 */
const CLASS_ENTRY = "new Proxy(Entrypoint, classProxyHooks);";
const PLAIN_ENTRY = `{
    fetch(request, env, ctx) {
        checkReinitialize();
        try {
            const answer = Entrypoint.prototype.fetch.call({ env, ctx }, request);
            if (!(answer instanceof Promise)) return answer;
            // A client that leaves must not cut a paid call in the middle.
            ctx.waitUntil(answer);
            return answer.catch((error) => {
                handleMaybeCritical(error);
                throw error;
            });
        } catch (error) {
            handleMaybeCritical(error);
            throw error;
        }
    },
    async scheduled(event, env, ctx) {
        checkReinitialize();
        try {
            return await Entrypoint.prototype.scheduled.call({ env, ctx }, event);
        } catch (error) {
            handleMaybeCritical(error);
            throw error;
        }
    },
};`;

async function withPlainEntry(glue, esbuild) {
    const text = await readFile(glue, "utf8");
    const [before, after, ...more] = text.split(CLASS_ENTRY);
    if (after === undefined || more.length > 0) {
        throw new Error(`${glue}: worker-build makes another entry than is known here`);
    }
    await writeFile(glue, before + PLAIN_ENTRY + after);
    await run(esbuild, [
        glue,
        "--minify",
        "--format=esm",
        "--allow-overwrite",
        `--outfile=${glue}`,
    ]);
}

async function workerBuild(crate, { plainEntry = false } = {}) {
    const tools = await pinnedTools();
    const flags = await pathlessFlags(crate);
    await run(join(ROOT, ".tools/bin/worker-build"), ["--release", "--", "--locked"], {
        cwd: join(ROOT, crate),
        env: {
            ...tools,
            CARGO_TARGET_DIR,
            CARGO_ENCODED_RUSTFLAGS: flags,
            // A client that leaves must not cut a paid call in the middle; the plain entry sees to
            // that itself.
            ...(plainEntry ? { NO_MINIFY: "1" } : { RUN_TO_COMPLETION: "1" }),
        },
    });
    if (plainEntry) await withPlainEntry(join(ROOT, crate, "build/index.js"), tools.ESBUILD_BIN);
    const wasm = join(ROOT, crate, "build/index_bg.wasm");
    // Function names are a tenth of the file. The named one stays beside it, to read stacks with.
    const named = join(ROOT, crate, "build/named");
    await mkdir(named, { recursive: true });
    await copyFile(wasm, join(named, "index_bg.wasm"));
    await run(tools.WASM_OPT_BIN, ["--strip-debug", "--strip-producers", wasm, "-o", wasm]);
}

/** The pages as they are shipped, whoever builds them: tests run with another NODE_ENV. */
export async function buildPages(folder, env = {}) {
    const cwd = join(ROOT, "frontend");
    await run("npm", ["run", "--silent", "build"], {
        cwd,
        env: { NODE_ENV: "production", PAGES_FOLDER: folder, ...env },
    });
    await writeFile(resolve(cwd, folder, "licenses.txt"), await notices(cwd));
}

export const builders = {
    worker: () =>
        buildWhenChanged("worker", "build", ["src", "Cargo.toml", "Cargo.lock", "build.rs"], () =>
            workerBuild(".", { plainEntry: true }),
        ),
    hello: () =>
        buildWhenChanged(
            "hello",
            "bench/hello/build",
            ["bench/hello/src", "bench/hello/Cargo.toml", "bench/hello/Cargo.lock"],
            () => workerBuild("bench/hello"),
        ),
    twin: () =>
        buildWhenChanged(
            "twin",
            "bench/twin/build",
            ["bench/twin", "package-lock.json"],
            async () => {
                const { ESBUILD_BIN } = await pinnedTools();
                const output = `--outfile=${join(ROOT, "bench/twin/build/index.js")}`;
                const input = join(ROOT, "bench/twin/index.js");
                await run(ESBUILD_BIN, [input, "--bundle", "--minify", "--format=esm", output]);
            },
        ),
    frontend: () =>
        buildWhenChanged(
            "frontend",
            "frontend/build",
            ["frontend", "wrangler.toml", "tools/notices.mjs"],
            () => buildPages("build"),
        ),
    // The whole workspace is named so that features resolve as they do for the tests,
    // and nothing is compiled twice. Cargo itself knows what has changed.
    "stand-ins": () => run("cargo", ["build", "--quiet", "--locked", "--workspace", "--bins"]),
};

/** The program that `builders["stand-ins"]` makes. */
export function standInsProgram() {
    const metadata = execFileSync(
        "cargo",
        ["metadata", "--format-version=1", "--no-deps", "--locked"],
        { cwd: ROOT },
    );
    return join(JSON.parse(metadata.toString()).target_directory, "debug/stand-ins");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    for (const name of process.argv.slice(2)) {
        const build = builders[name];
        if (!build)
            throw new Error(
                `nothing is called ${name}; there are ${Object.keys(builders).join(", ")}`,
            );
        await build();
    }
}
