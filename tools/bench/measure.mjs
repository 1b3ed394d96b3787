// Measuring arms in turns: CPU time by the kernel's own accounting, throughput, and tails.

import { closedLoop, openLoop, percentile } from "./sender.mjs";
import { cpuNs } from "./workerd.mjs";

const WARM_MS = 1500;
const ROUND_MS = 1000;
const TAIL_MS = 2000;

/**
 * The least CPU time that a request took in any round, for each target, and the most requests in
 * a second. The least is what stays the same when others use the machine too.
 * @returns {Promise<Record<string, {cpuUs: number, perSecond: number}>>}
 */
export async function measureCpu(pid, targets, rounds) {
    const best = {};
    for (const target of targets) {
        await closedLoop(target, WARM_MS);
        best[target.name] = { cpuUs: Infinity, perSecond: 0 };
    }
    for (let round = 0; round < rounds; round += 1) {
        for (const target of targets) {
            const before = await cpuNs(pid);
            const { requests, ms } = await closedLoop(target, ROUND_MS);
            const cpuUs = ((await cpuNs(pid)) - before) / 1000 / requests;
            const known = best[target.name];
            known.cpuUs = Math.min(known.cpuUs, cpuUs);
            known.perSecond = Math.max(known.perSecond, (requests * 1000) / ms);
        }
    }
    return best;
}

/**
 * How long answers take when requests come at half of what the first of the targets, which is to be
 * the slowest, can take at that moment; of several rounds the calmest, by its 99th percentile.
 * @returns {Promise<Record<string, {p50: number, p90: number, p99: number}>>} milliseconds
 */
export async function measureTails(targets, rounds) {
    const calmest = {};
    for (let round = 0; round < rounds; round += 1) {
        const { requests, ms } = await closedLoop(targets[0], ROUND_MS);
        const perSecond = (requests * 1000) / ms / 2;
        for (const target of targets) {
            const sorted = await openLoop(target, perSecond, TAIL_MS);
            const [p50, p90, p99] = [0.5, 0.9, 0.99].map((part) => percentile(sorted, part));
            if (!(calmest[target.name]?.p99 < p99)) calmest[target.name] = { p50, p90, p99 };
        }
    }
    return calmest;
}
