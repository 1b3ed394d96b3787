// Whether the contract tests notice a change of the code that the unit tests let through. Each is
// made here and not by cargo-mutants, so that the tests that lie nearest can be asked first: they
// notice most of them in a tenth of the time.

import { execFileSync, spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { ROOT } from "./build.mjs";
import { atExit } from "./lifeline.mjs";

/** They take as long as all others together; what only they would notice counts as missed. */
const SLOW = [
    "costs::",
    "spend::a_day_that_is_spent_ends_at_midnight",
    "bundles::a_bundle_over_sixty_megabytes_is_refused",
];
const ALL_BUT_SLOW = SLOW.flatMap((name) => ["--skip", name]);
/** What takes longer loops, and that is noticed too. */
const PATIENCE_MS = 240_000;

/** What each change is, by its name, as cargo-mutants lists them. */
export function listed(program, { copy, env }) {
    const text = execFileSync(program, ["mutants", "--dir", copy, "--list", "--json"], {
        cwd: ROOT,
        env,
        maxBuffer: 64 << 20,
    });
    return new Map(JSON.parse(text.toString()).map((mutant) => [mutant.name, mutant]));
}

/** Those of these changes that nothing notices. */
export async function missedByContract(mutants, tree) {
    const near = JSON.parse(await readFile(join(ROOT, "tools/near-tests.json"), "utf8"));
    const missed = [];
    for (const mutant of mutants) {
        const nearest = near[mutant.file] ?? [];
        if (!(await isNoticed(mutant, tree, nearest))) missed.push(mutant.name);
    }
    return missed;
}

async function isNoticed({ file, span, replacement, name }, tree, nearest) {
    const path = join(tree.copy, file);
    const original = await readFile(path, "utf8");
    await writeFile(path, changed(original, span, replacement));
    const started = performance.now();
    try {
        const soon = nearest.length > 0 && !(await passes(tree, nearest));
        const noticed = soon || !(await passes(tree, ALL_BUT_SLOW));
        const seconds = Math.round((performance.now() - started) / 1000);
        console.log(`${noticed ? "noticed" : "MISSED "}  ${name} by contract tests in ${seconds}s`);
        return noticed;
    } finally {
        await writeFile(path, original);
    }
}

/** The text with what stands between two places replaced; lines and columns count from one. */
function changed(text, { start, end }, replacement) {
    const lines = text.split("\n");
    const offset = ({ line, column }) =>
        lines.slice(0, line - 1).reduce((sum, one) => sum + [...one].length + 1, 0) + column - 1;
    const points = [...text];
    return [...points.slice(0, offset(start)), replacement, ...points.slice(offset(end))].join("");
}

function passes({ copy, env }, filters) {
    const args = ["test", "--quiet", "--locked", "--test", "contract", "--", ...filters];
    return new Promise((resolve, reject) => {
        const child = spawn("cargo", args, {
            cwd: copy,
            env,
            stdio: ["ignore", "pipe", "pipe"],
            detached: true,
        });
        const kill = () => process.kill(-child.pid, "SIGKILL");
        const settled = atExit(kill);
        const timer = setTimeout(kill, PATIENCE_MS);
        let said = "";
        for (const stream of [child.stdout, child.stderr]) {
            stream.on("data", (chunk) => (said = (said + chunk).slice(-20_000)));
        }
        child.on("close", (code, signal) => {
            clearTimeout(timer);
            settled();
            const ran = /^test result: /m.test(said) || /panicked at/.test(said);
            if (code !== 0 && signal === null && !ran) reject(new Error(said));
            else resolve(code === 0);
        });
    });
}
