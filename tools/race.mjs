// Confirms one link fifty times at once on real workerd, a hundred times over, and counts the
// sessions that come of it. It needs a built Worker and keeps nothing.

import { randomUUID } from "node:crypto";

import { Client, tokenIn } from "./client.mjs";
import { startInstance } from "./instance.mjs";

const ROUNDS = Number(process.env.ROUNDS ?? 100);
const AT_ONCE = 50;

/** An address for each, so that no rate limit decides the race. */
const address = (round, racer) => `10.${64 + (round >> 8)}.${round & 255}.${racer + 1}`;

async function race(instance, round) {
    const email = `race-${round}-${randomUUID()}@example.com`;
    const person = new Client(instance, { address: address(round, AT_ONCE) });
    await person.askForLink(email);
    const token = tokenIn(await person.letterTo(email));
    const racers = Array.from({ length: AT_ONCE }, (_, index) => {
        const racer = new Client(instance, { address: address(round, index) });
        racer.cookies = new Map(person.cookies);
        return racer;
    });
    const answers = await Promise.all(
        racers.map((racer) => racer.send("POST", "/api/magic-link/confirm", { json: { token } })),
    );
    const refused = answers.filter(({ status }) => status === 400 || status === 409).length;
    const winners = racers.filter((_, index) => answers[index].status === 200);
    if (winners.length !== 1 || refused !== AT_ONCE - 1) {
        throw new Error(`round ${round}: ${answers.map(({ status }) => status)}`);
    }
    const { json } = await winners[0].send("GET", "/api/account", { expect: 200 });
    return json.sessions.length;
}

const instance = await startInstance({ trainingMs: 0, predictionMs: 0 });
let sessions = 0;
try {
    for (let round = 0; round < ROUNDS; round += 1) sessions += await race(instance, round);
    instance.assertNoPanic();
} finally {
    await instance.stop();
}
console.log(`rounds=${ROUNDS} confirmations=${ROUNDS * AT_ONCE} sessions=${sessions}`);
if (sessions !== ROUNDS) process.exitCode = 1;
