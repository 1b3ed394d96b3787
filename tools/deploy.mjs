// `make deploy`: brings one environment to what this checkout says, step by step. Every step looks
// first and does only what is missing, so it may be run again after anything. With `--dry-run` it
// shows all of them, builds, checks and packs, and asks nobody.

import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { ROOT, buildPages, builders } from "./build.mjs";
import { Cloudflare, wrangler } from "./deploy/cloudflare.mjs";
import {
    composeConfig,
    namespaceBindings,
    namespaceTitle,
    readEnvironment,
    variablesOf,
} from "./deploy/environment.mjs";
import {
    askFor,
    missingSecrets,
    readOperatorsFile,
    requireServable,
    standInsFor,
    uploaded,
} from "./deploy/secrets.mjs";
import { smokeTest } from "./deploy/smoke.mjs";
import { makePrivate } from "./deploy/store.mjs";
import { secretSentences } from "./variables.mjs";

const { values: options } = parseArgs({
    options: {
        environment: { type: "string", default: "production" },
        values: { type: "string" },
        single: { type: "boolean", default: false },
        "dry-run": { type: "boolean", default: false },
    },
});
const dryRun = options["dry-run"];
const cloudflare = new Cloudflare(dryRun);
const environment = await readEnvironment(options.environment);
const vars = variablesOf(environment);
const step = (title) => console.log(`\n${title}`);

step(`1. ${options.environment}: who deploys`);
const me = JSON.parse((await cloudflare.ask("whoami", "--json")) ?? "{}");
for (const { name, id } of me.accounts ?? []) console.log(`  ${name} (${id})`);

step("2. Configuration and secrets");
const sentences = await secretSentences();
const given = options.values ? await readOperatorsFile(options.values, sentences) : {};
const known = await cloudflare.secretsOf(environment.name);
const missing = missingSecrets(sentences, { vars, given, known });
if (dryRun) {
    const names = missing.length > 0 ? `: ${missing.join(", ")}` : "";
    console.log(`  ${missing.length} secrets would be asked for${names}`);
} else {
    Object.assign(given, await askFor(missing, sentences));
}
await judge();

/** Variables are judged each time; of the secrets those that are at hand. */
async function judge() {
    const unseen = [...known, ...missing].filter((name) => !(name in given));
    const verdict = requireServable({ ...vars, ...standInsFor(unseen, vars), ...given });
    try {
        await verdict;
        console.log("  the Worker would serve with these values");
    } catch (error) {
        if (!dryRun) throw error;
        console.log(`  would stop here: ${error.message}`);
    }
}

step("3. The store");
if (dryRun) {
    console.log("  would make the files of all people private, and look as a stranger");
} else if (given.BYTESCALE_SECRET_KEY) {
    await makePrivate({
        apiUrl: vars.BYTESCALE_API_URL,
        cdnUrl: vars.BYTESCALE_CDN_URL,
        secretKey: given.BYTESCALE_SECRET_KEY,
    });
    console.log("  nobody reads a file without a signed address");
} else {
    console.log("  was made private when its key was put at Cloudflare");
}

step("4. Namespaces");
const listed = JSON.parse((await cloudflare.ask("kv", "namespace", "list")) ?? "[]");
const idOf = (title, namespaces) => namespaces.find((found) => found.title === title)?.id;
const titles = namespaceBindings().map((binding) => namespaceTitle(environment, binding));
const absent = titles.filter((title) => !idOf(title, listed));
for (const title of absent) await cloudflare.change("kv", "namespace", "create", title);
const present =
    absent.length === 0 || dryRun
        ? listed
        : JSON.parse(await cloudflare.ask("kv", "namespace", "list"));
const ids = Object.fromEntries(
    namespaceBindings().map((binding) => [
        binding,
        idOf(namespaceTitle(environment, binding), present) ?? "0".repeat(32),
    ]),
);

step("5. Build");
// Sources that did not change are not built again, and would say an older revision.
if (!dryRun) await rm(join(ROOT, "build/.built-from"), { force: true });
await builders.worker();
const pages = await pagesOf(environment);
const config = await composeConfig(environment, ids, pages, options.single);
console.log(`  ${config.replace(`${ROOT}/`, "")} is what is deployed`);

/** They state this environment's configuration, so they lie apart from those of the tests. */
async function pagesOf({ name }) {
    if (dryRun) {
        await builders.frontend();
        return join(ROOT, "frontend/build");
    }
    // The privacy text and the content policy of the pages name what is configured.
    Object.assign(process.env, vars);
    const folder = join(ROOT, ".deploy", name, "pages");
    await buildPages(folder);
    return folder;
}

try {
    await deployWorker();
    await deployPages();
    await look();
} finally {
    console.log(`
To go back:
  wrangler rollback --name ${environment.name}
  and the pages at Cloudflare: Workers & Pages, ${environment.pages}, Deployments, Rollback
A rollback brings back the variables and secrets of that version too: put a key that was replaced in
between again. What a newer version noted and the older one cannot read waits until it can be read.`);
}
console.log(
    `environment=${options.environment} dry_run=${dryRun} single=${options.single} ok=true`,
);

async function deployWorker() {
    step("6. The Worker");
    const folder = await mkdtemp(join(tmpdir(), "selfie-deploy-"));
    try {
        const secrets = uploaded(given, known);
        const file = join(folder, "secrets.json");
        await writeFile(file, JSON.stringify(secrets), { mode: 0o600 });
        const withSecrets = Object.keys(secrets).length > 0 ? ["--secrets-file", file] : [];
        if (dryRun) {
            const packed = ["--dry-run", "--outdir", join(folder, "packed")];
            console.log("  runs: wrangler deploy --config … --dry-run");
            const said = await wrangler(["deploy", "--config", config, ...packed]);
            process.stdout.write(said.replace(/^(?=.)/gm, "  "));
        }
        await cloudflare.change("deploy", "--config", config, ...withSecrets);
    } finally {
        await rm(folder, { recursive: true });
    }
}

async function deployPages() {
    step("7. The pages");
    if (options.single) {
        console.log("  are served by the Worker itself");
        return;
    }
    const projects = JSON.parse(
        (await cloudflare.ask("pages", "project", "list", "--json")) ?? "[]",
    );
    const project = projects.find((found) => found["Project Name"] === environment.pages);
    if (!project) {
        const branch = ["--production-branch", "main"];
        await cloudflare.change("pages", "project", "create", environment.pages, ...branch);
    }
    const named = ["--project-name", environment.pages, "--branch", "main"];
    await cloudflare.change("pages", "deploy", pages, ...named);
    const { host } = new URL(environment.origin);
    const domains = (project?.["Project Domains"] ?? "").split(", ");
    if (!dryRun && !domains.includes(host)) {
        console.log(
            `  ${host} is not among its domains: attach it once at Cloudflare, under Workers & Pages, ${environment.pages}, Custom domains`,
        );
    }
}

async function look() {
    step("8. Smoke test");
    const revision = execFileSync("git", ["rev-parse", "--short=12", "HEAD"], { cwd: ROOT });
    if (dryRun) {
        console.log(`  would ask ${environment.origin} for its health and its pages`);
    } else {
        await smokeTest(environment.origin, revision.toString().trim());
        console.log(`  ${environment.origin} serves this revision`);
    }
}
