// Looks at photos in a web worker, one after the other. Nothing leaves the device from here, and
// nothing is loaded before the first photo comes.

import type { Looked, LookJob, LookResult, Unusable } from './look.worker.ts';
import type { Bounds, Size } from './size.ts';

/** A file that cannot be used, whatever the person thinks of it. */
export class UnusablePhoto extends Error {
  constructor(
    readonly why: Unusable,
    readonly size: Size | null,
  ) {
    super(why);
    this.name = 'UnusablePhoto';
  }
}

interface Waiting {
  resolve: (looked: Looked) => void;
  reject: (reason: Error) => void;
}

export class Coach {
  #worker: Worker | null = null;
  #next = 0;
  readonly #waiting = new Map<number, Waiting>();

  /** Rejects with `UnusablePhoto`, or with another error when looking itself failed. */
  look = (file: Blob, bounds: Bounds): Promise<Looked> => {
    const worker = (this.#worker ??= this.#open());
    this.#next += 1;
    const job: LookJob = { id: this.#next, file, bounds };
    return new Promise((resolve, reject) => {
      this.#waiting.set(job.id, { resolve, reject });
      worker.postMessage(job);
    });
  };

  close(): void {
    this.#giveUp(new Error('the coach has gone'));
  }

  #open(): Worker {
    const worker = new Worker(new URL('./look.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', (event: MessageEvent<LookResult>) =>
      this.#settle(event.data),
    );
    worker.addEventListener('error', () => this.#giveUp(new Error('the worker has stopped')));
    return worker;
  }

  #settle(result: LookResult): void {
    const waiting = this.#waiting.get(result.id);
    this.#waiting.delete(result.id);
    if ('looked' in result) waiting?.resolve(result.looked);
    else if ('unusable' in result) waiting?.reject(new UnusablePhoto(result.unusable, result.size));
    else {
      waiting?.reject(new Error(result.failed));
      // What a worker could not load it does not ask for again; a new one does.
      this.#giveUp(new Error(result.failed));
    }
  }

  #giveUp(reason: Error): void {
    this.#worker?.terminate();
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}
