// A small HTTP sender over plain sockets: as fast as the other side answers (closed loop), or at a
// given rate whatever the other side does (open loop), which is what tails are measured with.

import { connect } from "node:net";

const HEAD_END = Buffer.from("\r\n\r\n");

/** A kept connection that sends one request at a time. */
class Connection {
    constructor(port, bytes) {
        this.bytes = bytes;
        this.onAnswer = () => {};
        this.left = Buffer.alloc(0);
        this.socket = connect({ port, host: "127.0.0.1", noDelay: true });
        this.ready = new Promise((resolve, reject) => {
            this.socket.once("connect", resolve);
            this.socket.once("error", reject);
        });
        this.socket.on("data", (chunk) => this.#take(chunk));
        this.socket.on("close", () => {
            if (!this.ended) throw new Error(`port ${port}: the connection was closed`);
        });
    }

    send() {
        this.socket.write(this.bytes);
    }

    end() {
        this.ended = true;
        this.socket.destroy();
    }

    #take(chunk) {
        this.left = this.left.length === 0 ? chunk : Buffer.concat([this.left, chunk]);
        const end = this.left.indexOf(HEAD_END);
        if (end < 0) return;
        // Every arm answers with a length; one that did not would never be taken for done.
        const head = this.left.latin1Slice(0, end);
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
        if (this.left.length < end + HEAD_END.length + length || Number.isNaN(length)) return;
        this.left = this.left.subarray(end + HEAD_END.length + length);
        this.onAnswer(head);
    }
}

const request = (target) =>
    Buffer.from(
        [
            `GET ${target.path} HTTP/1.1`,
            `host: 127.0.0.1:${target.port}`,
            ...Object.entries(target.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
            "",
            "",
        ].join("\r\n"),
    );

async function connections(target, count) {
    const all = Array.from({ length: count }, () => new Connection(target.port, request(target)));
    await Promise.all(all.map((connection) => connection.ready));
    return all;
}

function check(head, target) {
    if (!head.startsWith(`HTTP/1.1 ${target.status} `)) {
        throw new Error(`${target.name}: ${head.split("\r\n")[0]} instead of ${target.status}`);
    }
}

/**
 * Sends for that long, each connection its next request as soon as it has its answer.
 * @param {{name: string, port: number, path: string, headers?: object, status: number}} target
 * @returns {Promise<{requests: number, ms: number}>}
 */
export async function closedLoop(target, ms, count = 8) {
    const all = await connections(target, count);
    const begun = performance.now();
    let requests = 0;
    await Promise.all(
        all.map(
            (connection) =>
                new Promise((resolve) => {
                    connection.onAnswer = (head) => {
                        check(head, target);
                        requests += 1;
                        if (performance.now() - begun < ms) connection.send();
                        else resolve();
                    };
                    connection.send();
                }),
        ),
    );
    const took = performance.now() - begun;
    for (const connection of all) connection.end();
    return { requests, ms: took };
}

/**
 * Sends at a rate for that long. A request that finds no free connection waits, and its waiting
 * counts: it would have been sent then.
 * @returns {Promise<number[]>} milliseconds from when each was due to its answer, sorted
 */
export async function openLoop(target, perSecond, ms, count = 32) {
    const free = await connections(target, count);
    const all = [...free];
    const waiting = [];
    const latencies = [];
    const total = Math.floor((perSecond * ms) / 1000);
    const begin = (connection, due) => {
        connection.onAnswer = (head) => {
            check(head, target);
            latencies.push(performance.now() - due);
            const next = waiting.shift();
            if (next === undefined) free.push(connection);
            else begin(connection, next);
        };
        connection.send();
    };
    const begun = performance.now();
    let sent = 0;
    await new Promise((resolve) => {
        const turn = () => {
            const due = Math.min(
                total,
                Math.floor(((performance.now() - begun) * perSecond) / 1000) + 1,
            );
            while (sent < due) {
                const moment = begun + (sent * 1000) / perSecond;
                const connection = free.pop();
                if (connection) begin(connection, moment);
                else waiting.push(moment);
                sent += 1;
            }
            if (latencies.length === total) resolve();
            else setImmediate(turn);
        };
        turn();
    });
    for (const connection of all) connection.end();
    return latencies.sort((a, b) => a - b);
}

/** The value that this part of a sorted list stays under. */
export const percentile = (sorted, part) =>
    sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)];
