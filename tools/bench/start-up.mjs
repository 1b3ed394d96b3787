// How long a Worker is active before it can answer, by `wrangler check startup`, which takes a
// profile with few samples: one run says nothing, the mean of many does.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { ROOT } from "../build.mjs";

async function activeMs(folder, main) {
    const config = join(folder, "wrangler.json");
    const worker = { name: "start-up", main: join(ROOT, main), compatibility_date: "2026-07-30" };
    await writeFile(config, JSON.stringify(worker));
    const profile = join(folder, "profile.cpuprofile");
    const args = ["check", "startup", "--config", config, "--outfile", profile];
    const { stdout } = await promisify(execFile)("wrangler", args, { cwd: folder });
    const [, active] = /Active: ([\d.]+) ms/.exec(stdout) ?? [];
    if (active === undefined) throw new Error(`wrangler check startup said: ${stdout}`);
    return Number(active);
}

/** The mean of so many runs of each, in turns. */
export async function startUp(mains, runs) {
    const folder = await mkdtemp(join(tmpdir(), "selfie-start-"));
    const sums = Object.fromEntries(Object.keys(mains).map((name) => [name, 0]));
    try {
        for (let run = 0; run < runs; run += 1) {
            for (const [name, main] of Object.entries(mains)) {
                sums[name] += await activeMs(folder, main);
            }
        }
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
    return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / runs]));
}
