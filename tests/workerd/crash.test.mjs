// A crash of the wasm in the middle of a request. The artefact is the real one but for its glue,
// which here lets the program run out of memory when a header says so; production has no such code.

import assert from "node:assert/strict";
import { test } from "node:test";

import { product, signedIn, somebody } from "./product.mjs";

const CRASH = "x-test-crash";

/** What is called early in a request, before it has waited for anything, and when it is answered. */
const PLACES = {
    early: /(__wbg_getRandomValues_\w+:function\([\w,]*\)\{)/,
    late: /(__wbg_parse_\w+:function\([\w,]*\)\{)/,
};

/** Makes that place cost a request with that header four gigabytes, which aborts. */
function crashing(glue) {
    const [, exports] = /(\w+)\.__wbindgen_malloc\b/.exec(glue) ?? [];
    assert.ok(exports, "the glue allocates");
    let patched = changed(
        glue,
        /(\.prototype\.fetch=function\((\w+)\)\{)/,
        (_, head, request) => `${head}globalThis.crashes=${request}.headers.get("${CRASH}");`,
    );
    for (const [name, place] of Object.entries(PLACES)) {
        patched = changed(
            patched,
            place,
            (_, head) =>
                `${head}if(globalThis.crashes==="${name}"){globalThis.crashes=null;${exports}.__wbindgen_malloc(4294967295,1)}`,
        );
    }
    return patched;
}

function changed(text, pattern, by) {
    const after = text.replace(pattern, by);
    // The whole of the glue would be shown otherwise.
    assert.ok(after !== text, `the glue has ${pattern}`);
    return after;
}

const instance = product({ glue: crashing });

// RO-01
test("a crash fails its own request and not the next", async () => {
    const person = await signedIn(instance);
    for (const place of ["early", "late", "early", "late"]) {
        const crashed = await somebody(instance).send("GET", "/api/health", {
            headers: { [CRASH]: place },
        });
        assert.equal(crashed.status, 500);
        await somebody(instance).send("GET", "/api/health", { expect: 200 });
        const { json } = await person.send("GET", "/api/account", { expect: 200 });
        assert.equal(json.id, person.user.id);
    }
});
