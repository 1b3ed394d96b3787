// What the answers of the tools mean: `ok`, `failed` for a finding, or `unavailable` when nobody
// could be asked. An answer that is none of these throws, so that nothing passes unseen.

/** Why git could not reach a server, as curl says it; a wrong certificate is none of these. */
const UNREACHED_BY_GIT = [
    /^Could not resolve (host|proxy)/,
    /^Failed to connect to /,
    /^(Connection|Operation|SSL connection|Resolving) timed out/,
    /^Connection timeout/,
    /^Connection (refused|reset)/,
    /^(Recv|Send) failure: /,
    /^Empty reply from server/,
    /^Proxy CONNECT aborted/,
    /^CONNECT tunnel failed/,
    /^Received HTTP code \d+ from proxy/,
    /^The requested URL returned error: (403|407|408|429|5\d\d)$/,
];

/** How npm names the same. */
const UNREACHED_BY_NPM =
    /^request to \S+ failed, reason: .*(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|socket hang up)|^network timeout at: /;
/** Of a registry that answers packages and no advisories, or not now. */
const NOT_SERVED = new Set([403, 404, 405, 407, 408, 429, 500, 501, 502, 503, 504]);
const ADVISORIES = /\/-\/npm\/v1\/security\/(advisories\/bulk|audits\/quick)$/;

/** The bits of cargo-deny's exit status, by its name of each check. */
const BITS = { advisories: 1, bans: 2, licenses: 4, sources: 8 };

/** Of two looks at one thing, the worse verdict. */
export function worse(one, other) {
    const order = ["ok", "unavailable", "failed"];
    return order[Math.max(order.indexOf(one), order.indexOf(other))];
}

/** Whether all of these pass; what could not be looked at passes only where that is allowed. */
export function passes(verdicts, strict) {
    return verdicts.every((one) => one === "ok" || (one === "unavailable" && !strict));
}

const unavailable = (reason) => ({ verdict: "unavailable", says: [reason] });

/** The lines of JSON that cargo-deny writes on stderr, where cargo tells of its downloads too. */
function messages(errors) {
    const lines = errors.split("\n").filter((line) => line.startsWith("{"));
    return lines.map((line) => JSON.parse(line));
}

/** The answer of `cargo deny fetch db`: `ok` means that the database is there, and as of now. */
export function judgeFetch({ code, errors, late }) {
    if (late) return unavailable("git did not fetch the advisory database within the deadline");
    if (code === 0) return { verdict: "ok", says: [] };
    const said = messages(errors)
        .map(({ fields }) => fields.message)
        .join("\n");
    const [, reason] = /^fatal: unable to access '[^']+': (.+)$/m.exec(said) ?? [];
    if (UNREACHED_BY_GIT.some((pattern) => pattern.test(reason))) {
        return unavailable(`the advisory database of RustSec was not reached: ${reason}`);
    }
    throw new Error(`the advisory database could not be fetched:\n${said}`);
}

/** The answer of `cargo deny check` to these checks, each with a verdict of its own. */
export function judgeDeny({ code, errors }, checks) {
    const all = messages(errors);
    const summary = all.find(({ type }) => type === "summary")?.fields;
    const failed = checks.filter((check) => summary?.[check]?.errors > 0);
    const expected = failed.reduce((bits, check) => bits | BITS[check], 0);
    if (!checks.every((check) => summary?.[check]) || code !== expected) {
        throw new Error(`cargo-deny ended with status ${code}:\n${errors}`);
    }
    const verdicts = checks.map((check) => [check, failed.includes(check) ? "failed" : "ok"]);
    const said = all.filter(({ type }) => type === "diagnostic").map(({ fields }) => fields);
    const lines = said.filter(({ severity }) => severity === "error").map(describe);
    // Whether a version was taken back stands in the registry's index.
    const unseen = said.filter((fields) => fields.code === "index-failure");
    if (unseen.length > 0 && !failed.includes("advisories")) {
        lines.push(`whether ${unseen.length} crates were yanked is unknown: ${unseen[0].notes}`);
        verdicts.push(["advisories", "unavailable"]);
    }
    return { verdicts: Object.fromEntries(verdicts), says: lines };
}

function describe({ code, message, advisory, labels, graphs }) {
    const { name, version } = graphs?.[0]?.Krate ?? {};
    const where = name ? `${name} ${version}` : labels?.[0]?.span;
    return `${[where, code, advisory?.id].filter(Boolean).join(": ")}: ${message}`;
}

/** The answer of `npm audit --json` about packages that are there to be judged. */
export function judgeNpm({ code, output, errors, late }) {
    if (late) return unavailable("npm did not answer within the deadline");
    if (!output.startsWith("{")) throw new Error(`npm audit ended with status ${code}:\n${errors}`);
    const report = JSON.parse(output);
    if (report.auditReportVersion === 2) return judgeReport(code, report);
    const { message = "", statusCode, uri } = report;
    const notServed = NOT_SERVED.has(statusCode) && ADVISORIES.test(uri);
    if (notServed || (statusCode === undefined && UNREACHED_BY_NPM.test(message))) {
        return unavailable(`the registry's advisories were not reached: ${message}`);
    }
    throw new Error(`npm audit ended with status ${code}:\n${output}`);
}

function judgeReport(code, { vulnerabilities, metadata }) {
    const found = Object.values(vulnerabilities);
    // The package itself is counted among those that ship.
    if (metadata.dependencies.prod <= 1) throw new Error("npm audit was shown no package");
    if (metadata.vulnerabilities.total !== found.length || (code === 0) !== (found.length === 0)) {
        throw new Error(`npm audit ended with status ${code} and ${found.length} findings`);
    }
    const says = found.flatMap(({ name, severity, via }) =>
        via.map((cause) => {
            const what = cause.title ? `${cause.title} ${cause.url}` : `by way of ${cause}`;
            return `${name}: ${severity}: ${what}`;
        }),
    );
    return { verdict: found.length > 0 ? "failed" : "ok", says };
}

/** The answer of cargo-machete: what it names, each a line. */
export function judgeMachete({ code, output, errors }) {
    const names = [];
    let crate = "";
    for (const line of output.split("\n")) {
        if (/^\S+ -- \S+:$/.test(line)) crate = line.slice(0, -1);
        else if (/^\t\S+$/.test(line)) names.push(`${crate}: ${line.trim()} is not used`);
    }
    const unread = errors.includes("error when handling");
    if (unread || code !== (names.length > 0 ? 1 : 0)) {
        throw new Error(`cargo-machete ended with status ${code}:\n${output}${errors}`);
    }
    return names;
}

/** The answer of knip with `--reporter json`: what it names, each a line. */
export function judgeKnip({ code, output, errors }) {
    if (code !== 0 && code !== 1) throw new Error(`knip ended with status ${code}:\n${errors}`);
    const { issues } = JSON.parse(output);
    const lines = issues.flatMap(({ file, ...kinds }) =>
        Object.entries(kinds).flatMap(([kind, found]) =>
            found.map((one) => `${file}: ${kind}: ${one.name ?? JSON.stringify(one)}`),
        ),
    );
    // Its hints about its own configuration are errors too, and stand in no report.
    if (code === 1 && lines.length === 0) {
        throw new Error(`knip.config.js says more than it must; knip without arguments names it`);
    }
    if (code === 0 && lines.length > 0) throw new Error(`knip passes what it names:\n${output}`);
    return lines;
}
