// Ends what this process started when this process ends, however it ends: normally, by an
// error, by Ctrl-C or by SIGTERM. Only what was registered here is touched, never a name.

import { constants } from "node:os";

const cleanups = new Set();

process.on("exit", () => {
    for (const cleanup of cleanups) cleanup();
});
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
}

/**
 * Runs `cleanup`, which must not wait for anything, at the end of the process.
 * @param {() => void} cleanup
 * @returns {() => void} takes it back
 */
export function atExit(cleanup) {
    cleanups.add(cleanup);
    return () => cleanups.delete(cleanup);
}
