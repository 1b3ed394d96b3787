// `make dev`: builds what changed, runs the whole product on this machine with storage that
// survives, fires the cron trigger as production does, and prints the two addresses.
// It runs until Ctrl-C or SIGTERM, and then everything that it started ends with it.

import { join } from "node:path";

import { ROOT, builders } from "./build.mjs";
import { EXAMPLE, localVariables } from "./variables.mjs";
import { freePort, startInstance } from "./instance.mjs";

const CRON_MS = 120_000;
const portOf = (origin) => Number(new URL(origin).port);

const base = await localVariables();
for (const build of [builders["stand-ins"], builders.worker, builders.frontend]) await build();

// Whoever has the usual port may well have the usual storage open, too.
const port = await freePort(portOf(EXAMPLE.app));
const usual = port === portOf(EXAMPLE.app);
if (!usual) console.error(`dev: ${EXAMPLE.app} is taken, so nothing of this run is kept`);

const instance = await startInstance({
    port,
    standInsPort: portOf(EXAMPLE.standIns),
    persist: usual ? join(ROOT, ".wrangler/state") : undefined,
    base,
    onLog: (line) => console.error(line),
});

setInterval(() => {
    instance.scheduled().catch((error) => console.error(`cron: ${error.message}`));
}, CRON_MS);

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
