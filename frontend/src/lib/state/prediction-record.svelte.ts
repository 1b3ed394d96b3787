// One order of pictures: its record, watched until it is final, its favourite mark and its end.

import type { Api } from '../api/client.ts';
import { problemOf, type Problem } from '../api/problem.ts';
import type { Prediction } from '../api/wire.gen.ts';
import { Deed } from './deed.svelte.ts';
import { isBeingMade } from './gallery.svelte.ts';
import { Poller } from './poller.svelte.ts';
import { Renewals } from './renewals.ts';

export class PredictionRecord {
  prediction = $state.raw<Prediction | null>(null);
  loading = $state(true);
  problem = $state.raw<Problem | null>(null);

  readonly deed = new Deed();
  readonly poller: Poller;
  readonly #renewals = new Renewals();
  readonly #api: Api;
  readonly #id: string;

  constructor(api: Api, id: string, first: Promise<Prediction>) {
    this.#api = api;
    this.#id = id;
    this.poller = new Poller(async (signal) => {
      const before = this.prediction;
      const now = await api.prediction(id, signal);
      this.prediction = now;
      if (!isBeingMade(now)) return 'final';
      return before?.images.length === now.images.length ? 'same' : 'changed';
    });
    void this.#settle(first);
  }

  reload = (): Promise<void> => this.#settle(this.#api.prediction(this.#id));

  /** Fetches the record anew, because the addresses of its images expire. */
  async renew(): Promise<void> {
    if (this.#renewals.due(this.#id)) await this.reload();
  }

  setFavorite = (favorite: boolean): Promise<boolean> =>
    this.deed.run(async () => {
      this.prediction = await this.#api.setFavorite(this.#id, favorite);
    });

  stop(): void {
    this.poller.stop();
  }

  async #settle(call: Promise<Prediction>): Promise<void> {
    this.loading = true;
    this.problem = null;
    try {
      this.prediction = await call;
      if (isBeingMade(this.prediction)) this.poller.start();
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.loading = false;
    }
  }
}
