// Which packages of npm the pages are made of.

/** What a package of a lock file is called. */
export const nameOf = (folder, { name }) => name ?? folder.split("node_modules/").at(-1);

/** Where a package of a lock file finds another: beside it, or further up. */
function folderOf(packages, name, from) {
    for (let base = from; ; base = base.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, "")) {
        const folder = [base, "node_modules", name].filter(Boolean).join("/");
        if (packages[folder]) return folder;
        if (base === "") throw new Error(`the lock file lacks ${name}, which ${from} needs`);
    }
}

/**
 * The packages that the pages are made of, by their folders in a lock file, each with the folders of
 * those that it needs: `dependencies`, and theirs in turn. A peer that ships is a dependency of ours
 * too; the others are the tools that build the pages.
 */
export function shippedPackages({ packages }) {
    const found = new Map();
    const visit = (folder) => {
        const { dependencies, optionalDependencies } = packages[folder];
        const names = Object.keys({ ...dependencies, ...optionalDependencies });
        const needs = names.map((name) => folderOf(packages, name, folder));
        found.set(folder, needs);
        for (const needed of needs) if (!found.has(needed)) visit(needed);
    };
    visit("");
    return found;
}
