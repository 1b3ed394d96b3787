// Deleting pictures with a way back: they are out of sight at once, and gone when the time for
// undoing is over or the page is left. What is deleted meanwhile joins it, and all of it can be
// taken back together. What could not be deleted comes back with the reason.

import type { Api } from '../api/client.ts';
import { problemOf, type Problem } from '../api/problem.ts';
import type { Prediction } from '../api/wire.gen.ts';

const UNDO_MS = 8000;
const PARALLEL = 6;

export class Trash {
  /** What can still be taken back. */
  held = $state.raw<Prediction[]>([]);
  /** What is not to be seen: held or gone. */
  hidden = $state.raw<readonly string[]>([]);
  problem = $state.raw<Problem | null>(null);

  readonly #api: Api;
  /** What is deleted for good and waits for its turn. */
  readonly #waiting: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(api: Api) {
    this.#api = api;
  }

  /** How many pictures can still be taken back. */
  get count(): number {
    return this.held.reduce((sum, one) => sum + Math.max(1, one.images.length), 0);
  }

  put(predictions: Prediction[]): void {
    const fresh = predictions.filter((one) => !this.hidden.includes(one.id));
    if (fresh.length === 0) return;
    this.problem = null;
    this.held = [...this.held, ...fresh];
    this.hidden = [...this.hidden, ...fresh.map((one) => one.id)];
    this.wait();
  }

  undo(): void {
    this.pause();
    this.#show(this.held.map((one) => one.id));
    this.held = [];
  }

  /** Nobody should have to hurry whose pointer or focus is on the way back. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  wait(): void {
    this.pause();
    if (this.held.length > 0) this.#timer = setTimeout(() => void this.empty(), UNDO_MS);
  }

  /** Deletes for good what is held. */
  async empty(): Promise<void> {
    this.#release();
    const waiting = this.#waiting;
    const work = async () => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await this.#delete(id);
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
  }

  /** Nothing here may run again: a turn that is waited for now may never come. */
  leave(): void {
    this.#release();
    for (const id of this.#waiting.splice(0)) void this.#delete(id);
  }

  #release(): void {
    this.pause();
    this.#waiting.push(...this.held.map((one) => one.id));
    this.held = [];
  }

  async #delete(id: string): Promise<void> {
    try {
      await this.#api.deletePrediction(id);
    } catch (thrown) {
      const problem = problemOf(thrown);
      if (problem.slug === 'not-found') return;
      this.problem = problem;
      this.#show([id]);
    }
  }

  #show(ids: string[]): void {
    this.hidden = this.hidden.filter((id) => !ids.includes(id));
  }
}
