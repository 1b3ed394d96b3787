// Many images as one ZIP, made in this browser while they arrive. What cannot be fetched is left out
// and counted; the recipes of all lie beside them.

import type { Api } from '../api/client.ts';
import { imageName, offerFile } from '../api/download.ts';
import { problemOf, type Problem } from '../api/problem.ts';
import type { Prediction } from '../api/wire.gen.ts';

/** So many are fetched while one is written. */
const AHEAD = 4;

export interface Wanted {
  prediction: Prediction;
  index: number;
}

export class ZipDownload {
  state = $state<'idle' | 'running' | 'done' | 'canceled' | 'failed'>('idle');
  total = $state(0);
  done = $state(0);
  missing = $state(0);
  problem = $state.raw<Problem | null>(null);

  readonly #api: Api;
  #abort = new AbortController();

  constructor(api: Api) {
    this.#api = api;
  }

  async start(wanted: Wanted[], name: string): Promise<void> {
    if (this.state === 'running') return;
    this.#abort = new AbortController();
    Object.assign(this, { state: 'running', total: wanted.length, done: 0, missing: 0 });
    this.problem = null;
    const { signal } = this.#abort;
    try {
      const { downloadZip } = await import('client-zip');
      const zip = await downloadZip(this.#files(wanted, signal)).blob();
      if (this.missing === wanted.length) {
        this.state = 'failed';
        return;
      }
      offerFile(zip, name);
      this.state = 'done';
    } catch (thrown) {
      this.state = signal.aborted ? 'canceled' : 'failed';
      if (!signal.aborted) this.problem = problemOf(thrown);
    }
  }

  cancel(): void {
    this.#abort.abort();
  }

  async *#files(wanted: Wanted[], signal: AbortSignal) {
    const fetches: Promise<Blob | null>[] = [];
    const recipes: Record<string, unknown> = {};
    const begin = (at: number) => {
      const one = wanted[at];
      if (one) fetches[at] = this.#fetch(one, signal);
    };
    for (let at = 0; at < AHEAD; at += 1) begin(at);
    for (const [at, { prediction, index }] of wanted.entries()) {
      const file = await fetches[at];
      signal.throwIfAborted();
      begin(at + AHEAD);
      if (file) {
        const name = imageName(prediction, index);
        recipes[name] = { ...prediction.recipe, made_at: prediction.finished_at };
        const lastModified = Date.parse(prediction.created_at);
        yield { name, input: file, lastModified };
      }
      this.done += 1;
    }
    yield { name: 'recipes.json', input: JSON.stringify(recipes, null, 2) };
  }

  async #fetch({ prediction, index }: Wanted, signal: AbortSignal): Promise<Blob | null> {
    try {
      return await this.#api.imageFile(prediction.id, index + 1, signal);
    } catch (thrown) {
      if (!signal.aborted) {
        this.missing += 1;
        this.problem = problemOf(thrown);
      }
      return null;
    }
  }
}
