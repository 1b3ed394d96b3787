// What is measured, and how far it must come: a gate that fails the run, a good value, and one to
// dream of. A row of several figures is met when all of them are.

/** Each row: what it says, its parts, and for each part how to show it and its three limits. */
const ROWS = [
    ["T1", "CPU per GET /api/verify-token ÷ the Hono twin", [["", 1.25, 1.05, 0.75]]],
    ["T2", "CPU per 404 ÷ an empty Worker", [["", 2.2, 1.7, 1.45]]],
    ["T3", "CPU per GET /api/verify-token ÷ an empty Worker", [["", 6, 4, 2.2]]],
    [
        "T4",
        "KV reads and writes: poll, create, webhook",
        [
            ["poll_reads", 2, 1, 0],
            ["poll_writes", 0, 0, 0],
            ["create_reads", 3, 2, Infinity],
            ["create_writes", 2, 1, Infinity],
            ["webhook_reads", 2, 1, Infinity],
            ["webhook_writes", 2, 1, Infinity],
        ],
    ],
    [
        "T5",
        "p99 ÷ p50 at half of saturation; p99 ÷ an empty Worker's",
        [
            ["p99_p50", 10, 6, 4],
            ["p99_empty", 4, 2.5, 1.5],
        ],
    ],
    ["T6", "gzipped Worker ÷ a workers-rs hello", [["", 4, 2.5, 1.8]]],
    ["T7", "active ms at start-up ÷ a workers-rs hello", [["", 3, 1.5, 1.2]]],
    ["T8", "dollars per million pictures ÷ everything in KV", [["", 0.6, 0.4, 0.2]]],
    ["T11", "JavaScript of the landing page ÷ an empty SvelteKit page", [["", 3, 2, 1.3]]],
    [
        "T12",
        "minutes of the warm tests; share of mutants that is missed",
        [
            ["minutes", 6, 4, 2],
            ["missed", 0.2, 0.1, 0.05],
        ],
    ],
];

const LEVELS = ["gate", "good", "moonshot"];

/** The names of all figures of a row: `T1`, or `T4_poll_reads` and so on. */
const nameOf = (row, part) => (part === "" ? row : `${row}_${part}`);

/**
 * How far each row has come; a row without all of its figures is absent.
 * @param {Record<string, number>} figures
 * @returns {{id: string, what: string, values: string, limits: string[], reached: string}[]}
 */
export function judge(figures) {
    const present = ROWS.filter(([id, , parts]) =>
        parts.every(([part]) => Number.isFinite(figures[nameOf(id, part)])),
    );
    return present.map(([id, what, parts]) => {
        const limitsOf = (level) => parts.map((part) => part[level + 1]);
        const meets = (level) =>
            parts.every(([part], index) => {
                const value = Number(figures[nameOf(id, part)].toFixed(2));
                return value <= limitsOf(level)[index];
            });
        const reached = LEVELS.filter((_, level) => meets(level)).at(-1) ?? "none";
        const short = (value) => (Number.isInteger(value) ? String(value) : value.toFixed(2));
        return {
            id,
            what,
            values: parts.map(([part]) => short(figures[nameOf(id, part)])).join(" "),
            limits: LEVELS.map((_, level) =>
                limitsOf(level)
                    .map((limit) => (Number.isFinite(limit) ? limit : "–"))
                    .join(" "),
            ),
            reached,
        };
    });
}
