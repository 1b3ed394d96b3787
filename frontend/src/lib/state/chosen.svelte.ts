// The photos that were chosen and are not stored yet, kept in the browser's own database, so that a
// reload, a lost connection or a sign-in loses none; and what was measured of those that are stored.
// Signing out clears it all, since the server's answer to it clears the site's storage.

import { SvelteMap } from 'svelte/reactivity';
import type { Report } from '../photo/report.ts';

export interface ChosenPhoto {
  id: string;
  /** Or what `unbegun` gives, while there is no model yet. */
  model: string;
  name: string;
  chosen_at: number;
  /** The file as it came, until it was looked at; then only what will be sent. */
  file: Blob | null;
  looked: { photo: Blob; report: Report } | null;
  /** The person wants it in spite of what the coach found. */
  overruled: boolean;
}

interface KeptReport {
  photo: string;
  model: string;
  report: Report;
}

/** In place of a model: what this person chose before there was one. */
export const unbegun = (person: string): string => `new:${person}`;

const NAME = 'photos';
const CHOSEN = 'chosen';
const REPORTS = 'reports';
const KEPT_DAYS = 14;
const DAY_MS = 86_400_000;

/** Files as they were just chosen, in their order. */
export function chosenFrom(files: File[], model: string, nowMs: number): ChosenPhoto[] {
  return files.map((file, index) => ({
    id: crypto.randomUUID(),
    model,
    name: file.name,
    // A fraction keeps the order within one choice.
    chosen_at: nowMs + index / files.length,
    file,
    looked: null,
    overruled: false,
  }));
}

export class Chosen {
  /** Whether what is kept outlives this page; a browser may refuse to keep anything. */
  lasting = $state(true);

  #opened: Promise<IDBDatabase> | null = null;
  readonly #memory = new SvelteMap<string, ChosenPhoto>();

  async put(photo: ChosenPhoto): Promise<void> {
    const kept = await this.#run(CHOSEN, 'readwrite', (store) => store.put(photo));
    // There is no room, or no database at all, as in some private windows: this page has it still.
    if (kept === null) this.#memory.set(photo.id, photo);
  }

  async remove(id: string): Promise<void> {
    this.#memory.delete(id);
    await this.#run(CHOSEN, 'readwrite', (store) => store.delete(id));
  }

  /** In the order in which they were chosen. */
  async list(model: string): Promise<ChosenPhoto[]> {
    const kept = await this.#all<ChosenPhoto>(CHOSEN, model);
    const here = [...this.#memory.values()].filter((photo) => photo.model === model);
    return [...kept, ...here].sort((a, b) => a.chosen_at - b.chosen_at);
  }

  /** Gives the photos that a person chose before there was a model to that model. */
  async adopt(person: string, model: string): Promise<void> {
    for (const photo of await this.list(unbegun(person))) {
      await this.put({ ...photo, model });
    }
  }

  async keepReport(model: string, photo: string, report: Report): Promise<void> {
    await this.#run(REPORTS, 'readwrite', (store) => store.put({ photo, model, report }));
  }

  reports = (model: string): Promise<KeptReport[]> => this.#all<KeptReport>(REPORTS, model);

  /** Removes what nobody came back for. */
  async tidy(nowMs: number): Promise<void> {
    const all = await this.#all<ChosenPhoto>(CHOSEN, null);
    const old = all.filter((photo) => photo.chosen_at < nowMs - KEPT_DAYS * DAY_MS);
    for (const { id } of old) await this.remove(id);
  }

  async #all<T extends { model: string }>(store: string, model: string | null): Promise<T[]> {
    const all = await this.#run<T[]>(store, 'readonly', (from) => from.getAll());
    return (all?.value ?? []).filter((one) => model === null || one.model === model);
  }

  /** Null when the browser did not do it; from then on this page keeps what it can. */
  async #run<T>(
    name: string,
    mode: IDBTransactionMode,
    ask: (store: IDBObjectStore) => IDBRequest,
  ): Promise<{ value: T } | null> {
    try {
      const transaction = (await (this.#opened ??= open())).transaction(name, mode);
      const request = ask(transaction.objectStore(name));
      await new Promise<void>((resolve, reject) => {
        transaction.addEventListener('complete', () => resolve());
        transaction.addEventListener('abort', () => reject(transaction.error));
      });
      return { value: request.result as T };
    } catch {
      this.lasting = false;
      return null;
    }
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.addEventListener('upgradeneeded', () => {
      request.result.createObjectStore(CHOSEN, { keyPath: 'id' });
      request.result.createObjectStore(REPORTS, { keyPath: 'photo' });
    });
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
  });
}
