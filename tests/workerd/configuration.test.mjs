// What is declared: the bindings, the development values on both sides, the lock files.
// Nothing here starts the product.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { parseEnv } from "node:util";

import { unstable_readConfig as readConfig } from "wrangler";

import { ROOT } from "../../tools/build.mjs";
import { CRON } from "../../tools/instance.mjs";
import { EXAMPLE, exampleVariables, rebased } from "../../tools/variables.mjs";

const config = readConfig({ config: join(ROOT, "wrangler.toml") });
const text = (path) => readFile(join(ROOT, path), "utf8");

test("every variable is a string, as the worker reads nothing else", () => {
    for (const [name, value] of Object.entries(config.vars)) {
        assert.equal(typeof value, "string", name);
    }
});

test("production values name no local address and no development value", async () => {
    const example = await exampleVariables();
    const secrets = (await text(".dev.vars.example"))
        .split("\n")
        .flatMap((line, index, lines) => (line.includes("(development)") ? [lines[index + 1]] : []))
        .map((line) => Object.keys(parseEnv(line))[0]);
    assert.ok(secrets.length > 10);
    for (const [name, value] of Object.entries(config.vars)) {
        assert.doesNotMatch(value, /127\.0\.0\.1|localhost|\.test\b/, name);
        if (secrets.includes(name)) assert.notEqual(value, example[name], name);
    }
});

test("every production variable has a development value and every secret stays out of it", async () => {
    const lines = (await text(".dev.vars.example")).split("\n");
    const secrets = lines.flatMap((line, index) =>
        line.startsWith("# Secret:") ? [Object.keys(parseEnv(lines[index + 1]))[0]] : [],
    );
    const names = Object.keys(await exampleVariables());
    const variables = names.filter((name) => !secrets.includes(name));
    assert.deepEqual(Object.keys(config.vars).sort(), variables.sort());
});

test("every development value is explained by a sentence above it", async () => {
    const lines = (await text(".dev.vars.example")).split("\n");
    lines.forEach((line, index) => {
        if (/^[A-Z]/.test(line))
            assert.match(lines[index - 1], /^# .+\.( \(development\))?$/, line);
    });
});

test("the stand-ins know the same development values", async () => {
    const example = await exampleVariables();
    const settings = await text("stand-ins/src/settings.rs");
    for (const name of [
        "REPLICATE_API_TOKEN",
        "REPLICATE_WEBHOOK_SECRET",
        "REPLICATE_DESTINATION",
        "BYTESCALE_SECRET_KEY",
        "BYTESCALE_SIGNING_KEY_ID",
        "BYTESCALE_SIGNING_KEY",
        "RESEND_API_KEY",
        "PUSHOVER_TOKEN",
        "PUSHOVER_USER",
        "FACEBOOK_APP_ID",
        "FACEBOOK_APP_SECRET",
    ]) {
        assert.ok(settings.includes(`"${example[name]}"`), name);
    }
});

test("the cron trigger that the tools fire is the declared one", () => {
    assert.deepEqual(config.triggers.crons, [CRON]);
});

test("each rate limit counts under an id of its own", () => {
    const ids = config.ratelimits.map(({ namespace_id: id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(config.ratelimits.map(({ name }) => name).sort(), [
        "RL_CONFIRM",
        "RL_LINK",
        "RL_READ",
        "RL_UPLOAD",
        "RL_WEBHOOK",
    ]);
});

test("moving to other ports changes whole origins and nothing else", () => {
    const moved = rebased(
        { A: EXAMPLE.app, B: `${EXAMPLE.standIns}/x`, C: `${EXAMPLE.standIns}0/x`, D: "600" },
        { app: "http://127.0.0.1:1", standIns: "http://127.0.0.1:2" },
    );
    assert.deepEqual(moved, {
        A: "http://127.0.0.1:1",
        B: "http://127.0.0.1:2/x",
        C: `${EXAMPLE.standIns}0/x`,
        D: "600",
    });
});

test("lock files name no registry", async () => {
    for (const path of ["package-lock.json", "frontend/package-lock.json"]) {
        assert.doesNotMatch(await text(path), /"resolved":/, path);
    }
});

/** The lines of one `[table]` of a TOML file. */
const table = (toml, name) =>
    toml
        .split(`[${name}]\n`)[1]
        .split(/\n\s*\[/)[0]
        .trim();

/** The version that a Cargo.lock settles on. */
const locked = (lock, name) => new RegExp(`name = "${name}"\nversion = "([^"]+)"`).exec(lock)?.[1];

test("the hello that sizes are compared with is built by the product's profile", async () => {
    const [product, hello] = [await text("Cargo.toml"), await text("bench/hello/Cargo.toml")];
    for (const name of ["profile.release", "package.metadata.wasm-pack.profile.release"]) {
        assert.equal(table(hello, name), table(product, name), name);
    }
});

test("the wasm-bindgen program is of the version that the code is compiled with", async () => {
    const setup = await text("tools/setup.sh");
    const [, program] = /^WASM_BINDGEN=(.+)$/m.exec(setup);
    for (const lock of ["Cargo.lock", "bench/hello/Cargo.lock"]) {
        assert.equal(locked(await text(lock), "wasm-bindgen"), program, lock);
    }
    const built = await text("tools/wasm-bindgen/Cargo.lock");
    assert.equal(locked(built, "wasm-bindgen-cli"), program);
});

test("worker-build is of the version of the worker crate", async () => {
    const [, program] = /^WORKER_BUILD=(.+)$/m.exec(await text("tools/setup.sh"));
    for (const lock of ["Cargo.lock", "bench/hello/Cargo.lock"]) {
        assert.equal(locked(await text(lock), "worker"), program, lock);
    }
});

test("every JavaScript package is pinned to one version", async () => {
    for (const path of ["package.json", "frontend/package.json"]) {
        const { dependencies = {}, devDependencies = {} } = JSON.parse(await text(path));
        for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
            assert.match(version, /^\d+\.\d+\.\d+$/, `${path}: ${name}`);
        }
    }
});
