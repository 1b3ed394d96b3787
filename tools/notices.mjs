// The licences of what the pages are made of, to be published with them: most ask that their text
// goes wherever the program goes.

import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

import { nameOf, shippedPackages } from "./shipped.mjs";

const RULE = "-".repeat(72);

/** What a package says about itself where it brings no text of its licence. */
function stated({ author, license, homepage }) {
    const by = typeof author === "string" ? author : author?.name;
    return [`Licence: ${license}`, by && `Author: ${by}`, homepage].filter(Boolean).join("\n");
}

/** All licences of what ships by the lock file in a folder, as one text. */
export async function notices(folder) {
    const read = async (...path) => readFile(join(folder, ...path), "utf8");
    const lock = JSON.parse(await read("package-lock.json"));
    const parts = [];
    for (const place of shippedPackages(lock).keys()) {
        if (place === "") continue;
        const about = JSON.parse(await read(place, "package.json"));
        const names = (await readdir(join(folder, place))).sort();
        const files = names.filter((name) => /^(licen[cs]e|copying|notice)/i.test(name));
        const texts = await Promise.all(files.map((name) => read(place, name)));
        const title = `${nameOf(place, about)} ${about.version}`;
        const body = texts.length > 0 ? texts.join("\n\n") : stated(about);
        parts.push(`${RULE}\n${title}\n${RULE}\n\n${body.trim()}\n`);
    }
    const head =
        "These pages are made with the packages below, under the licences of their authors.\n";
    return [head, ...parts.sort()].join("\n");
}
