// What `make deploy` would do, as far as it can be known without an account: every environment is
// whole, packs, and holds no secret.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { ROOT } from "../../tools/build.mjs";
import { Cloudflare } from "../../tools/deploy/cloudflare.mjs";
import {
    composeConfig,
    namespaceBindings,
    readEnvironment,
    variablesOf,
} from "../../tools/deploy/environment.mjs";
import {
    missingSecrets,
    readOperatorsFile,
    requireServable,
    standInsFor,
    uploaded,
} from "../../tools/deploy/secrets.mjs";
import { makePrivate } from "../../tools/deploy/store.mjs";
import { startStandIns } from "../../tools/stand-ins.mjs";
import { exampleVariables, secretNames, secretSentences } from "../../tools/variables.mjs";

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
            for (const step of ["1.", "2.", "3.", "4.", "5.", "6.", "7.", "8.", "To go back"])
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
    const secrets = await secretNames();
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
    const { host } = new URL((await readEnvironment("production")).origin);
    const { routes } = await composed("production", true);
    assert.deepEqual(routes, [{ pattern: host, custom_domain: true }]);
});

test("values that are only fit for development are refused before anything is deployed", async () => {
    const example = await exampleVariables();
    await requireServable(example);
    await assert.rejects(requireServable({ ...example, ENVIRONMENT: "production" }), /APP_ORIGIN/);
});

/** Production with what an operator has to fill in. */
async function filledIn(changes = {}) {
    const vars = variablesOf(await readEnvironment("production"));
    const own = {
        REPLICATE_DESTINATION: "somebody/faces",
        BYTESCALE_SIGNING_KEY_ID: "Key1",
        JWT_ACTIVE_KID: "2026",
    };
    return { ...vars, ...own, ...changes };
}

test("variables are judged although the secrets beside them cannot be read back", async () => {
    const optional = {
        FACEBOOK_APP_ID: "1234567890123456",
        TURNSTILE_SITE_KEY: "0x4AAAAAAAfew",
        EMAIL_ADAPTER: "resend",
    };
    const judge = async (changes) => {
        const vars = await filledIn({ ...optional, ...changes });
        await requireServable({ ...vars, ...standInsFor(await secretNames(), vars) });
    };
    await judge({});
    for (const name of ["REPLICATE_DESTINATION", "BYTESCALE_SIGNING_KEY_ID", "JWT_ACTIVE_KID"]) {
        await assert.rejects(judge({ [name]: "" }), /configuration: /, name);
    }
    await assert.rejects(judge({ SPEND_CAP_USD_PER_DAY: "five" }), /SPEND_CAP_USD_PER_DAY/);
});

test("only the secrets that a configuration needs are asked for", async () => {
    const sentences = await secretSentences();
    const missing = async (changes, rest = {}) => {
        const vars = await filledIn(changes);
        return missingSecrets(sentences, { vars, given: {}, known: [], ...rest });
    };
    const always = [
        "REPLICATE_API_TOKEN",
        "REPLICATE_WEBHOOK_SECRET",
        "BYTESCALE_SECRET_KEY",
        "BYTESCALE_SIGNING_KEY",
        "JWT_KEYS",
        "EMAIL_ID_KEY",
    ];
    assert.deepEqual(await missing({}), always);
    assert.ok((await missing({ EMAIL_ADAPTER: "resend" })).includes("RESEND_API_KEY"));
    assert.ok((await missing({ FACEBOOK_APP_ID: "1" })).includes("FACEBOOK_APP_SECRET"));
    assert.ok((await missing({ TURNSTILE_SITE_KEY: "1" })).includes("TURNSTILE_SECRET"));
    const rest = { given: { JWT_KEYS: "{}" }, known: ["EMAIL_ID_KEY"] };
    assert.deepEqual(await missing({}, rest), always.slice(0, 4));
});

test("a file of values holds secrets only, and the key of all accounts is put once", async () => {
    const folder = await mkdtemp(join(tmpdir(), "selfie-values-"));
    try {
        const file = join(folder, "values");
        const sentences = await secretSentences();
        await writeFile(file, 'JWT_KEYS="{}"\nPUSHOVER_USER=""\nEMAIL_ID_KEY="x"\n');
        const given = await readOperatorsFile(file, sentences);
        assert.deepEqual(given, { JWT_KEYS: "{}", EMAIL_ID_KEY: "x" });
        assert.deepEqual(uploaded(given, []), given);
        assert.deepEqual(uploaded(given, ["JWT_KEYS", "EMAIL_ID_KEY"]), { JWT_KEYS: "{}" });
        for (const strange of ["JWT_ACTIVE_KID", "JWT_KEY"]) {
            await writeFile(file, `${strange}="x"\n`);
            await assert.rejects(readOperatorsFile(file, sentences), new RegExp(strange));
        }
    } finally {
        await rm(folder, { recursive: true });
    }
});

test("a Worker that is not there has no secrets, and any other failure says nothing of them", async () => {
    const cloudflare = new Cloudflare(false);
    cloudflare.ask = async () => {
        throw Object.assign(new Error("status 1"), { said: 'X [ERROR] Worker "a" not found.' });
    };
    assert.deepEqual(await cloudflare.secretsOf("a"), []);
    await assert.rejects(cloudflare.secretsOf("b"), /status 1/);
    cloudflare.ask = async () => '[{"name": "JWT_KEYS", "type": "secret_text"}]';
    assert.deepEqual(await cloudflare.secretsOf("a"), ["JWT_KEYS"]);
});

test("the store is made private and looked at as a stranger would", async () => {
    const example = await exampleVariables();
    const standIns = await startStandIns({ appOrigin: "http://127.0.0.1:1" });
    const open = createServer((_, answer) => answer.end("private?")).listen(0, "127.0.0.1");
    try {
        const secretKey = example.BYTESCALE_SECRET_KEY;
        const store = {
            apiUrl: `${standIns.origin}/bytescale`,
            cdnUrl: `${standIns.origin}/bytescale-cdn`,
            secretKey,
        };
        const account = secretKey.slice("secret_".length).slice(0, 7);
        const put = await fetch(
            `${store.apiUrl}/v2/accounts/${account}/uploads/binary?filePath=/open/a.txt`,
            {
                method: "POST",
                body: "hello",
                headers: { authorization: `Bearer ${secretKey}`, "content-type": "text/plain" },
            },
        );
        assert.equal(put.status, 200);
        const stranger = async () => {
            const seen = await fetch(`${store.cdnUrl}/${account}/raw/open/a.txt`);
            await seen.body?.cancel();
            return seen.status;
        };
        assert.equal(await stranger(), 200, "files are public until somebody says otherwise");
        await makePrivate(store, "/open");
        assert.notEqual(await stranger(), 200);
        await makePrivate(store);
        const wrong = { ...store, secretKey: secretKey.replace("development", "anything") };
        await assert.rejects(makePrivate(wrong), /Bytescale: PUT \/u answers 401/);
        await assert.rejects(
            makePrivate({ ...store, cdnUrl: `http://127.0.0.1:${open.address().port}` }),
            /anybody can read/,
        );
    } finally {
        open.close();
        await standIns.stop();
    }
});
