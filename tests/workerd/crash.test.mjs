// A crash of the wasm in the middle of a request. The artefact is the real one but for its glue,
// which here lets the program run out of memory when a header says so; production has no such code.

import assert from "node:assert/strict";
import { test } from "node:test";

import { product, signedIn, somebody } from "./product.mjs";

const CRASH = "x-test-crash";

/** Makes the next random bytes of a request with that header cost four gigabytes, which aborts. */
function crashing(glue) {
    const [, exports] = /(\w+)\.__wbindgen_malloc\b/.exec(glue) ?? [];
    assert.ok(exports, "the glue allocates");
    const marked = glue.replace(
        /(\.prototype\.fetch=async function\((\w+)\)\{)/,
        (_, head, request) => `${head}globalThis.crashes=${request}.headers.has("${CRASH}");`,
    );
    assert.notEqual(marked, glue);
    const patched = marked.replace(
        /(__wbg_getRandomValues_\w+:function\([\w,]*\)\{)/,
        (_, head) =>
            `${head}if(globalThis.crashes){globalThis.crashes=false;${exports}.__wbindgen_malloc(4294967295,1)}`,
    );
    assert.notEqual(patched, marked);
    return patched;
}

const instance = product({ glue: crashing });

// RO-01
test("a crash fails its own request and not the next", async () => {
    const person = await signedIn(instance);
    for (let round = 0; round < 3; round += 1) {
        const crashed = await somebody(instance).send("GET", "/api/health", {
            headers: { [CRASH]: "now" },
        });
        assert.equal(crashed.status, 500);
        await somebody(instance).send("GET", "/api/health", { expect: 200 });
        const { json } = await person.send("GET", "/api/account", { expect: 200 });
        assert.equal(json.id, person.user.id);
    }
});
