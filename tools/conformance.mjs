// `make conformance`: holds the built Worker on workerd, with the stand-ins behind it, against its
// OpenAPI document by schemathesis, with every check that it has. What the tool cannot make up is
// in tests/conformance. The last line says how many cases there were; fewer than the least, or one
// failure, is an error.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ROOT, builders } from "./build.mjs";
import { Client, samplePhotos } from "./client.mjs";
import { startInstance } from "./instance.mjs";
import { atExit } from "./lifeline.mjs";
import { exampleVariables } from "./variables.mjs";

const LEAST_CASES = 2000;
const FOLDER = join(ROOT, "tests/conformance");
/** Generated requests are many more than a person makes in a day. */
const VARS = {
    QUOTA_TRAININGS_PER_DAY: "100000",
    QUOTA_RUNNING_TRAININGS: "1000",
    QUOTA_PREDICTIONS_PER_DAY: "1000000",
    SPEND_CAP_USD_PER_DAY: "1000000",
};

let clients = 0;
const client = (instance) => {
    clients += 1;
    return new Client(instance, { address: `10.1.${clients >> 8}.${clients & 255}` });
};

/** Somebody with a trained model and images, so that there is something to find. */
async function owner(instance) {
    const person = client(instance);
    await person.signIn("conformance@example.com");
    await person.consent();
    const { id: model } = await person.createModel("Conformance");
    await person.createModel("Another");
    for (const photo of await samplePhotos(4)) await person.upload(model, photo);
    await person.train(model);
    await person.whenFinished(`/api/model/${model}`, { withinMs: 30_000 });
    for (const prompt of ["on the moon", "in the rain"]) {
        const { id } = await person.create({ model, prompt, format: "jpg" });
        await person.whenFinished(`/api/prediction/${id}`, { withinMs: 30_000 });
    }
    return person;
}

/** Lets people in: a server of this program that gives tokens to the tool, and to nobody else. */
async function startDoorman(instance, person) {
    const server = createServer((request, response) => {
        const token = async () => {
            if (request.url === "/kept") return person.token;
            const fresh = client(instance);
            await fresh.signInWithFacebook("bo");
            return fresh.token;
        };
        token().then(
            (text) => response.end(text),
            (error) => {
                console.error(error);
                response.writeHead(500).end();
            },
        );
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { origin: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

/** Runs the tool to its end; what it finds is shown. */
function schemathesis(args, folder, env) {
    return new Promise((resolve, reject) => {
        const child = spawn(join(ROOT, ".tools/python/bin/schemathesis"), args, {
            cwd: folder,
            env: { ...process.env, ...env },
            stdio: ["ignore", "inherit", "inherit"],
        });
        const settled = atExit(() => child.kill("SIGTERM"));
        child.on("error", reject);
        child.on("close", (code) => {
            settled();
            resolve(code);
        });
    });
}

await builders["stand-ins"]();
await builders.worker();
await builders.frontend();
const started = performance.now();
const instance = await startInstance({ vars: VARS, trainingMs: 0, predictionMs: 0 });
const reports = await mkdtemp(join(tmpdir(), "selfie-conformance-"));
try {
    const person = await owner(instance);
    const page = await person.send("GET", "/api/model?limit=1", { expect: 200 });
    const doorman = await startDoorman(instance, person);
    const { FACEBOOK_APP_SECRET } = await exampleVariables();
    const report = join(reports, "report.json");
    const code = await schemathesis(
        [
            `--config-file=${join(FOLDER, "schemathesis.toml")}`,
            "run",
            `${instance.appOrigin}/api/openapi.json`,
            "--checks=all",
            "--report=json",
            `--report-json-path=${report}`,
            ...process.argv.slice(2),
        ],
        // What it keeps for a next run would make that another one.
        reports,
        {
            PYTHONPATH: FOLDER,
            PYTHONDONTWRITEBYTECODE: "1",
            SCHEMATHESIS_HOOKS: "hooks",
            CONFORMANCE_DOORMAN: doorman.origin,
            CONFORMANCE_FACEBOOK_SECRET: FACEBOOK_APP_SECRET,
            CONFORMANCE_CURSOR: page.json.next_cursor,
        },
    );
    doorman.stop();
    instance.assertNoPanic();
    const { operations, test_cases: cases, ...told } = JSON.parse(await readFile(report, "utf8"));
    const failures = cases.unique_failures + cases.errored + told.errors.length;
    const faults = [
        [code !== 0, `schemathesis ended with ${code}`],
        [failures > 0, `${failures} failures`],
        [!told.complete, "the run is not complete"],
        [operations.tested !== operations.total, "an operation was not tested"],
        [cases.generated < LEAST_CASES, `fewer than ${LEAST_CASES} cases`],
    ].filter(([holds]) => holds);
    for (const [, fault] of faults) console.error(`conformance: ${fault}`);
    if (faults.length > 0) process.exitCode = 1;
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(
        `operations=${operations.tested} cases=${cases.generated} failures=${failures}` +
            ` refused_by_state=${told.filtered} seconds=${seconds}`,
    );
} finally {
    await rm(reports, { recursive: true, force: true });
    await instance.stop();
}
