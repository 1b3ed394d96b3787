// The photos of one model: those the server has, and those on their way to it, three at a time.
// A photo that fails stays in the list with its reason until it is tried again or dropped.

import type { Api } from '../api/client.ts';
import { localProblem, problemOf, ProblemError, type Problem } from '../api/problem.ts';
import { Renewals } from './renewals.ts';
import type { Photo, PhotoLimits, PhotoList } from '../api/wire.gen.ts';

const PARALLEL = 3;
const ACCEPTED = ['image/jpeg', 'image/png', 'image/webp'];

export type UploadState = 'waiting' | 'preparing' | 'sending' | 'failed';

export interface Upload {
  readonly id: string;
  readonly file: File;
  /** An object URL of the file; the queue revokes it. */
  readonly preview: string;
  state: UploadState;
  problem: Problem | null;
}

/** Shrinks and strips one photo on this device. */
export type Prepare = (file: File) => Promise<Blob>;

export class Photos {
  stored = $state.raw<Photo[]>([]);
  uploads = $state<Upload[]>([]);
  limits = $state.raw<PhotoLimits | null>(null);
  loading = $state(true);
  problem = $state.raw<Problem | null>(null);
  /** How many photos of the last choice were left out because the model is full. */
  leftOut = $state(0);

  readonly #renewals = new Renewals();
  readonly #api: Api;
  readonly #model: string;
  readonly #prepare: Prepare;
  readonly #leaving = new AbortController();
  #next = 0;

  constructor(api: Api, model: string, prepare: Prepare, first: Promise<PhotoList>) {
    this.#api = api;
    this.#model = model;
    this.#prepare = prepare;
    void this.#settle(first);
  }

  get count(): number {
    return this.stored.length + this.uploads.filter((one) => one.state !== 'failed').length;
  }

  get underway(): number {
    return this.uploads.filter((one) => one.state !== 'failed').length;
  }

  reload = (): Promise<void> => this.#settle(this.#api.photos(this.#model));

  /** Fetches the list anew, because the addresses of the photos expire. */
  async renew(): Promise<void> {
    if (this.#renewals.due(this.#model)) await this.reload();
  }

  add(files: File[]): void {
    const room = Math.max(0, (this.limits?.max_photos ?? files.length) - this.count);
    this.leftOut = Math.max(0, files.length - room);
    for (const file of files.slice(0, room)) {
      this.#next += 1;
      const preview = URL.createObjectURL(file);
      const id = `upload-${this.#next}`;
      this.uploads.push({ id, file, preview, state: 'waiting', problem: null });
    }
    this.#pump();
  }

  retry(id: string): void {
    const upload = this.uploads.find((one) => one.id === id);
    if (upload?.state !== 'failed') return;
    upload.state = 'waiting';
    upload.problem = null;
    this.#pump();
  }

  drop(id: string): void {
    const upload = this.uploads.find((one) => one.id === id);
    if (upload?.state !== 'failed') return;
    this.#forget(upload);
  }

  async remove(photo: Photo): Promise<void> {
    this.stored = this.stored.filter((one) => one.id !== photo.id);
    this.leftOut = 0;
    try {
      await this.#api.deletePhoto(this.#model, photo.id);
    } catch (thrown) {
      this.problem = problemOf(thrown);
      if (this.problem.slug !== 'not-found') this.stored = [...this.stored, photo];
    }
  }

  /** Ends every upload; whatever was not stored by then is gone. */
  close(): void {
    this.#leaving.abort();
    for (const upload of this.uploads) URL.revokeObjectURL(upload.preview);
  }

  #pump(): void {
    const busy = this.uploads.filter((one) => one.state === 'preparing' || one.state === 'sending');
    const waiting = this.uploads.filter((one) => one.state === 'waiting');
    for (const upload of waiting.slice(0, PARALLEL - busy.length)) void this.#carry(upload);
  }

  async #carry(upload: Upload): Promise<void> {
    upload.state = 'preparing';
    try {
      const photo = await this.#prepare(upload.file);
      if (this.#leaving.signal.aborted) return;
      this.#check(photo);
      upload.state = 'sending';
      const { name } = upload.file;
      const stored = await this.#api.uploadPhoto(this.#model, photo, name, this.#leaving.signal);
      // The very same photo once more is the same record.
      this.stored = [...this.stored.filter((one) => one.id !== stored.id), stored];
      this.#forget(upload);
    } catch (thrown) {
      if (this.#leaving.signal.aborted) return;
      upload.problem = problemOf(thrown);
      upload.state = 'failed';
    }
    this.#pump();
  }

  /** What the server would refuse after the whole transfer is refused before it. */
  #check(photo: Blob): void {
    if (!ACCEPTED.includes(photo.type)) {
      throw new ProblemError(localProblem('unsupported-media-type'));
    }
    if (this.limits && photo.size > this.limits.max_bytes) {
      throw new ProblemError(localProblem('too-large'));
    }
  }

  #forget(upload: Upload): void {
    URL.revokeObjectURL(upload.preview);
    this.uploads = this.uploads.filter((one) => one.id !== upload.id);
  }

  async #settle(call: Promise<PhotoList>): Promise<void> {
    this.loading = true;
    this.problem = null;
    try {
      const list = await call;
      this.stored = list.photos;
      this.limits = list.limits;
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.loading = false;
    }
  }
}
