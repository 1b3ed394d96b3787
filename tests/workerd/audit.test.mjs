// How `make audit` reads the answers of its tools: a finding is never taken for a server that was
// not reached, nor the other way round, and neither for a pass. The answers were recorded from
// cargo-deny, git, npm, cargo-machete and knip, and shortened; nothing here starts the product.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import {
    judgeDeny,
    judgeFetch,
    judgeKnip,
    judgeMachete,
    judgeNpm,
    passes,
    worse,
} from "../../tools/audit/judge.mjs";
import { refusedLicences } from "../../tools/audit/licences.mjs";
import { requireSbom, sbomOfPackages } from "../../tools/audit/sbom.mjs";
import { ROOT } from "../../tools/build.mjs";
import { notices } from "../../tools/notices.mjs";
import { shippedPackages } from "../../tools/shipped.mjs";

const recorded = JSON.parse(
    await readFile(join(ROOT, "tests/fixtures/audit/answers.json"), "utf8"),
);

/** An answer as the tool gave it: its report on stdout, or a line of JSON for each message. */
function answer(name) {
    const { code, output = "", errors = "" } = recorded[name];
    const text = (told) => (typeof told === "string" ? told : JSON.stringify(told));
    const lines = Array.isArray(errors) ? errors.map(text).join("\n") : errors;
    return { code, output: text(output), errors: lines, late: false };
}

const CHECKS = ["licenses", "bans", "sources"];
const verdictsOf = (name, checks) => judgeDeny(answer(name), checks).verdicts;

// RE-04
test("the checks of cargo-deny pass or fail one by one", () => {
    assert.deepEqual(judgeDeny(answer("the checks pass"), CHECKS), {
        verdicts: { licenses: "ok", bans: "ok", sources: "ok" },
        says: [],
    });
    const { verdicts, says } = judgeDeny(answer("a licence is refused"), CHECKS);
    assert.deepEqual(verdicts, { licenses: "failed", bans: "ok", sources: "ok" });
    assert.equal(says.length, 2);
    assert.match(says[0], /^matchit 0\.7\.3: rejected: /);
});

// RE-04
test("an advisory that applies is a finding, and a database that is not there is none", () => {
    assert.deepEqual(verdictsOf("no advisory applies", ["advisories"]), { advisories: "ok" });
    const found = judgeDeny(answer("an advisory applies"), ["advisories"]);
    assert.deepEqual(found.verdicts, { advisories: "failed" });
    assert.match(found.says[0], /^buf_redux 0\.8\.4: unmaintained: RUSTSEC-2023-0028: /);
    assert.throws(() => judgeDeny(answer("there is no database"), ["advisories"]), /status 1/);
});

test("whether crates were yanked is unknown without the index, and does not pass", () => {
    const { verdicts, says } = judgeDeny(answer("the index is not there"), ["advisories"]);
    assert.deepEqual(verdicts, { advisories: "unavailable" });
    assert.match(says[0], /yanked is unknown/);
});

test("cargo-deny is not believed when it ends otherwise than it says", () => {
    assert.throws(() => judgeDeny(answer("a configuration is wrong"), CHECKS), /domain name/);
    const passed = answer("the checks pass");
    assert.throws(() => judgeDeny({ ...passed, code: 4 }, CHECKS));
    assert.throws(() => judgeDeny({ ...passed, code: null }, CHECKS));
    assert.throws(() => judgeDeny({ ...passed, errors: "" }, CHECKS));
    assert.throws(() => judgeDeny({ ...answer("a licence is refused"), code: 0 }, CHECKS));
    // A check that was not made has not passed.
    assert.throws(() => judgeDeny(passed, [...CHECKS, "advisories"]));
});

test("only a server that git does not reach makes the advisory database unavailable", () => {
    for (const why of ["host unknown", "refused", "503", "403", "0"]) {
        const { verdict, says } = judgeFetch(answer(`fetch: ${why}`));
        assert.equal(verdict, "unavailable", why);
        assert.match(says[0], /was not reached: \S/, why);
    }
    // That it is elsewhere, wants a password, or cannot be written is for a person to mend.
    for (const why of ["404", "401", "no disk", "no git"]) {
        assert.throws(() => judgeFetch(answer(`fetch: ${why}`)), /could not be fetched/, why);
    }
    assert.equal(judgeFetch({ code: 0, errors: "" }).verdict, "ok");
    assert.equal(judgeFetch({ code: null, errors: "", late: true }).verdict, "unavailable");
    assert.throws(() => judgeFetch({ code: null, errors: "" }));
});

