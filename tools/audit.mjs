// `make audit`: may what we ship be shipped, and is it all needed? Licences, sources and advisories
// of the Worker's crates and of the packages of the pages, dependencies and code that nothing uses,
// and what the product is made of as CycloneDX documents.
//
// Each look has a verdict in the last line: `ok`, `failed`, or `unavailable` where advisories could
// not be reached. A machine without a network may go on then; CI and `--strict` may not.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import {
    judgeDeny,
    judgeFetch,
    judgeKnip,
    judgeMachete,
    judgeNpm,
    passes,
    worse,
} from "./audit/judge.mjs";
import { refusedLicences } from "./audit/licences.mjs";
import { ask } from "./audit/program.mjs";
import { ofThePages, ofTheWorker } from "./audit/sbom.mjs";
import { ROOT, run } from "./build.mjs";
import { cargoTool } from "./cargo-tool.mjs";

const CARGO_DENY = "0.20.2";
const CARGO_MACHETE = "0.9.2";
const CARGO_CYCLONEDX = "0.5.9";
/** The first time, git fetches the whole database. */
const FETCH_DEADLINE_MS = 180_000;
const NPM_DEADLINE_MS = 120_000;

const started = performance.now();
const strict = process.env.CI === "true" || process.argv.includes("--strict");
const counts = { crates: 0, packages: 0, unused: 0, sbom: 0 };
const verdicts = {};

/** Keeps what one look finds and shows what it says; a look that cannot be made has failed. */
async function look(names, question) {
    let answer;
    try {
        answer = await question();
    } catch (error) {
        const failed = Object.fromEntries(names.map((name) => [name, "failed"]));
        answer = { verdicts: failed, says: [error.message] };
    }
    for (const [name, verdict] of Object.entries(answer.verdicts)) {
        verdicts[name] = worse(verdicts[name], verdict);
    }
    for (const line of answer.says) console.log(`${names.join(", ")}: ${line}`);
}

/** A look of which every line that it says is a finding. */
const findings = (name, says) => ({
    verdicts: { [name]: says.length > 0 ? "failed" : "ok" },
    says,
});
const unused = (lines) => {
    counts.unused += lines.length;
    return findings("unused", lines);
};

async function digestOfLockFiles() {
    const digest = createHash("sha256");
    const names = ["*Cargo.lock", "*package-lock.json"];
    const listed = execFileSync("git", ["ls-files", "-z", "--", ...names], { cwd: ROOT });
    for (const name of listed.toString().split("\0").filter(Boolean)) {
        digest.update(name).update(await readFile(join(ROOT, name)));
    }
    return digest.digest("hex");
}

const manifest = async (folder) =>
    JSON.parse(await readFile(join(ROOT, folder, "package.json"), "utf8"));
const deny = await cargoTool("cargo-deny", CARGO_DENY);
const machete = await cargoTool("cargo-machete", CARGO_MACHETE);
const cyclonedx = await cargoTool("cargo-cyclonedx", CARGO_CYCLONEDX);
const askDeny = (args, options) => ask(deny, ["--format", "json", "--locked", ...args], options);
const locks = await digestOfLockFiles();

// What ships, and under which licences.
await look(["licences", "sbom"], async () => {
    const { version } = await manifest("frontend");
    const crates = await ofTheWorker(cyclonedx, version);
    counts.crates = crates.length;
    counts.sbom += 1;
    const packages = await ofThePages(version);
    counts.packages = packages.length;
    counts.sbom += 1;
    const { verdicts, says } = findings("licences", refusedLicences(packages));
    return { verdicts: { ...verdicts, sbom: "ok" }, says };
});
await look(["licences", "bans", "sources"], async () => {
    const checks = ["licenses", "bans", "sources"];
    const { verdicts, says } = judgeDeny(await askDeny(["check", ...checks]), checks);
    const { licenses: licences, ...others } = verdicts;
    return { verdicts: { licences, ...others }, says };
});

// What is known against it.
await look(["advisories"], async () => {
    const options = { env: { GIT_TERMINAL_PROMPT: "0" }, deadlineMs: FETCH_DEADLINE_MS };
    const fetched = judgeFetch(await askDeny(["fetch", "db"], options));
    if (fetched.verdict !== "ok") {
        return { verdicts: { advisories: fetched.verdict }, says: fetched.says };
    }
    // Which versions were yanked stands in cargo's copy of the index, which this brings up to date.
    await run("cargo", ["update", "--quiet", "--dry-run"]);
    return judgeDeny(await askDeny(["--offline", "check", "advisories"]), ["advisories"]);
});
await look(["npm_advisories"], async () => {
    const { dependencies } = await manifest(".");
    if (dependencies) throw new Error("package.json: what ships is a dependency of frontend/");
    const args = ["audit", "--omit=dev", "--json", "--fetch-retries=1", "--fetch-timeout=30000"];
    const options = { cwd: join(ROOT, "frontend"), deadlineMs: NPM_DEADLINE_MS };
    const { verdict, says } = judgeNpm(await ask("npm", args, options));
    return { verdicts: { npm_advisories: verdict }, says };
});

// What nothing needs, and what ships without being declared so.
await look(["unused"], async () => unused(judgeMachete(await ask(machete, ["."]))));
// Its configuration of TypeScript is made by SvelteKit, and gone with every `npm ci`.
await run("npm", ["run", "--silent", "sync"], { cwd: join(ROOT, "frontend") });
const knip = ["--no-progress", "--reporter", "json"];
await look(["unused"], async () =>
    unused(judgeKnip(await ask("knip", [...knip, "--treat-config-hints-as-errors"]))),
);
await look(["unused"], async () => {
    const shipping = ["--production", "--strict", "--include", "unlisted", "--no-config-hints"];
    return unused(judgeKnip(await ask("knip", [...knip, ...shipping, "--workspace", "frontend"])));
});

await look(["locks"], async () => {
    const unchanged = (await digestOfLockFiles()) === locks;
    return findings("locks", unchanged ? [] : ["the audit itself has changed a lock file"]);
});

if (Object.values(verdicts).includes("unavailable")) {
    const end = strict ? "and here it must be" : "which CI and ARGS=--strict do not let pass";
    console.log(`audit: not everything could be looked at, ${end}`);
}
const shown = {
    crates: counts.crates,
    packages: counts.packages,
    licences: verdicts.licences,
    bans: verdicts.bans,
    sources: verdicts.sources,
    advisories: verdicts.advisories,
    npm_advisories: verdicts.npm_advisories,
    unused: verdicts.unused === "failed" && counts.unused === 0 ? "failed" : counts.unused,
    sbom: counts.sbom,
    locks: verdicts.locks,
    seconds: Math.round((performance.now() - started) / 1000),
};
console.log(
    Object.entries(shown)
        .map(([name, value]) => `${name}=${value}`)
        .join(" "),
);
if (!passes(Object.values(verdicts), strict)) process.exitCode = 1;
