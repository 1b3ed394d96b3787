// What is deployed, byte by byte: the Worker and the pages as the build left them. Nothing here
// starts the product.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { ROOT, buildPages } from "../../tools/build.mjs";
import { EXAMPLE } from "../../tools/variables.mjs";
import { developmentSecrets } from "./secrets.mjs";

/** The modules that wrangler uploads, and the pages. */
async function deployed() {
    const pages = join(ROOT, "frontend/build");
    const names = await readdir(pages, { recursive: true });
    const paths = [
        ...["index.js", "index_bg.wasm"].map((name) => join(ROOT, "build", name)),
        ...names.map((name) => join(pages, name)),
    ];
    const files = [];
    for (const path of paths) {
        if ((await stat(path)).isFile()) files.push({ path, text: await readFile(path, "latin1") });
    }
    assert.ok(files.length > 20);
    return files;
}

/** Where one of these texts stands in what is deployed. */
async function found(texts) {
    const places = (await deployed()).flatMap(({ path, text }) =>
        texts.filter((wanted) => text.includes(wanted)).map((wanted) => `${path}: ${wanted}`),
    );
    return places;
}

// RE-01
test("what is deployed holds no stand-in, committed key, source map or foreign file", async () => {
    const { host } = new URL(EXAMPLE.standIns);
    const standIns = [host, new URL(EXAMPLE.app).host, "__control", "stand-in", "dev.vars"];
    const maps = ["sourceMapping" + "URL=", "sourcesContent"];
    assert.deepEqual(await found([...standIns, ...maps, ...(await developmentSecrets())]), []);
    const foreign = /(^|\/)\.(env|git|dev)|\.map$|\.(rs|ts|svelte|toml|lock)$|node_modules/;
    const names = (await deployed()).map(({ path }) => path.slice(ROOT.length));
    assert.deepEqual(
        names.filter((name) => foreign.test(name)),
        [],
    );
});

// RE-03
test("the pages hold no key of a provider", async () => {
    const keys =
        /\br8_[A-Za-z0-9]{8}|\bwhsec_|\bsecret_[A-Za-z0-9]{8}|\bpublic_[A-Za-z0-9]{8}|\bre_[A-Za-z0-9]{8,}_|\bEAA[A-Za-z0-9]{20}|eyJhbGciOi|0x4AAAA|-----BEGIN/;
    const pages = (await deployed()).filter(({ path }) => !path.includes("/build/index"));
    for (const { path, text } of pages) assert.doesNotMatch(text, keys, path);
});

// RE-04
test("what is built is what the lock files say, byte by byte", async () => {
    // Fails when the lock file does not settle everything that is declared.
    execFileSync("cargo", ["metadata", "--locked", "--offline", "--format-version=1"], {
        cwd: ROOT,
        maxBuffer: 64 * 1024 * 1024,
    });
    for (const folder of [".", "frontend"]) {
        const read = async (name) => JSON.parse(await readFile(join(ROOT, folder, name), "utf8"));
        const declared = await read("package.json");
        const locked = (await read("package-lock.json")).packages;
        for (const kind of ["dependencies", "devDependencies"]) {
            assert.deepEqual(locked[""][kind], declared[kind], `${folder}: ${kind}`);
        }
        for (const [path, entry] of Object.entries(locked)) {
            if (path !== "" && !entry.link) assert.match(entry.integrity ?? "", /^sha512-/, path);
        }
    }
});

// RE-05: the pages, whose build takes seconds; `make reproduce` does the same for the Worker. Only
// the day may differ until which security.txt is good.
test("the same sources give the same pages", async () => {
    const first = join(ROOT, "frontend/build");
    const folder = await mkdtemp(join(tmpdir(), "selfie-pages-"));
    try {
        // The first may be of an earlier commit; it names that one in all that it was made of.
        const { version } = JSON.parse(await readFile(join(first, "_app/version.json"), "utf8"));
        await buildPages(folder, { SELFIE_REVISION: version });
        const list = async (of) =>
            (await readdir(of, { recursive: true }))
                .filter((name) => name !== ".built-from")
                .sort();
        assert.deepEqual(await list(folder), await list(first));
        for (const name of await list(folder)) {
            if (!(await stat(join(folder, name))).isFile()) continue;
            const [a, b] = await Promise.all(
                [first, folder].map((of) => readFile(join(of, name), "latin1")),
            );
            const dateless = (text) => text.replace(/^Expires: .*$/m, "");
            assert.ok(dateless(a) === dateless(b), name);
        }
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
});
