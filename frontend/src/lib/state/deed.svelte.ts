// One thing a person asks for by pressing: at most one at a time, so a double click is one request,
// and its refusal stays until the next try.

import { problemOf, type Problem } from '../api/problem.ts';

export class Deed {
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);

  /** Whether it was done; when not, `problem` says why, or another press is still being worked on. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problem = null;
    try {
      await work();
      return true;
    } catch (thrown) {
      this.problem = problemOf(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
