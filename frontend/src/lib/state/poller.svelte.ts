// Asks again and again for something that changes by itself: soon at first, then ever more rarely,
// never in a hidden tab. A failed question is asked again too, and does not hide what is known; one
// that was refused for good ends the asking.

import { problemOf, type Problem } from '../api/problem.ts';

const DELAYS_S = [2, 3, 5, 8, 13, 20, 30] as const;
const MAX_DELAY_S = 30;
/** Asking again is answered alike, until the person does something about it. */
const FINAL = [401, 403, 404];

/** One question. It resolves to `changed` when the answer was news, `final` when nothing more comes. */
export type Ask = (signal: AbortSignal) => Promise<'same' | 'changed' | 'final'>;

export class Poller {
  /** Why the last question failed, until one succeeds. */
  problem = $state<Problem | null>(null);
  /** When the server last answered, in milliseconds since the epoch. */
  answeredAt = $state<number | null>(null);

  readonly #ask: Ask;
  #running = false;
  #step = 0;
  /** The server wants no question before this, in milliseconds since the epoch. */
  #notBefore = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort: AbortController | undefined;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Nobody answered, or nobody who could: it goes on by itself. */
  get lost(): boolean {
    return this.problem !== null && isLoss(this.problem);
  }

  /** What was said instead of an answer, where somebody said something. */
  get refusal(): Problem | null {
    return this.problem !== null && !isLoss(this.problem) ? this.problem : null;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#step = 0;
    this.#notBefore = 0;
    this.problem = null;
    document.addEventListener('visibilitychange', this.#seen);
    this.#next();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
    this.#abort?.abort();
    document.removeEventListener('visibilitychange', this.#seen);
  }

  readonly #seen = () => {
    clearTimeout(this.#timer);
    this.#schedule(0);
  };

  #schedule(delayMs: number): void {
    if (!this.#running || document.visibilityState === 'hidden') return;
    const waitMs = Math.max(delayMs, this.#notBefore - Date.now());
    this.#timer = setTimeout(() => void this.#poll(), waitMs);
  }

  #next(): void {
    const delay = DELAYS_S[this.#step] ?? MAX_DELAY_S;
    this.#step += 1;
    this.#schedule(delay * 1000);
  }

  async #poll(): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const news = await this.#ask(abort.signal);
      if (abort.signal.aborted) return;
      this.problem = null;
      this.answeredAt = Date.now();
      if (news === 'final') return this.stop();
      if (news === 'changed') this.#step = 0;
    } catch (thrown) {
      if (abort.signal.aborted) return;
      this.problem = problemOf(thrown);
      if (FINAL.includes(this.problem.status)) return this.stop();
      this.#notBefore = Date.now() + (this.problem.retry_after_s ?? 0) * 1000;
    }
    this.#next();
  }
}

function isLoss({ slug, status }: Problem): boolean {
  return slug === 'offline' || status >= 500;
}
