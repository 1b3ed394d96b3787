// What `make deploy` would do, as far as it can be known without an account: every environment is
// whole, packs, and holds no secret.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { ROOT } from "../../tools/build.mjs";
import {
    composeConfig,
    namespaceBindings,
    readEnvironment,
} from "../../tools/deploy/environment.mjs";
import { requireServable, secretNames } from "../../tools/deploy/secrets.mjs";
import { exampleVariables } from "../../tools/variables.mjs";

const IDS = Object.fromEntries(namespaceBindings().map((binding) => [binding, "f".repeat(32)]));
const PAGES = join(ROOT, "frontend/build");
const environments = (await readdir(join(ROOT, "environments"))).map((name) =>
    name.replace(".json", ""),
);

async function composed(label, single = false) {
    const file = await composeConfig(await readEnvironment(label), IDS, PAGES, single);
    return JSON.parse(await readFile(file, "utf8"));
}

for (const label of environments) {
    for (const flags of [[], ["--single"]]) {
        test(`a dry run for ${label} ${flags} shows every step and packs the Worker`, () => {
            const args = ["tools/deploy.mjs", "--dry-run", "--environment", label, ...flags];
            const { status, stdout, stderr } = spawnSync("node", args, {
                cwd: ROOT,
                encoding: "utf8",
            });
            assert.equal(status, 0, stderr);
            for (const step of ["1.", "2.", "3.", "4.", "5.", "6.", "7.", "To go back"])
                assert.ok(stdout.includes(`\n${step}`), `${step} is missing`);
            assert.match(stdout, /--dry-run: exiting now/);
            assert.match(stdout, /ok=true\n$/);
        });
    }
}

test("no two environments share a name, a namespace or a counter", async () => {
    const all = await Promise.all(environments.map((label) => composed(label)));
    const distinct = (values) => assert.equal(new Set(values).size, values.length);
    distinct(all.map(({ name }) => name));
    distinct(all.flatMap(({ ratelimits }) => ratelimits.map((limit) => limit.namespace_id)));
    distinct(all.flatMap(({ routes }) => routes.map(({ pattern }) => pattern)));
});

test("an environment has every binding of wrangler.toml, and no secret", async () => {
    const secrets = Object.keys(await secretNames());
    for (const label of environments) {
        const config = await composed(label);
        assert.deepEqual(
            config.kv_namespaces.map(({ binding }) => binding),
            namespaceBindings(),
        );
        for (const key of ["durable_objects", "migrations", "triggers", "assets", "observability"])
            assert.ok(config[key], `${label} has no ${key}`);
        for (const secret of secrets) assert.ok(!(secret in config.vars), secret);
    }
});

test("in single mode the whole host belongs to the Worker", async () => {
    const { routes } = await composed("production", true);
    assert.deepEqual(routes, [{ pattern: "selfie.pr", custom_domain: true }]);
});

test("values that are only fit for development are refused before anything is deployed", async () => {
    const example = await exampleVariables();
    await requireServable(example);
    await assert.rejects(requireServable({ ...example, ENVIRONMENT: "production" }), /APP_ORIGIN/);
});
