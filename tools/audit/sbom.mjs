// What the product is made of, as CycloneDX documents: the crates of the Worker, with those that
// write its code while it is compiled, and the packages of the pages. What only tests them is in
// neither.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { ROOT, run } from "../build.mjs";
import { nameOf, shippedPackages } from "../shipped.mjs";

/** Where both are written; git ignores it. */
const FOLDER = join(ROOT, "target/sbom");

/** Throws unless this is a document about that version of our product, with something in it. */
export function requireSbom(bom, { name, version }) {
    const { bomFormat, metadata, components = [] } = bom;
    if (bomFormat !== "CycloneDX") throw new Error(`${name}: this is no CycloneDX document`);
    const about = metadata?.component;
    if (about?.name !== name || about.version !== version) {
        throw new Error(`${name} ${version}: it is about ${about?.name} ${about?.version}`);
    }
    if (components.length === 0) throw new Error(`${name}: nothing is in it`);
    for (const one of components) {
        if (!one.name || !one.version || !one.purl) {
            throw new Error(`${name}: a component without a name, a version or an address`);
        }
    }
}

async function write(file, bom, about) {
    requireSbom(bom, about);
    await mkdir(FOLDER, { recursive: true });
    await writeFile(join(FOLDER, file), `${JSON.stringify(bom, null, 2)}\n`);
    return bom.components;
}

/** The crates of the Worker. */
export async function ofTheWorker(cyclonedx, version) {
    const target = ["--target", "wasm32-unknown-unknown"];
    const form = ["--format", "json", "--spec-version", "1.5", "--quiet"];
    await run(cyclonedx, ["cyclonedx", ...form, ...target]);
    // It writes beside the manifest of every crate of the workspace, and nowhere else.
    const made = join(ROOT, "selfie.cdx.json");
    const text = await readFile(made, "utf8");
    await rm(made);
    await rm(join(ROOT, "stand-ins/stand-ins.cdx.json"));
    // What is given to others names no folder of this machine.
    const bom = JSON.parse(text.replaceAll(`file://${ROOT}`, "file://."));
    return write("worker.cdx.json", bom, { name: "selfie", version });
}

const reference = (name, version) => `pkg:npm/${name.replace("@", "%40")}@${version}`;

/**
 * The CycloneDX document of what ships by a lock file. npm's own leaves out whatever our tools need
 * as well, such as Svelte itself, and older npm writes none.
 */
export function sbomOfPackages(lock, { name, version }) {
    const shipped = shippedPackages(lock);
    const about = { name, version, purl: reference(name, version) };
    const component = (folder) => {
        if (folder === "") return { "bom-ref": about.purl, type: "application", ...about };
        const entry = lock.packages[folder];
        const its = { name: nameOf(folder, entry), version: entry.version };
        const purl = reference(its.name, its.version);
        const [, hash] = /^sha512-(.+)$/.exec(entry.integrity);
        const content = Buffer.from(hash, "base64").toString("hex");
        const { license } = entry;
        const stated = /[ ()]/.test(license)
            ? { expression: license }
            : { license: { id: license } };
        return {
            "bom-ref": purl,
            type: "library",
            ...its,
            purl,
            hashes: [{ alg: "SHA-512", content }],
            licenses: license ? [stated] : [],
        };
    };
    // One that stands in two folders is one component.
    const byReference = new Map();
    for (const [folder, needs] of shipped) {
        const one = component(folder);
        const known = byReference.get(one["bom-ref"])?.dependsOn ?? [];
        const dependsOn = needs.map((needed) => component(needed)["bom-ref"]);
        byReference.set(one["bom-ref"], { one, dependsOn: [...new Set([...known, ...dependsOn])] });
    }
    const [{ one: ours }, ...others] = byReference.values();
    return {
        bomFormat: "CycloneDX",
        specVersion: "1.5",
        version: 1,
        metadata: { timestamp: new Date().toISOString(), component: ours },
        components: others.map(({ one }) => one),
        dependencies: [...byReference].map(([ref, { dependsOn }]) => ({ ref, dependsOn })),
    };
}

/** The packages that ship with the pages. */
export async function ofThePages(version) {
    const read = async (file) => JSON.parse(await readFile(join(ROOT, "frontend", file), "utf8"));
    const about = { name: (await read("package.json")).name, version };
    return write(
        "frontend.cdx.json",
        sbomOfPackages(await read("package-lock.json"), about),
        about,
    );
}
