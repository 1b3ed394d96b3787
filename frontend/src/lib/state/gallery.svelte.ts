// The pictures of a person or of one model, newest first, and the orders for new ones. Pictures
// that are being made are asked after until each is final.

import type { Api, PredictionFilter } from '../api/client.ts';
import { problemOf, type Problem } from '../api/problem.ts';
import type { CreateRequest, Prediction, PredictionList } from '../api/wire.gen.ts';
import { askAll } from './ask-all.ts';
import { Deed } from './deed.svelte.ts';
import { Poller } from './poller.svelte.ts';
import { Renewals } from './renewals.ts';
import type { Trash } from './trash.svelte.ts';

/** A screen or two of tiles, up to four for each order. */
const PAGE = 16;

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
  /** What the descriptions must contain. */
  text = $state('');
  /** How many pictures have come since the page was opened. */
  arrived = $state(0);

  readonly order = new Deed();
  readonly poller: Poller;
  readonly #renewals = new Renewals();
  readonly #api: Api;
  readonly #model: string | undefined;
  readonly #trash: Trash;

  constructor(api: Api, model: string | undefined, trash: Trash, first: Promise<PredictionList>) {
    this.#api = api;
    this.#model = model;
    this.#trash = trash;
    this.poller = new Poller(async (signal) => {
      const open = this.visible.filter(isBeingMade);
      const { found, gone, refused } = await askAll(
        open.map(({ id }) => id),
        (id) => api.prediction(id, signal),
      );
      const changed = found.filter((one) => {
        const before = open.find(({ id }) => id === one.id);
        this.arrived += one.images.length - (before?.images.length ?? 0);
        return one.state !== before?.state || one.images.length !== before.images.length;
      });
      for (const one of changed) this.#put(one);
      if (gone.length > 0) this.list = this.list.filter(({ id }) => !gone.includes(id));
      if (refused) throw refused;
      if (!this.visible.some(isBeingMade)) return 'final';
      return changed.length > 0 ? 'changed' : 'same';
    });
    void this.#settle(first);
  }

  get visible(): Prediction[] {
    return this.list.filter((one) => !this.#trash.hidden.includes(one.id));
  }

  reload = (): Promise<void> => this.#settle(this.#page());

  show(favoritesOnly: boolean, text: string): void {
    if (this.favoritesOnly === favoritesOnly && this.text === text) return;
    this.favoritesOnly = favoritesOnly;
    this.text = text;
    void this.reload();
  }

  async more(): Promise<void> {
    if (!this.cursor || this.loadingMore || this.loading) return;
    this.loadingMore = true;
    const asked = this.#filter;
    try {
      const page = await this.#page(this.cursor);
      if (asked === this.#filter) this.#add(page);
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.loadingMore = false;
    }
  }

  create = (request: CreateRequest): Promise<boolean> =>
    this.order.run(async () => {
      const made = await this.#api.create(request);
      if (this.favoritesOnly || this.text) {
        this.favoritesOnly = false;
        this.text = '';
        await this.reload();
      }
      this.list = [made, ...this.list.filter((one) => one.id !== made.id)];
      this.poller.stop();
      this.poller.start();
    });

  /** Shown at once, and taken back when the server refuses. */
  async mark(prediction: Prediction, favorite: boolean): Promise<void> {
    this.#put({ ...prediction, favorite });
    try {
      this.#put(await this.#api.setFavorite(prediction.id, favorite));
    } catch (thrown) {
      this.problem = problemOf(thrown);
      this.#put(prediction);
    }
  }

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

  get #filter(): string {
    return `${this.favoritesOnly} ${this.text}`;
  }

  #page(cursor?: string): Promise<PredictionList> {
    const filter: PredictionFilter = { limit: PAGE };
    if (this.#model) filter.model = this.#model;
    if (this.favoritesOnly) filter.favorite = true;
    if (this.text) filter.q = this.text;
    if (cursor) filter.cursor = cursor;
    return this.#api.predictions(filter);
  }

  async #settle(call: Promise<PredictionList>): Promise<void> {
    const asked = this.#filter;
    this.loading = true;
    this.problem = null;
    try {
      const page = await call;
      if (asked !== this.#filter) return;
      this.list = [];
      this.#add(page);
    } catch (thrown) {
      if (asked === this.#filter) this.problem = problemOf(thrown);
    } finally {
      if (asked === this.#filter) this.loading = false;
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
