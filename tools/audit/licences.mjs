// Which licences a package of npm may have that ships with the pages; deny.toml says the same of
// the Worker's crates.

/** They ask for no more than to be named. */
const ALLOWED = new Set(["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"]);

/** What else one package may have, with the reason and the day of the exception. */
const EXCEPTIONS = {
    // 2026-11-28: it is served unchanged, as files of its own that anybody can put another build in
    // the place of, which is what the LGPL asks for: docs/decisions/0010-heic-by-libheif.md.
    "libheif-js": "LGPL-3.0",
};

/** Whether an SPDX expression lets us choose only what is allowed; brackets are not understood. */
function allows(expression, allowed) {
    const known = (licence) => ALLOWED.has(licence) || licence === allowed;
    return expression.split(" OR ").some((choice) => choice.split(" AND ").every(known));
}

/**
 * What is wrong with the licences of the components of a CycloneDX document: one that is missing or
 * not allowed, and an exception for what does not ship.
 */
export function refusedLicences(components) {
    const refused = components.flatMap(({ name, version, licenses = [] }) => {
        const stated = licenses.map(
            ({ expression, license }) => expression ?? license?.id ?? license?.name ?? "",
        );
        const fine = stated.length > 0 && stated.every((one) => allows(one, EXCEPTIONS[name]));
        return fine ? [] : [`${name} ${version}: ${stated.join(", ") || "no licence is stated"}`];
    });
    const names = new Set(components.map(({ name }) => name));
    const stale = Object.keys(EXCEPTIONS).filter((name) => !names.has(name));
    return [...refused, ...stale.map((name) => `${name} has an exception and does not ship`)];
}
