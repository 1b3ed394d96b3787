// The secrets of a deployment: read from the operator's own file or typed, judged by the very code
// that reads them in the Worker, and handed to wrangler. None is printed, and none is written into
// the checkout but for the moment of the upload.

import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { parseEnv } from "node:util";

import { ROOT } from "../build.mjs";

/** The names that `.dev.vars.example` marks as secrets, each with its sentence. */
export async function secretNames() {
    const text = await readFile(join(ROOT, ".dev.vars.example"), "utf8");
    const found = text.matchAll(/^# Secret: (.*)\n([A-Z_]+)=/gm);
    return Object.fromEntries([...found].map(([, sentence, name]) => [name, sentence]));
}

/** What the operator's file says, of secrets and variables alike. */
export async function readOperatorsFile(path) {
    return parseEnv(await readFile(path, "utf8"));
}

/** Asks for those that are neither in the file nor at Cloudflare; an empty answer leaves one out. */
export async function askFor(names, sentences) {
    if (names.length === 0) return {};
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    const typed = {};
    for (const name of names) {
        console.error(`${name}: ${sentences[name]}`);
        const value = await terminal.question("value (empty: leave it out) > ");
        if (value !== "") typed[name] = value;
    }
    terminal.close();
    return typed;
}

/** Whether the Worker would serve with these values; throws with the name of the first wrong one. */
export function requireServable(values) {
    const args = ["run", "--quiet", "--locked", "--example", "check_config"];
    return new Promise((resolve, reject) => {
        const child = spawn("cargo", args, { cwd: ROOT, stdio: ["pipe", "inherit", "pipe"] });
        let said = "";
        child.stderr.on("data", (chunk) => (said += chunk));
        child.on("error", reject);
        child.on("close", (code) =>
            code === 0 ? resolve() : reject(new Error(`configuration: ${said.trim()}`)),
        );
        child.stdin.end(JSON.stringify(values));
    });
}
