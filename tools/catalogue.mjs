// Prints the cases of tests/README.md that no test covers, and how many are covered. That the page
// says what the tests say is held by the tidy tests, which `make catalogue` runs first.

import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { ROOT } from "./build.mjs";

const page = await readFile(join(ROOT, "tests/README.md"), "utf8");
const cases = new Map();
for (const [, id, what, test] of page.matchAll(/^\| ([A-Z]{2}-\d\d) \| (.+?) \| (.+?) \|/gm)) {
    cases.set(id, { what, covered: test !== "—" });
}
const uncovered = [...cases].filter(([, { covered }]) => !covered);
for (const [id, { what }] of uncovered) console.log(`${id} ${what}`);
console.log(`covered=${cases.size - uncovered.length} total=${cases.size}`);
if (uncovered.length > 0 || cases.size === 0) process.exitCode = 1;
