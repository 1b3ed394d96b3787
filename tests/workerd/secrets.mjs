// What nobody may read in a log or a message to the operator: the secrets of the configuration, and
// whatever the stand-ins saw of the people of one instance.

import { exampleVariables, secretNames } from "../../tools/variables.mjs";

/** What a secret of any run looks like. */
const MARKS = ["@", "eyJ", "r8_", "secret_", "whsec_", "sig=", "/sign-in/confirm"];

/** The committed secrets. */
export async function developmentSecrets() {
    const example = await exampleVariables();
    const values = (await secretNames()).map((name) => example[name]);
    return values.filter((value) => value.length > 4);
}

/** Addresses, links and codes of every letter, and the prompts of every order. */
async function seenOutside(instance) {
    const letters = await instance.control("/letters");
    const calls = await instance.control("/calls");
    const prompts = calls
        .filter(({ provider, method }) => provider === "replicate" && method === "POST")
        .flatMap(({ body }) => /"prompt":"([^"]+)"/.exec(body)?.[1] ?? []);
    return [
        ...letters.flatMap(({ to, links, code }) => [
            ...[to].flat(),
            ...links.flatMap((link) => [link, new URL(link).hash.slice("#t=".length)]),
            code,
        ]),
        ...prompts,
    ].filter((text) => text?.length > 4);
}

/** The lines of the log, and the operator's messages, that tell one of these. */
export async function toldSecrets(instance) {
    const secrets = [...MARKS, ...(await developmentSecrets()), ...(await seenOutside(instance))];
    const alerts = await instance.control("/alerts");
    const told = [...instance.logs, ...alerts.map((alert) => `${alert.title} ${alert.message}`)];
    return told.flatMap((line) => {
        const secret = secrets.find((candidate) => line.includes(candidate));
        return secret === undefined ? [] : [`${secret}: ${line}`];
    });
}
