// The example of docs/API.md, run as it stands there: curl, a bearer token, and nothing else.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

import { ROOT } from "../../tools/build.mjs";
import { product, signedIn } from "./product.mjs";

const instance = product();
const run = promisify(execFile);
const photos = ["01", "02", "03", "04"].map((number) =>
    join(ROOT, `tests/fixtures/photos/good-${number}.jpg`),
);

const example = (token, cwd) =>
    run(join(ROOT, "examples/client.sh"), ["an astronaut on the moon", ...photos], {
        cwd,
        env: {
            PATH: process.env.PATH,
            SELFIE_ORIGIN: instance.appOrigin,
            SELFIE_TOKEN: token,
            SELFIE_PAUSE_S: "0.2",
        },
    });

test("the example trains a model and saves a picture with curl", async () => {
    const person = await signedIn(instance);
    const folder = await mkdtemp(join(tmpdir(), "selfie-client-"));
    try {
        const { stdout } = await example(person.token, folder);
        const [model, prediction, file] = stdout.trim().split("\n");
        assert.match(model, /^\/api\/model\/\d{13} ready$/);
        assert.match(prediction, /^\/api\/prediction\/\S+ succeeded$/);
        const picture = await readFile(join(folder, file));
        assert.deepEqual([...picture.subarray(0, 3)], [0xff, 0xd8, 0xff]);
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
});

test("the example shows why it was refused, and stops", async () => {
    await assert.rejects(example("no token", tmpdir()), ({ code, stderr }) => {
        assert.notEqual(code, 0);
        assert.match(stderr, /401/);
        return true;
    });
});
