// Programs that crates.io has the sources of: each is compiled once into .tools, by its exact
// version and with the lock file that it was published with.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { ROOT, run } from "./build.mjs";

const FOLDER = join(ROOT, ".tools");

/** Answers the path of a program, which is compiled first if this version of it is not there. */
export async function cargoTool(name, version) {
    const program = join(FOLDER, "bin", name);
    const list = execFileSync("cargo", ["install", "--list", "--root", FOLDER]).toString();
    if (existsSync(program) && list.split("\n").includes(`${name} v${version}:`)) return program;
    process.stderr.write(`setup: compiling ${name} ${version} (some minutes, once)\n`);
    const exactly = [name, "--version", version];
    await run("cargo", ["install", "--quiet", "--locked", "--force", "--root", FOLDER, ...exactly]);
    return program;
}
