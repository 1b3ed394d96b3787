// One model: its record, watched while it is being trained, and what its owner may do with it.

import type { Api } from '../api/client.ts';
import { problemOf, type Problem } from '../api/problem.ts';
import type { Model, Photo, Preset, Subject } from '../api/wire.gen.ts';
import { Deed } from './deed.svelte.ts';
import { Poller } from './poller.svelte.ts';

export function isTraining(model: Model): boolean {
  return model.state === 'queued' || model.state === 'training';
}

export class ModelRecord {
  model = $state.raw<Model | null>(null);
  /** The photos it has now; null until somebody wants to see them. */
  photos = $state.raw<Photo[] | null>(null);
  loading = $state(true);
  problem = $state.raw<Problem | null>(null);
  /** When the record was as it is, in milliseconds since the epoch. */
  seenAt = $state(Date.now());

  readonly deed = new Deed();
  readonly poller: Poller;
  readonly #api: Api;
  readonly #id: string;

  constructor(api: Api, id: string, first: Promise<Model>) {
    this.#api = api;
    this.#id = id;
    this.poller = new Poller(async (signal) => {
      const before = this.model;
      const now = await api.model(id, signal);
      this.model = now;
      this.seenAt = Date.now();
      if (!isTraining(now)) return 'final';
      const moved =
        before?.state !== now.state ||
        before.progress?.stage !== now.progress?.stage ||
        before.progress?.percent !== now.progress?.percent;
      return moved ? 'changed' : 'same';
    });
    void this.#settle(first);
  }

  reload = (): Promise<void> => this.#settle(this.#api.model(this.#id));

  train = (preset: Preset): Promise<boolean> =>
    this.deed.run(async () => this.#now(await this.#api.train({ model: this.#id, preset })));

  cancelTraining = (): Promise<boolean> =>
    this.deed.run(async () => {
      await this.#api.cancelTraining(this.#id);
      this.#now(await this.#api.model(this.#id));
    });

  rename = (name: string): Promise<boolean> =>
    this.deed.run(async () => this.#now(await this.#api.renameModel(this.#id, { name })));

  /** Says what a draft is called and what it is of; once trained, only the name. */
  describe = (name: string, subject: Subject): Promise<boolean> =>
    this.deed.run(async () => {
      this.#now(await this.#api.renameModel(this.#id, { name, subject }));
    });

  removeVersion = (version: string): Promise<boolean> =>
    this.deed.run(async () => this.#now(await this.#api.deleteVersion(this.#id, version)));

  lookAtPhotos = async (): Promise<void> => {
    if (this.photos !== null) return;
    await this.deed.run(async () => {
      this.photos = (await this.#api.photos(this.#id)).photos;
    });
  };

  remove = (): Promise<boolean> => this.deed.run(() => this.#api.deleteModel(this.#id));

  stop(): void {
    this.poller.stop();
  }

  async #settle(call: Promise<Model>): Promise<void> {
    this.loading = true;
    this.problem = null;
    try {
      this.#now(await call);
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.loading = false;
    }
  }

  #now(model: Model): void {
    this.model = model;
    this.seenAt = Date.now();
    this.poller.stop();
    if (isTraining(model)) this.poller.start();
  }
}
