// The secrets of a deployment: read from the operator's own file or typed, judged by the very code
// that reads them in the Worker, and handed to wrangler. None is printed, and none is written into
// the checkout but for the moment of the upload.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { parseEnv } from "node:util";

import { ROOT } from "../build.mjs";

/** Never uploaded a second time: every account's id is made with it. */
const FOR_EVER = "EMAIL_ID_KEY";
/** Secrets that only some configurations have, each with what makes it needed. */
const OPTIONAL = {
    FACEBOOK_APP_SECRET: (vars) => vars.FACEBOOK_APP_ID !== "",
    TURNSTILE_SECRET: (vars) => vars.TURNSTILE_SITE_KEY !== "",
    RESEND_API_KEY: (vars) => vars.EMAIL_ADAPTER === "resend",
    PUSHOVER_TOKEN: () => false,
    PUSHOVER_USER: () => false,
};

/** The secrets that the operator's file gives; throws when it names anything else. */
export async function readOperatorsFile(path, sentences) {
    const given = parseEnv(await readFile(path, "utf8"));
    const strange = Object.keys(given).find((name) => !(name in sentences));
    if (strange) {
        throw new Error(
            `${path}: ${strange} is no secret; variables belong into environments/NAME.json, where the next deployment finds them too`,
        );
    }
    return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
}

/** The secrets that this configuration cannot do without and that are neither given nor known. */
export function missingSecrets(sentences, { vars, given, known }) {
    const needed = (name) => OPTIONAL[name]?.(vars) ?? true;
    const absent = (name) => !(name in given) && !known.includes(name);
    return Object.keys(sentences).filter((name) => needed(name) && absent(name));
}

/** What is uploaded of what was given. */
export function uploaded(given, known) {
    const stays = known.includes(FOR_EVER);
    return Object.fromEntries(
        Object.entries(given).filter(([name]) => !(stays && name === FOR_EVER)),
    );
}

/** Asks for secrets at a terminal; throws with their names where there is none. */
export async function askFor(names, sentences) {
    if (names.length === 0) return {};
    if (!process.stdin.isTTY) {
        throw new Error(
            `${names.join(", ")}: missing; put them into a file and name it by --values`,
        );
    }
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    const typed = {};
    for (const name of names) {
        console.error(`${name}: ${sentences[name]}`);
        typed[name] = await terminal.question("value > ");
    }
    terminal.close();
    return typed;
}

/**
 * Values of the right form for secrets that lie at Cloudflare, where nobody can read them: so that
 * the variables beside them can be judged all the same.
 */
export function standInsFor(names, vars) {
    const letters = (count) => randomBytes(count).toString("hex").slice(0, count);
    const key = () => randomBytes(32).toString("base64");
    const keyOfUrls = () => randomBytes(32).toString("base64url");
    const form = {
        REPLICATE_API_TOKEN: () => `r8_${letters(37)}`,
        REPLICATE_WEBHOOK_SECRET: () => `whsec_${key()}`,
        BYTESCALE_SECRET_KEY: () => `secret_${letters(40)}`,
        BYTESCALE_SIGNING_KEY: key,
        FACEBOOK_APP_SECRET: () => letters(32),
        PUSHOVER_TOKEN: () => letters(30),
        PUSHOVER_USER: () => letters(30),
        RESEND_API_KEY: () => `re_${letters(32)}`,
        JWT_KEYS: () => JSON.stringify({ [vars.JWT_ACTIVE_KID]: keyOfUrls() }),
        EMAIL_ID_KEY: keyOfUrls,
        TURNSTILE_SECRET: () => `0x${letters(40)}`,
    };
    return Object.fromEntries(
        names.filter((name) => form[name]).map((name) => [name, form[name]()]),
    );
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
