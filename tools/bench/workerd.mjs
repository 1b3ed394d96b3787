// All arms of the benchmark in one raw workerd, each on a port of its own, from one capnp
// configuration: no proxy, no development server, the same KV for all of them.

import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { ROOT } from "../build.mjs";
import { freePort } from "../instance.mjs";
import { atExit } from "../lifeline.mjs";

const DATE = "2026-07-30";
const NAMESPACES = ["USERS", "MODELS", "PREDICTIONS", "MAGIC_LINKS", "SESSIONS"];
/** What is sent to no other arm, and not counted: where the meter listens. */
const METER = "meter";

/** A text in capnp's quotes, which are those of C. */
const quoted = (text) => JSON.stringify(text);

/** @param {string} folder @returns {Promise<string>} the modules of a Worker that worker-build made */
async function builtModules(folder) {
    const names = (await readdir(join(ROOT, folder))).filter((name) => /\.(js|wasm)$/.test(name));
    const modules = names
        .sort((a) => (a === "index.js" ? -1 : 1))
        .map((name) => {
            const kind = name.endsWith(".wasm") ? "wasm" : "esModule";
            return `(name = ${quoted(name)}, ${kind} = embed ${quoted(join(ROOT, folder, name))})`;
        });
    return `[${modules.join(", ")}]`;
}

const oneModule = (file) => `[(name = "index.js", esModule = embed ${quoted(join(ROOT, file))})]`;

function worker(name, modules, bindings = [], rest = "") {
    return `(name = ${quoted(name)}, worker = (compatibilityDate = ${quoted(DATE)}, modules = ${modules}, bindings = [${bindings.join(", ")}]${rest}))`;
}

/**
 * Starts workerd with these arms.
 * @param {Record<string, string>} variables what the product and its twin are configured with
 * @param {number} port where the product listens, as its variables say
 */
export async function startArms(variables, port) {
    const folder = await mkdtemp(join(tmpdir(), "selfie-bench-"));
    const texts = Object.entries(variables).map(
        ([name, value]) => `(name = ${quoted(name)}, text = ${quoted(value)})`,
    );
    const kv = NAMESPACES.map(
        (name) => `(name = ${quoted(name)}, kvNamespace = ${quoted(`kv-${name}`)})`,
    );
    const ledger = `, durableObjectNamespaces = [(className = "Ledger", uniqueKey = "ledger", enableSql = true)], durableObjectStorage = (localDisk = "disk"), globalOutbound = "loopback"`;
    const product = [...texts, ...kv, `(name = "LEDGER", durableObjectNamespace = "Ledger")`];
    const meter = NAMESPACES.map(
        (name) => `(name = ${quoted(name)}, service = ${quoted(`kv-${name}`)})`,
    );
    const services = [
        worker("product", await builtModules("build"), product, ledger),
        worker("twin", oneModule("bench/twin/build/index.js"), [...texts, ...kv]),
        worker("empty", oneModule("bench/empty.js")),
        worker("hello", await builtModules("bench/hello/build"), [kv[0]]),
        ...NAMESPACES.map((name) => worker(`kv-${name}`, oneModule("bench/kv.js"))),
        worker(METER, oneModule("bench/meter.js"), meter),
        `(name = "disk", disk = (path = ${quoted(folder)}, writable = true))`,
        // The stand-ins listen on this machine.
        `(name = "loopback", network = (allow = ["private", "public"]))`,
    ];
    const ports = { product: port };
    for (const name of ["twin", "empty", "hello", METER]) ports[name] = await freePort();
    const sockets = Object.entries(ports).map(
        ([name, number]) =>
            `(name = ${quoted(name)}, address = "127.0.0.1:${number}", http = (), service = ${quoted(name)})`,
    );
    const file = join(folder, "arms.capnp");
    await writeFile(
        file,
        `using Workerd = import "/workerd/workerd.capnp";\nconst arms :Workerd.Config = (\n  services = [\n    ${services.join(",\n    ")}\n  ],\n  sockets = [${sockets.join(", ")}]\n);\n`,
    );
    const child = spawn(await program(), ["serve", "--import-path=/", file, "arms"], {
        stdio: ["ignore", "ignore", "pipe"],
    });
    const said = [];
    child.stderr.on("data", (chunk) => said.push(chunk));
    const settled = atExit(() => child.kill("SIGKILL"));
    const exited = new Promise((resolve) => child.once("exit", resolve));
    const stop = async () => {
        child.kill("SIGTERM");
        await exited;
        settled();
        await rm(folder, { recursive: true, force: true });
    };
    await Promise.race([
        Promise.all(Object.values(ports).map(listening)),
        exited.then(() => {
            throw new Error(`workerd ended: ${Buffer.concat(said)}`);
        }),
    ]);
    const counts = async () => (await fetch(`http://127.0.0.1:${ports[METER]}/`)).json();
    return { pid: child.pid, ports, counts, stop };
}

/** The pinned binary itself: what npm links is a script that starts it. */
async function program() {
    const platforms = (await readdir(join(ROOT, "node_modules/@cloudflare"))).filter((name) =>
        name.startsWith("workerd-"),
    );
    if (platforms.length !== 1) throw new Error(`one workerd was expected, found: ${platforms}`);
    return join(ROOT, "node_modules/@cloudflare", platforms[0], "bin/workerd");
}

async function listening(port) {
    for (;;) {
        const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
        if (answer) return answer.arrayBuffer();
        await pause(20);
    }
}

/** Nanoseconds that all threads of a process have been on a CPU so far. */
export async function cpuNs(pid) {
    let sum = 0;
    for (const task of await readdir(`/proc/${pid}/task`)) {
        const stat = await readFile(`/proc/${pid}/task/${task}/schedstat`, "utf8").catch(() => "0");
        sum += Number(stat.split(" ")[0]);
    }
    return sum;
}
