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
import { askFor, readOperatorsFile, requireServable, secretNames } from "./deploy/secrets.mjs";
import { smokeTest } from "./deploy/smoke.mjs";

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
const step = (title) => console.log(`\n${title}`);

step(`1. ${options.environment}: who deploys`);
await cloudflare.ask("whoami");

step("2. Configuration and secrets");
const given = options.values ? await readOperatorsFile(options.values) : {};
const sentences = await secretNames();
const isSecret = (name) => name in sentences;
for (const [name, value] of Object.entries(given)) {
    if (!isSecret(name)) environment.vars[name] = value;
}
const secrets = Object.fromEntries(Object.entries(given).filter(([name]) => isSecret(name)));
const known = JSON.parse(
    (await cloudflare
        .ask("secret", "list", "--name", environment.name, "--format", "json")
        // A Worker that was never deployed has none.
        .catch(() => "[]")) ?? "[]",
).map(({ name }) => name);
const missing = Object.keys(sentences).filter(
    (name) => !(name in secrets) && !known.includes(name),
);
if (dryRun) {
    console.log(`  ${missing.length} secrets would be asked for: ${missing.join(", ")}`);
} else {
    Object.assign(secrets, await askFor(missing, sentences));
}
// What lies at Cloudflare cannot be read back; it was judged when it was put there.
if (known.length === 0 && Object.keys(secrets).length > 0) {
    await requireServable({ ...variablesOf(environment), ...secrets });
    console.log("  the Worker would serve with these values");
}

step("3. Namespaces");
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

step("4. Build");
// The privacy text and the content policy of the pages name what is configured.
Object.assign(process.env, variablesOf(environment));
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
    const folder = join(ROOT, ".deploy", name, "pages");
    await buildPages(folder);
    return folder;
}

step("5. The Worker");
const folder = await mkdtemp(join(tmpdir(), "selfie-deploy-"));
try {
    const file = join(folder, "secrets.json");
    await writeFile(file, JSON.stringify(secrets), { mode: 0o600 });
    const withSecrets = Object.keys(secrets).length > 0 ? ["--secrets-file", file] : [];
    if (dryRun) {
        const packed = [
            "deploy",
            "--config",
            config,
            "--dry-run",
            "--outdir",
            join(folder, "packed"),
        ];
        console.log(`  runs: wrangler ${packed.slice(0, 2).join(" ")} … --dry-run`);
        process.stdout.write((await wrangler(packed)).replace(/^(?=.)/gm, "  "));
    }
    await cloudflare.change("deploy", "--config", config, ...withSecrets);
} finally {
    await rm(folder, { recursive: true });
}

step("6. The pages");
if (options.single) {
    console.log("  are served by the Worker itself");
} else {
    const projects = (await cloudflare.ask("pages", "project", "list")) ?? "";
    if (!projects.includes(environment.pages)) {
        const branch = ["--production-branch", "main"];
        await cloudflare.change("pages", "project", "create", environment.pages, ...branch);
    }
    const project = ["--project-name", environment.pages, "--branch", "main"];
    await cloudflare.change("pages", "deploy", pages, ...project);
}

step("7. Smoke test");
const revision = execFileSync("git", ["rev-parse", "--short=12", "HEAD"], { cwd: ROOT });
if (dryRun) {
    console.log(`  would ask ${environment.origin} for its health and its pages`);
} else {
    await smokeTest(environment.origin, revision.toString().trim());
    console.log(`  ${environment.origin} serves this revision`);
}

console.log(`
To go back:
  wrangler rollback --name ${environment.name}
  wrangler pages deployment list --project-name ${environment.pages}, and "Rollback" in the dashboard
Rows of the ledger and records in KV are never migrated by a deployment, so both directions are safe.`);
console.log(
    `environment=${options.environment} dry_run=${dryRun} single=${options.single} ok=true`,
);
