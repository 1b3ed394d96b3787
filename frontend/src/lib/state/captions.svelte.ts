// The captions of a model's photos: those that were asked for are watched until they are there, and
// what the person writes or switches off is told at once. Three are asked for at a time.

import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { Api } from '../api/client.ts';
import { problemOf, type Problem } from '../api/problem.ts';
import type { Photo } from '../api/wire.gen.ts';
import type { Photos } from './photos.svelte.ts';
import { Poller } from './poller.svelte.ts';

const PARALLEL = 3;
/** For words that are switched off, in this tab only: the server does not keep them. */
const OFF = 'caption-off:';

export class Captions {
  /** Photos about which a request is on its way. */
  readonly asking = new SvelteSet<string>();
  /** Those that are still to be asked about, the next first. */
  line = $state.raw<string[]>([]);
  /** Why the last request was refused, until the next one is made. */
  problem = $state.raw<Problem | null>(null);

  readonly poller: Poller;
  readonly #off = new SvelteMap<string, string>();
  readonly #api: Api;
  readonly #model: string;
  readonly #photos: Photos;

  constructor(api: Api, model: string, photos: Photos) {
    this.#api = api;
    this.#model = model;
    this.#photos = photos;
    this.poller = new Poller(async () => {
      const before = this.running;
      const list = await api.photos(model);
      for (const photo of list.photos) photos.put(photo);
      if (this.running === 0) return 'final';
      return this.running === before ? 'same' : 'changed';
    });
  }

  /** How many are being described, as far as is known here. */
  get running(): number {
    return this.#photos.stored.filter(({ captioning }) => captioning === 'running').length;
  }

  /** Goes on watching what was asked for before, perhaps on another device. */
  watch(): void {
    if (this.running > 0) this.poller.start();
  }

  describe(photos: Photo[]): void {
    this.problem = null;
    const fresh = photos
      .map(({ id }) => id)
      .filter((id) => !this.line.includes(id) && !this.asking.has(id));
    this.line = [...this.line, ...fresh];
    this.#pump();
  }

  /** What was asked for already comes all the same. */
  stop = (): void => {
    this.line = [];
  };

  /** Nothing stands beside a photo whose caption is null. Whether the server has taken it. */
  write(photo: Photo, caption: string | null): Promise<boolean> {
    this.#off.delete(photo.id);
    sessionStorage.removeItem(OFF + photo.id);
    return this.#tell(photo, caption);
  }

  /** Words that were switched off come back as they were. */
  async use(photo: Photo, on: boolean): Promise<void> {
    if (!on && photo.caption !== null) {
      this.#off.set(photo.id, photo.caption);
      sessionStorage.setItem(OFF + photo.id, photo.caption);
    }
    await this.#tell(photo, on ? this.offered(photo) : null);
  }

  /** What stands beside a photo as soon as its caption is switched on. */
  offered(photo: Photo): string | null {
    const off = this.#off.get(photo.id) ?? sessionStorage.getItem(OFF + photo.id);
    return off ?? photo.description;
  }

  close(): void {
    this.stop();
    this.poller.stop();
  }

  async #tell(photo: Photo, caption: string | null): Promise<boolean> {
    this.problem = null;
    try {
      this.#photos.put(await this.#api.caption(this.#model, photo.id, caption));
      return true;
    } catch (thrown) {
      this.problem = problemOf(thrown);
      return false;
    }
  }

  #pump(): void {
    while (this.asking.size < PARALLEL && this.line.length > 0) {
      const [next, ...rest] = this.line;
      this.line = rest;
      if (next) void this.#ask(next);
    }
  }

  async #ask(photo: string): Promise<void> {
    this.asking.add(photo);
    try {
      this.#photos.put(await this.#api.describe({ model: this.#model, photo }));
      this.poller.start();
    } catch (thrown) {
      // The next one would be refused alike.
      this.problem = problemOf(thrown);
      this.stop();
    } finally {
      this.asking.delete(photo);
    }
    this.#pump();
  }
}
