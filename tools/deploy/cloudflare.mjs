// What is asked of Cloudflare, through the pinned wrangler: each call is shown before it is made,
// and in a dry run it is shown and not made.

import { spawn } from "node:child_process";

import { ROOT } from "../build.mjs";

export class Cloudflare {
    /** @param {boolean} dryRun */
    constructor(dryRun) {
        this.dryRun = dryRun;
    }

    /**
     * A call that only reads; in a dry run there is nobody to ask, and it answers `undefined`.
     * @param {string[]} args
     */
    async ask(...args) {
        this.#show(args);
        return this.dryRun ? undefined : wrangler(args);
    }

    /** The names of the secrets of a Worker; one that was never deployed has none. */
    async secretsOf(name) {
        const listed = await this.ask("secret", "list", "--name", name, "--format", "json").catch(
            (error) => {
                // Whatever else went wrong says nothing of what lies there.
                if (error.said?.includes(`Worker "${name}" not found`)) return "[]";
                throw error;
            },
        );
        return JSON.parse(listed ?? "[]").map((secret) => secret.name);
    }

    /** A call that changes something. @param {string[]} args */
    async change(...args) {
        this.#show(args);
        if (!this.dryRun) await wrangler(args);
    }

    #show(args) {
        console.log(`  ${this.dryRun ? "would run" : "runs"}: wrangler ${args.join(" ")}`);
    }
}

/** Runs wrangler to its end and answers what it printed. */
export function wrangler(args) {
    return new Promise((resolve, reject) => {
        const child = spawn("wrangler", args, {
            cwd: ROOT,
            env: { ...process.env, WRANGLER_LOG: "log", NO_COLOR: "1" },
            stdio: ["inherit", "pipe", "pipe"],
        });
        let output = "";
        let complaint = "";
        child.stdout.on("data", (chunk) => (output += chunk));
        child.stderr.on("data", (chunk) => {
            complaint += chunk;
            process.stderr.write(chunk);
        });
        child.on("error", reject);
        child.on("close", (code) => {
            if (code === 0) return resolve(output);
            process.stderr.write(output);
            const error = new Error(
                `wrangler ${args.slice(0, 3).join(" ")} ended with status ${code}`,
            );
            reject(Object.assign(error, { said: output + complaint }));
        });
    });
}
