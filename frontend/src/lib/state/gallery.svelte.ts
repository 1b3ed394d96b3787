// The pictures of a person or of one model, newest first, and the orders for new ones. Pictures
// that are being made are asked after until each is final.

import type { Api, PredictionFilter } from '../api/client.ts';
import { problemOf, type Problem } from '../api/problem.ts';
import type { CreateRequest, Prediction, PredictionList } from '../api/wire.gen.ts';
import { Deed } from './deed.svelte.ts';
import { Poller } from './poller.svelte.ts';
import { Renewals } from './renewals.ts';

export function isBeingMade(prediction: Prediction): boolean {
  return prediction.state === 'queued' || prediction.state === 'running';
}

export class Gallery {
  list = $state.raw<Prediction[]>([]);
  loading = $state(true);
  loadingMore = $state(false);
  problem = $state.raw<Problem | null>(null);
  cursor = $state<string | null>(null);
  favoritesOnly = $state(false);

  readonly order = new Deed();
  readonly poller: Poller;
  readonly #renewals = new Renewals();
  readonly #api: Api;
  readonly #model: string | undefined;

  constructor(api: Api, model: string | undefined, first: Promise<PredictionList>) {
    this.#api = api;
    this.#model = model;
    this.poller = new Poller(async (signal) => {
      const open = this.list.filter(isBeingMade);
      const fresh = await Promise.all(open.map((one) => api.prediction(one.id, signal)));
      const changed = fresh.filter((one, index) => {
        const before = open[index];
        return one.state !== before?.state || one.images.length !== before.images.length;
      });
      for (const one of changed) this.#put(one);
      if (!this.list.some(isBeingMade)) return 'final';
      return changed.length > 0 ? 'changed' : 'same';
    });
    void this.#settle(first);
  }

  reload = (): Promise<void> => this.#settle(this.#page());

  show(favoritesOnly: boolean): void {
    if (this.favoritesOnly === favoritesOnly) return;
    this.favoritesOnly = favoritesOnly;
    void this.reload();
  }

  async more(): Promise<void> {
    if (!this.cursor || this.loadingMore) return;
    this.loadingMore = true;
    try {
      this.#add(await this.#page(this.cursor));
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.loadingMore = false;
    }
  }

  create = (request: CreateRequest): Promise<boolean> =>
    this.order.run(async () => {
      const made = await this.#api.create(request);
      if (this.favoritesOnly) {
        this.favoritesOnly = false;
        await this.reload();
      }
      this.list = [made, ...this.list.filter((one) => one.id !== made.id)];
      this.poller.stop();
      this.poller.start();
    });

  /** Fetches one record anew, because the addresses of its images expire. */
  async refresh(id: string): Promise<void> {
    if (!this.#renewals.due(id)) return;
    try {
      this.#put(await this.#api.prediction(id));
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  stop(): void {
    this.poller.stop();
  }

  #page(cursor?: string): Promise<PredictionList> {
    const filter: PredictionFilter = {};
    if (this.#model) filter.model = this.#model;
    if (this.favoritesOnly) filter.favorite = true;
    if (cursor) filter.cursor = cursor;
    return this.#api.predictions(filter);
  }

  async #settle(call: Promise<PredictionList>): Promise<void> {
    const asked = this.favoritesOnly;
    this.loading = true;
    this.problem = null;
    try {
      const page = await call;
      if (asked !== this.favoritesOnly) return;
      this.list = [];
      this.#add(page);
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.loading = false;
    }
  }

  #add(page: PredictionList): void {
    this.problem = null;
    const known = this.list.map((one) => one.id);
    this.list = [...this.list, ...page.predictions.filter((one) => !known.includes(one.id))];
    this.cursor = page.next_cursor;
    if (this.list.some(isBeingMade)) this.poller.start();
  }

  #put(fresh: Prediction): void {
    this.list = this.list.map((one) => (one.id === fresh.id ? fresh : one));
  }
}
