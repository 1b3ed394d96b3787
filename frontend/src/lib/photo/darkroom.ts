// Prepares photos for upload in a web worker. Nothing leaves the device from here. A file that
// this browser cannot decode is handed on as it is, and the server decides about it.

import type { ShrinkJob, ShrinkResult } from './shrink.worker.ts';

export class Darkroom {
  #worker: Worker | null = null;
  #next = 0;
  readonly #waiting = new Map<number, (photo: Blob | null) => void>();

  prepare = async (file: File): Promise<Blob> => (await this.#shrink(file)) ?? file;

  close(): void {
    this.#worker?.terminate();
    this.#giveUp();
  }

  #shrink(file: File): Promise<Blob | null> {
    if (typeof OffscreenCanvas === 'undefined') return Promise.resolve(null);
    const worker = (this.#worker ??= this.#open());
    this.#next += 1;
    const job: ShrinkJob = { id: this.#next, file };
    return new Promise((resolve) => {
      this.#waiting.set(job.id, resolve);
      worker.postMessage(job);
    });
  }

  #open(): Worker {
    const worker = new Worker(new URL('./shrink.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', (event: MessageEvent<ShrinkResult>) => {
      this.#waiting.get(event.data.id)?.(event.data.photo);
      this.#waiting.delete(event.data.id);
    });
    worker.addEventListener('error', () => this.#giveUp());
    return worker;
  }

  /** The worker is gone: whoever waits gets the file as it was, and the next photo a new worker. */
  #giveUp(): void {
    this.#worker = null;
    for (const resolve of this.#waiting.values()) resolve(null);
    this.#waiting.clear();
  }
}
