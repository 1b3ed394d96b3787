// Where the browser of the tests is. The shell without windows starts and draws in half the time;
// the whole Chromium serves where a distribution has no other.

import { existsSync } from "node:fs";

const PLACES = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

export const CHROMIUM = process.env.CHROMIUM ?? PLACES.find(existsSync) ?? PLACES[0];
