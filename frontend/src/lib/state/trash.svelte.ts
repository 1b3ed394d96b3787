// Deleting pictures with a way back: they are out of sight at once, and gone when the time for
// undoing is over or the page is left. What could not be deleted comes back with the reason.

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
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(api: Api) {
    this.#api = api;
  }

  /** How many pictures can still be taken back. */
  get count(): number {
    return this.held.reduce((sum, one) => sum + Math.max(1, one.images.length), 0);
  }

  put(predictions: Prediction[]): void {
    void this.empty();
    this.problem = null;
    this.held = predictions;
    this.hidden = [...this.hidden, ...predictions.map((one) => one.id)];
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
    this.pause();
    const waiting = this.held.map((one) => one.id);
    this.held = [];
    const work = async () => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await this.#delete(id);
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
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
