// Starts one private instance of the whole product: the stand-ins and the built Worker,
// each on a port of its own, with storage of its own. `make dev`, the demo, the workerd
// tests and the browser tests all run on it. It builds nothing and shares nothing.

import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

import { Log, LogLevel, Miniflare } from "miniflare";
import {
    unstable_getMiniflareWorkerOptions as workerOptionsOf,
    unstable_readConfig as readConfig,
} from "wrangler";

import { ROOT } from "./build.mjs";
import { watched } from "./kv-watch.mjs";
import { atExit } from "./lifeline.mjs";
import { pagesFor } from "./pages.mjs";
import { startStandIns } from "./stand-ins.mjs";
import { exampleVariables, rebased } from "./variables.mjs";

export const CRON = "*/2 * * * *";
const HOST = "127.0.0.1";

/** `wanted` when nobody listens there, else any free port. */
export function freePort(wanted = 0) {
    return new Promise((resolve, reject) => {
        const probe = createServer();
        probe.once("error", (error) => {
            if (wanted !== 0 && error.code === "EADDRINUSE") resolve(freePort());
            else reject(error);
        });
        probe.listen(wanted, HOST, () => {
            const { port } = probe.address();
            probe.close(() => resolve(port));
        });
    });
}

/** What the Worker is, from the real wrangler.toml; the pages are this run's copy. */
function configuredWorker(pages) {
    // wrangler would tell of every `.dev.vars` that it finds, which is not used here.
    process.env.WRANGLER_LOG ??= "warn";
    const config = readConfig({ config: join(ROOT, "wrangler.toml") });
    const { workerOptions, main } = workerOptionsOf(config, undefined, {
        overrides: { assets: { directory: pages } },
    });
    return {
        ...workerOptions,
        name: "selfie",
        bindings: config.vars,
        scriptPath: main,
        modules: true,
        rootPath: ROOT,
    };
}

/**
 * @typedef {object} Options
 * @property {number} [port] the app's port, if it is free
 * @property {number} [standInsPort] the stand-ins' port, if it is free
 * @property {string} [persist] a folder for storage that outlives the instance
 * @property {Record<string, string>} [base] variables to start from; the committed example otherwise
 * @property {Record<string, string>} [vars] variables that differ from them
 * @property {number} [trainingMs] how long a stand-in training takes
 * @property {number} [predictionMs] how long a stand-in prediction takes
 * @property {(operation: {namespace: string, method: string, key: string}) => boolean | string | void} [onKv]
 *   hears of every KV operation and may spoil it: see `kv-watch.mjs`
 * @property {(line: string) => void} [onLog] hears of every log line of the Worker
 * @property {(glue: string) => string} [glue] changes the JavaScript around the wasm
 */

/** The modules of the built Worker, its JavaScript changed. */
async function changed(script, glue) {
    const wasm = join(dirname(script), "index_bg.wasm");
    return [
        { type: "ESModule", path: script, contents: glue(await readFile(script, "utf8")) },
        { type: "CompiledWasm", path: wasm, contents: await readFile(wasm) },
    ];
}

/** @param {Options} [options] */
export async function startInstance(options = {}) {
    const folder = await mkdtemp(join(tmpdir(), "selfie-"));
    const removeFolder = () => rmSync(folder, { recursive: true, force: true });
    const undo = [atExit(removeFolder), removeFolder];
    const stop = async () => {
        while (undo.length > 0) await undo.pop()();
    };
    try {
        return await assemble(options, folder, undo, stop);
    } catch (error) {
        await stop();
        throw error;
    }
}

async function assemble(options, folder, undo, stop) {
    const port = await freePort(options.port);
    const appOrigin = `http://${HOST}:${port}`;
    const state = options.persist ?? join(folder, "state");
    await mkdir(state, { recursive: true });
    const standInsPort = await freePort(options.standInsPort);
    // What is kept names the stand-ins by their address, so it is of use only there.
    const keeps = options.persist !== undefined && standInsPort === options.standInsPort;
    const standIns = await startStandIns({
        port: standInsPort,
        appOrigin,
        journal: keeps ? join(state, "stand-ins.journal") : undefined,
        trainingMs: options.trainingMs,
        predictionMs: options.predictionMs,
    });
    undo.push(standIns.stop);

    const variables = {
        ...rebased(options.base ?? (await exampleVariables()), {
            app: appOrigin,
            standIns: standIns.origin,
        }),
        ...options.vars,
    };
    const guard = variables.TURNSTILE_SITE_KEY ? variables.TURNSTILE_URL : undefined;
    const turnstile = guard && new URL(guard).origin;
    const pages = join(folder, "pages");
    await pagesFor(pages, { media: standIns.origin, turnstile });

    const logs = [];
    const worker = configuredWorker(pages);
    if (options.glue) {
        worker.modules = await changed(worker.scriptPath, options.glue);
        delete worker.scriptPath;
    }
    const product = { ...worker, bindings: { ...worker.bindings, ...variables } };
    const launch = async () => {
        const miniflare = new Miniflare({
            workers: options.onKv ? watched(product, options.onKv) : [product],
            host: HOST,
            port,
            cf: false,
            defaultPersistRoot: state,
            log: new Log(LogLevel.ERROR),
            handleStructuredLogs: ({ level, message }) => {
                const line = `${level} ${message}`;
                logs.push(line);
                options.onLog?.(line);
            },
        });
        undo.push(() => miniflare.dispose());
        await miniflare.ready;
        return miniflare;
    };
    let miniflare = await launch();

    return {
        appOrigin,
        standIns: standIns.origin,
        control: standIns.control,
        /** The Worker's log lines so far, each with its level in front. */
        logs,
        /** Fires the cron trigger and waits for its handler. */
        scheduled: async () => (await miniflare.getWorker("selfie")).scheduled({ cron: CRON }),
        /** Ends the Worker wherever it is, and starts it again on the same storage. */
        restart: async () => {
            await undo.pop()();
            miniflare = await launch();
        },
        /** Kills the Worker's process in the middle of whatever it does, and starts it again. */
        kill: async () => {
            const ours = ["-P", String(process.pid), "workerd"];
            const { stdout } = await promisify(execFile)("pgrep", ours);
            for (const pid of stdout.trim().split("\n")) process.kill(Number(pid), "SIGKILL");
            await undo.pop()();
            miniflare = await launch();
        },
        /** Throws when the Worker panicked: one panic ends every request of its isolate. */
        assertNoPanic: () => {
            const panics = logs.filter((line) => line.includes("Rust panic"));
            if (panics.length > 0) throw new Error(`the Worker panicked: ${panics.join("\n")}`);
        },
        stop,
    };
}
