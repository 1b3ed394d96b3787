// Runs the stand-ins program for one instance and speaks to its control plane.
// It knows the program's flags and the control plane's shape, and nothing of the product.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

import { standInsProgram } from "./build.mjs";
import { atExit } from "./lifeline.mjs";

/** How long the program may take until it says where it listens; a long journal takes its time. */
const START_MS = 60_000;

/**
 * @param {{port?: number, appOrigin: string, trainingMs?: number, predictionMs?: number, journal?: string}} options
 *   `journal` is the file that keeps what happens for the next run
 * @returns {Promise<{origin: string, control: Function, logs: string[], stop: () => Promise<void>}>}
 */
export async function startStandIns({ port = 0, appOrigin, trainingMs, predictionMs, journal }) {
    const flags = ["--port", String(port), "--app-origin", appOrigin];
    if (trainingMs !== undefined) flags.push("--training-ms", String(trainingMs));
    if (predictionMs !== undefined) flags.push("--prediction-ms", String(predictionMs));
    if (journal !== undefined) flags.push("--journal", journal);
    const child = spawn(standInsProgram(), flags, { stdio: ["ignore", "pipe", "pipe"] });
    const exited = new Promise((resolve) => child.once("exit", resolve));
    const settled = atExit(() => child.kill("SIGTERM"));
    const logs = [];
    createInterface({ input: child.stderr }).on("line", (line) => logs.push(line));

    const stop = async () => {
        child.kill("SIGTERM");
        await exited;
        settled();
    };
    const origin = await new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error("the stand-ins did not start")), START_MS);
        child.once("error", reject);
        exited.then((code) =>
            reject(new Error(`the stand-ins ended with ${code}: ${logs.join("\n")}`)),
        );
        createInterface({ input: child.stdout }).on("line", (line) => {
            logs.push(line);
            const listening = /^listening (http:\/\/\S+)$/.exec(line);
            if (!listening) return;
            clearTimeout(timer);
            resolve(listening[1]);
        });
    }).catch(async (error) => {
        await stop();
        throw error;
    });

    /** Calls `/__control{path}`: GET without a body, POST with one, or the method asked for. */
    const control = async (path, body, method = body === undefined ? "GET" : "POST") => {
        const response = await fetch(`${origin}/__control${path}`, {
            method,
            headers: body === undefined ? {} : { "content-type": "application/json" },
            body: body === undefined ? undefined : JSON.stringify(body),
        });
        const text = await response.text();
        if (!response.ok)
            throw new Error(`${method} /__control${path}: ${response.status} ${text}`);
        return text === "" ? null : JSON.parse(text);
    };
    return { origin, control, logs, stop };
}
