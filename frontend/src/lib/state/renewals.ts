// When a record may be fetched anew because one of its signed addresses did not answer. An address
// can also be broken for good, so a record is renewed at most once a minute.

const PAUSE_MS = 60_000;

export class Renewals {
  readonly #last: Record<string, number> = {};

  /** Whether the record is due; asking counts as renewing it. */
  due(id: string): boolean {
    const last = this.#last[id];
    if (last !== undefined && Date.now() - last < PAUSE_MS) return false;
    this.#last[id] = Date.now();
    return true;
  }
}
