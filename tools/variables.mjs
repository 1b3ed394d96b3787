// Reads the Worker's local variables and points them at the addresses of one run.
// It must never invent a value: what is in the file, and what the caller overrides, is all.

import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";

import { ROOT } from "./build.mjs";

/** The origins that `.dev.vars.example` is written with. */
export const EXAMPLE = { app: "http://127.0.0.1:8787", standIns: "http://127.0.0.1:8788" };

/** The committed development values, whatever this machine's own `.dev.vars` says. */
export async function exampleVariables() {
    return parseEnv(await readFile(join(ROOT, ".dev.vars.example"), "utf8"));
}

/** The variables that are secrets, as the example says, each with its sentence. */
export async function secretSentences() {
    const text = await readFile(join(ROOT, ".dev.vars.example"), "utf8");
    const found = text.matchAll(/^# Secret: (.*)\n([A-Z_]+)=/gm);
    return Object.fromEntries([...found].map(([, sentence, name]) => [name, sentence]));
}

export const secretNames = async () => Object.keys(await secretSentences());

/** This machine's values; a missing `.dev.vars` becomes a copy of the example. */
export async function localVariables() {
    const file = join(ROOT, ".dev.vars");
    try {
        return parseEnv(await readFile(file, "utf8"));
    } catch (error) {
        if (error.code !== "ENOENT") throw error;
        await copyFile(join(ROOT, ".dev.vars.example"), file);
        return exampleVariables();
    }
}

/** The same variables for other origins than those of the example. */
export function rebased(variables, { app, standIns }) {
    const moved = (value) => {
        for (const [from, to] of [
            [EXAMPLE.app, app],
            [EXAMPLE.standIns, standIns],
        ]) {
            if (value === from || value.startsWith(`${from}/`))
                return to + value.slice(from.length);
        }
        return value;
    };
    return Object.fromEntries(
        Object.entries(variables).map(([name, value]) => [name, moved(value)]),
    );
}