// RE-04
test("npm finds something, finds nothing, is not reached, or was asked nothing", () => {
    assert.deepEqual(judgeNpm(answer("npm: nothing is known")), { verdict: "ok", says: [] });
    const found = judgeNpm(answer("npm: an advisory applies"));
    assert.equal(found.verdict, "failed");
    assert.ok(found.says.some((line) => /^devalue: high: .+ https:\S+GHSA-/.test(line)));
    for (const why of ["405", "503", "refused", "host unknown"]) {
        assert.equal(judgeNpm(answer(`npm: ${why}`)).verdict, "unavailable", why);
    }
    assert.equal(judgeNpm({ code: null, output: "", late: true }).verdict, "unavailable");
    // It passes a project of which nothing ships without asking anybody.
    assert.throws(() => judgeNpm(answer("npm: nothing ships")), /no package/);
    assert.throws(() => judgeNpm(answer("npm: no lock file")), /ENOLOCK/);
    assert.throws(() => judgeNpm(answer("npm: 400")), /status 1/);
    assert.throws(() => judgeNpm({ code: 1, output: "", errors: "out of memory" }), /memory/);
    assert.throws(() => judgeNpm({ ...answer("npm: nothing is known"), code: 1 }));
    assert.throws(() => judgeNpm({ ...answer("npm: an advisory applies"), code: 0 }));
});

test("what is not used is named, and a tool that looked at nothing has not passed it", () => {
    assert.deepEqual(judgeMachete(answer("machete: clean")), []);
    assert.deepEqual(judgeMachete(answer("machete: unused")), [
        "hello -- ./Cargo.toml: wasm-bindgen is not used",
    ]);
    assert.throws(() => judgeMachete(answer("machete: unread")), /parse error/);
    assert.throws(() => judgeMachete({ code: 2, output: "", errors: "no such folder" }));
    assert.deepEqual(judgeKnip(answer("knip: clean")), []);
    assert.deepEqual(judgeKnip(answer("knip: unused")), [
        "tools/left.mjs: files: tools/left.mjs",
        "package.json: devDependencies: left-pad",
        "tools/bench/targets.mjs: exports: ROWS",
    ]);
    assert.throws(() => judgeKnip(answer("knip: a hint")), /more than it must/);
    assert.throws(() => judgeKnip(answer("knip: a wrong configuration")), /nonsense/);
});

test("a finding fails everywhere, and what was not reached fails where it must be looked at", () => {
    assert.ok(passes(["ok", "ok"], true));
    assert.ok(passes(["ok", "unavailable"], false));
    assert.ok(!passes(["ok", "unavailable"], true));
    assert.ok(!passes(["ok", "failed"], false));
    assert.ok(!passes(["ok", undefined], false));
    assert.equal(worse(undefined, "ok"), "ok");
    assert.equal(worse("unavailable", "ok"), "unavailable");
    assert.equal(worse("unavailable", "failed"), "failed");
    assert.equal(worse("failed", "ok"), "failed");
});

/** The one package with an exception, so that it is not stale. */
const LIBHEIF = { name: "libheif-js", version: "1", licenses: [{ license: { id: "LGPL-3.0" } }] };

test("a package ships under a licence of the list, or under its own exception", () => {
    const refused = (licenses) => refusedLicences([LIBHEIF, { name: "a", version: "1", licenses }]);
    assert.deepEqual(refused([{ license: { id: "MIT" } }]), []);
    assert.deepEqual(refused([{ expression: "GPL-3.0 OR MIT" }]), []);
    assert.deepEqual(refused([{ expression: "ISC AND MIT" }]), []);
    const not = [
        [{ expression: "GPL-3.0 AND MIT" }],
        [{ expression: "(GPL-3.0 OR MIT) AND ISC" }],
        [{ license: { name: "SEE LICENSE IN TERMS" } }],
        [{ license: { id: "MIT" } }, { license: { id: "GPL-3.0" } }],
        // The exception is another package's.
        [{ license: { id: "LGPL-3.0" } }],
        [],
        undefined,
    ];
    for (const licenses of not) assert.equal(refused(licenses).length, 1, JSON.stringify(licenses));
    assert.deepEqual(refusedLicences([]), ["libheif-js has an exception and does not ship"]);
});

