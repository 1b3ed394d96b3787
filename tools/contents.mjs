// `make contents`: what the wasm of the Worker is made of, by the sizes of its functions and the
// names in the copy that keeps them; by the part of ours or the crate that each comes from.

import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { ROOT, builders } from "./build.mjs";

const [CUSTOM, IMPORT, CODE, DATA] = [0, 2, 10, 11];
const MOST = 20;

/** Reads numbers and texts as wasm writes them. */
class Reader {
    constructor(bytes, at = 0) {
        this.bytes = bytes;
        this.at = at;
    }

    byte() {
        return this.bytes[this.at++];
    }

    number() {
        for (let shift = 0, value = 0; ; shift += 7) {
            const byte = this.byte();
            value += (byte & 127) * 2 ** shift;
            if (byte < 128) return value;
        }
    }

    text() {
        const length = this.number();
        this.at += length;
        return Buffer.from(this.bytes.subarray(this.at - length, this.at)).toString();
    }
}

function* sections(bytes) {
    const reader = new Reader(bytes, 8);
    while (reader.at < bytes.length) {
        const id = reader.byte();
        const size = reader.number();
        yield { id, start: reader.at, end: reader.at + size };
        reader.at += size;
    }
}

function importedFunctions(reader) {
    let functions = 0;
    for (let left = reader.number(); left > 0; left -= 1) {
        reader.text();
        reader.text();
        const kind = reader.byte();
        if (kind === 0) {
            functions += 1;
            reader.number();
        } else if (kind === 3) {
            reader.at += 2;
        } else {
            // A table begins with the type of what it holds.
            if (kind === 1) reader.byte();
            const flags = reader.byte();
            reader.number();
            if (flags & 1) reader.number();
        }
    }
    return functions;
}

function read(bytes) {
    const found = { sizes: [], names: new Map(), imported: 0, data: 0 };
    for (const { id, start, end } of sections(bytes)) {
        const reader = new Reader(bytes, start);
        if (id === IMPORT) found.imported = importedFunctions(reader);
        if (id === DATA) found.data = end - start;
        if (id === CODE) {
            for (let left = reader.number(); left > 0; left -= 1) {
                const size = reader.number();
                found.sizes.push(size);
                reader.at += size;
            }
        }
        if (id !== CUSTOM || reader.text() !== "name") continue;
        while (reader.at < end) {
            const kind = reader.byte();
            const next = reader.number() + reader.at;
            for (let left = kind === 1 ? reader.number() : 0; left > 0; left -= 1) {
                const index = reader.number();
                found.names.set(index, reader.text());
            }
            reader.at = next;
        }
    }
    return found;
}

/** `selfie::api`, or the crate. */
function originOf(name) {
    const [, path = ""] = /^[<&(\s]*(?:mut |dyn )?([\w:]+(?:\[\w+\][\w:]*)?)/.exec(name) ?? [];
    const [crate, part] = path.replace(/\[\w+\]/, "").split("::");
    if (crate === "selfie" && part) return `selfie::${part}`;
    return crate || "without a name";
}

await builders.worker();
const { sizes, names, imported, data } = read(
    await readFile(join(ROOT, "build/named/index_bg.wasm")),
);
const all = sizes.map((size, index) => ({
    size,
    name: (names.get(index + imported) ?? "").replace(/::h[0-9a-f]{16}$/, ""),
}));
const code = sizes.reduce((sum, size) => sum + size, 0);
const origins = new Map();
for (const { size, name } of all) {
    const origin = originOf(name);
    origins.set(origin, (origins.get(origin) ?? 0) + size);
}
const show = (size, what) =>
    console.log(
        `${String(size).padStart(8)} ${((size / code) * 100).toFixed(1).padStart(5)} %  ${what}`,
    );
console.log(`${code} bytes of code in ${all.length} functions, ${data} bytes of data\n`);
for (const [origin, size] of [...origins].sort(([, a], [, b]) => b - a).slice(0, MOST)) {
    show(size, origin);
}
console.log("");
for (const { size, name } of all.sort((a, b) => b.size - a.size).slice(0, MOST)) show(size, name);
console.log(`\ncode_bytes=${code} data_bytes=${data} functions=${all.length}`);
