// One thing that lives on the server: not here yet, here, or refused. A refused reload keeps the
// value it already has.

import { problemOf, type Problem } from '../api/problem.ts';

export class Remote<T> {
  value = $state.raw<T | null>(null);
  problem = $state.raw<Problem | null>(null);
  loading = $state(true);

  readonly #load: () => Promise<T>;

  /** `first` is the call that the page's load function has already begun. */
  constructor(load: () => Promise<T>, first?: Promise<T>) {
    this.#load = load;
    void this.#settle(first ?? load());
  }

  reload = (): Promise<void> => this.#settle(this.#load());

  async #settle(call: Promise<T>): Promise<void> {
    this.loading = true;
    try {
      this.value = await call;
      this.problem = null;
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.loading = false;
    }
  }
}