/** A lock file with one package in two versions, a circle, and a tool that others want as a peer. */
const packages = () => ({
    "": { dependencies: { a: "1" }, devDependencies: { tool: "1" } },
    "node_modules/a": {
        version: "1.0.0",
        integrity: "sha512-AP8=",
        license: "MIT",
        dependencies: { "@x/b": "2", c: "1" },
        peerDependencies: { tool: "1" },
    },
    "node_modules/a/node_modules/@x/b": {
        version: "2.0.0",
        integrity: "sha512-AP8=",
        license: "(MIT OR ISC)",
        dependencies: { c: "1" },
    },
    "node_modules/@x/b": { version: "1.0.0", dev: true },
    "node_modules/c": { version: "1.0.0", integrity: "sha512-AP8=", dependencies: { a: "1" } },
    "node_modules/tool": { version: "1.0.0", dependencies: { a: "1" } },
});

test("what ships is what the dependencies need, from where each finds it", () => {
    const inner = "node_modules/a/node_modules/@x/b";
    assert.deepEqual(Object.fromEntries(shippedPackages({ packages: packages() })), {
        "": ["node_modules/a"],
        "node_modules/a": [inner, "node_modules/c"],
        [inner]: ["node_modules/c"],
        "node_modules/c": ["node_modules/a"],
    });
    const lacking = packages();
    delete lacking["node_modules/c"];
    assert.throws(() => shippedPackages({ packages: lacking }), /lacks c/);
});

test("the SBOM of the pages holds what ships, with its hash and licence, and nothing else", () => {
    const about = { name: "pages", version: "1.2.3" };
    const bom = sbomOfPackages({ packages: packages() }, about);
    requireSbom(bom, about);
    assert.deepEqual(
        bom.components.map(({ purl, licenses }) => [purl, licenses]),
        [
            ["pkg:npm/a@1.0.0", [{ license: { id: "MIT" } }]],
            ["pkg:npm/%40x/b@2.0.0", [{ expression: "(MIT OR ISC)" }]],
            ["pkg:npm/c@1.0.0", []],
        ],
    );
    assert.deepEqual(bom.components[0].hashes, [{ alg: "SHA-512", content: "00ff" }]);
    const known = new Set([bom.metadata.component, ...bom.components].map((one) => one["bom-ref"]));
    assert.equal(bom.dependencies.length, known.size);
    for (const { ref, dependsOn } of bom.dependencies) {
        for (const one of [ref, ...dependsOn]) assert.ok(known.has(one), one);
    }
});

// RE-04
test("what the pages are made of ships under licences that are allowed", async () => {
    const read = async (file) => JSON.parse(await readFile(join(ROOT, "frontend", file), "utf8"));
    const declared = await read("package.json");
    const bom = sbomOfPackages(await read("package-lock.json"), declared);
    const names = bom.components.map(({ name }) => name);
    for (const name of Object.keys(declared.dependencies)) assert.ok(names.includes(name), name);
    for (const tool of ["vite", "typescript", "eslint"]) assert.ok(!names.includes(tool), tool);
    assert.deepEqual(refusedLicences(bom.components), []);
});

test("an SBOM is about our version and says what is in it", () => {
    const about = { name: "selfie", version: "1.2.3" };
    const component = { name: "a", version: "1", purl: "pkg:cargo/a@1" };
    const bom = {
        bomFormat: "CycloneDX",
        metadata: { component: about },
        components: [component],
    };
    requireSbom(bom, about);
    assert.throws(() => requireSbom({ ...bom, bomFormat: "SPDX" }, about));
    assert.throws(() => requireSbom({ ...bom, components: [] }, about));
    assert.throws(() => requireSbom({ ...bom, components: undefined }, about));
    assert.throws(() => requireSbom({ ...bom, components: [{ name: "a" }] }, about));
    assert.throws(() => requireSbom(bom, { ...about, version: "1.2.4" }), /1\.2\.4/);
    assert.throws(() => requireSbom({ ...bom, metadata: undefined }, about));
});

test("the pages bring the licences of what they are made of, and are built with them", async () => {
    const text = await notices(join(ROOT, "frontend"));
    assert.match(text, /^svelte \d+\.\d+\.\d+$/m);
    assert.match(text, /^libheif-js /m);
    assert.match(text, /GNU LESSER GENERAL PUBLIC LICENSE/);
    assert.doesNotMatch(text, /^eslint /m);
    assert.equal(await readFile(join(ROOT, "frontend/build/licenses.txt"), "utf8"), text);
});
