// The models of one person, page by page, kept fresh while one of them is being trained.

import type { Api } from '../api/client.ts';
import { problemOf, type Problem } from '../api/problem.ts';
import type { Model, ModelList } from '../api/wire.gen.ts';
import { askAll } from './ask-all.ts';
import { isTraining } from './model-record.svelte.ts';
import { Poller } from './poller.svelte.ts';

export class Models {
  list = $state.raw<Model[]>([]);
  loading = $state(true);
  loadingMore = $state(false);
  problem = $state.raw<Problem | null>(null);
  cursor = $state<string | null>(null);

  readonly poller: Poller;
  readonly #api: Api;

  constructor(api: Api, first: Promise<ModelList>) {
    this.#api = api;
    this.poller = new Poller(async (signal) => {
      const training = this.list.filter(isTraining);
      if (training.length === 0) return 'final';
      const { found, gone, refused } = await askAll(
        training.map(({ id }) => id),
        (id) => api.model(id, signal),
      );
      this.list = this.list
        .filter(({ id }) => !gone.includes(id))
        .map((old) => found.find(({ id }) => id === old.id) ?? old);
      if (refused) throw refused;
      return this.list.some(isTraining) ? 'same' : 'final';
    });
    void this.#settle(first);
  }

  reload = (): Promise<void> => this.#settle(this.#api.models());

  async more(): Promise<void> {
    if (!this.cursor || this.loadingMore) return;
    this.loadingMore = true;
    try {
      this.#add(await this.#api.models(this.cursor));
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.loadingMore = false;
    }
  }

  stop(): void {
    this.poller.stop();
  }

  async #settle(call: Promise<ModelList>): Promise<void> {
    this.loading = true;
    this.problem = null;
    try {
      const page = await call;
      this.list = [];
      this.#add(page);
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.loading = false;
    }
  }

  #add(page: ModelList): void {
    this.problem = null;
    this.list = [...this.list, ...page.models];
    this.cursor = page.next_cursor;
    if (this.list.some(isTraining)) this.poller.start();
  }
}
