// Why a line waits though nobody paused it, and when it goes on: by itself after a while that grows,
// as soon as the connection is back, or when somebody says so.

import type { Problem } from '../api/problem.ts';
import { goesOnAfterS } from './upload.ts';

export class Hold {
  /** What stopped the line; nothing while it moves. */
  problem = $state.raw<Problem | null>(null);

  readonly #goOn: () => void;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(goOn: () => void) {
    this.#goOn = goOn;
    window.addEventListener('online', this.end);
  }

  begin(problem: Problem): void {
    // Those that were sent beside the first stumble over the same.
    if (this.problem) return;
    this.problem = problem;
    const afterS = goesOnAfterS(problem, this.#tries);
    if (afterS === null || this.#closed) return;
    this.#tries += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.end, afterS * 1000);
  }

  end = (): void => {
    clearTimeout(this.#timer);
    this.problem = null;
    this.#goOn();
  };

  /** Something came through: the next wait is a short one again. */
  passed(): void {
    this.#tries = 0;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    window.removeEventListener('online', this.end);
  }
}
