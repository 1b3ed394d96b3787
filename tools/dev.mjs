// `make dev`: builds what changed, runs the whole product on this machine with storage that
// survives, fires the cron trigger as production does, and prints the two addresses.
// On Ctrl-C or SIGTERM it stops everything that it started, and nothing else.

import { join } from "node:path";

import { ROOT, builders } from "./build.mjs";
import { EXAMPLE, localVariables } from "./variables.mjs";
import { startInstance } from "./instance.mjs";

const CRON_MS = 120_000;
const portOf = (origin) => Number(new URL(origin).port);

const base = await localVariables();
for (const build of [builders["stand-ins"], builders.worker, builders.frontend]) await build();

const instance = await startInstance({
    port: portOf(EXAMPLE.app),
    standInsPort: portOf(EXAMPLE.standIns),
    persist: join(ROOT, ".wrangler/state"),
    base,
    onLog: (line) => console.error(line),
});

const cron = setInterval(() => {
    instance.scheduled().catch((error) => console.error(`cron: ${error.message}`));
}, CRON_MS);

let stopping = false;
async function stop() {
    if (stopping) return;
    stopping = true;
    clearInterval(cron);
    await instance.stop();
}
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, stop);

try {
    for (const [url, name] of [
        [`${instance.appOrigin}/api/health`, "the app"],
        [`${instance.standIns}/`, "the inbox"],
    ]) {
        const answer = await fetch(url);
        const text = await answer.text();
        if (!answer.ok) throw new Error(`${name} answers ${answer.status}: ${text}`);
    }
    console.log(`app    ${instance.appOrigin}`);
    console.log(`inbox  ${instance.standIns}/`);
} catch (error) {
    console.error(`dev: ${error.message}`);
    process.exitCode = 1;
    await stop();
}
