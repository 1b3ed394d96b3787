// Runs a program to its end and answers all of it: how it ended and what it said, whatever that
// was. What it means is for tools/audit/judge.mjs to say.

import { spawn } from "node:child_process";

import { ROOT } from "../build.mjs";
import { atExit } from "../lifeline.mjs";

/**
 * @param {string} program @param {string[]} args
 * @param {{cwd?: string, env?: Record<string, string>, deadlineMs?: number}} [options]
 * @returns {Promise<{code: number | null, output: string, errors: string, late: boolean}>}
 */
export function ask(program, args, { cwd = ROOT, env = {}, deadlineMs = 300_000 } = {}) {
    return new Promise((resolve, reject) => {
        const child = spawn(program, args, {
            cwd,
            // The messages that are judged are the English ones.
            env: { ...process.env, LC_ALL: "C", NO_COLOR: "1", ...env },
            stdio: ["ignore", "pipe", "pipe"],
            // With what it starts itself, such as git, which would outlive it.
            detached: true,
        });
        const end = () => process.kill(-child.pid, "SIGKILL");
        const settled = atExit(end);
        const answer = { code: null, output: "", errors: "", late: false };
        const deadline = setTimeout(() => {
            answer.late = true;
            end();
        }, deadlineMs);
        child.stdout.on("data", (chunk) => (answer.output += chunk));
        child.stderr.on("data", (chunk) => (answer.errors += chunk));
        child.on("error", (error) => {
            clearTimeout(deadline);
            settled();
            reject(error);
        });
        child.on("close", (code) => {
            clearTimeout(deadline);
            settled();
            resolve({ ...answer, code });
        });
    });
}
