// The photos of one model: those the server has, and those on their way to it. Each is looked at on
// this device first; three at a time are sent. What is chosen is kept until it is stored.

import { SvelteMap } from 'svelte/reactivity';
import type { Api } from '../api/client.ts';
import { localProblem, problemOf, ProblemError, type Problem } from '../api/problem.ts';
import type { Photo, PhotoLimits, PhotoList } from '../api/wire.gen.ts';
import type { Finding, Neighbour } from '../photo/advice.ts';
import type { UnusablePhoto } from '../photo/coach.ts';
import type { Looked } from '../photo/look.worker.ts';
import type { Report } from '../photo/report.ts';
import type { Bounds } from '../photo/size.ts';
import { chosenFrom, type Chosen, type ChosenPhoto } from './chosen.svelte.ts';
import { Hold } from './hold.svelte.ts';
import { Renewals } from './renewals.ts';
import { stopsTheLine, type Upload } from './upload.ts';

const PARALLEL = 3;

/** What looks at photos and judges them; it lives in another folder, and a route brings it along. */
export interface Eye {
  /** Rejects with `UnusablePhoto` for a file that cannot be used at all. */
  look: (file: Blob, bounds: Bounds) => Promise<Looked>;
  advise: (report: Report, set: Neighbour[]) => Finding[];
}

export class Photos {
  stored = $state.raw<Photo[]>([]);
  /** What was measured of stored photos, by their ids; not of those that another device added. */
  readonly reports = new SvelteMap<string, Report>();
  uploads = $state<Upload[]>([]);
  limits = $state.raw<PhotoLimits | null>(null);
  loading = $state(true);
  problem = $state.raw<Problem | null>(null);
  /** The person has stopped the sending for now. */
  paused = $state(false);

  readonly #api: Api;
  readonly #model: string;
  readonly #eye: Eye;
  readonly #chosen: Chosen;
  readonly #renewals = new Renewals();
  readonly #kept = new SvelteMap<string, ChosenPhoto>();
  readonly #sending = new SvelteMap<string, AbortController>();
  readonly #hold = new Hold(() => this.#pump());
  #left = false;

  constructor(api: Api, model: string, eye: Eye, chosen: Chosen, first: Promise<PhotoList>) {
    this.#api = api;
    this.#model = model;
    this.#eye = eye;
    this.#chosen = chosen;
    void this.#begin(first);
  }

  /** Why nothing is sent, though nobody paused it. */
  get hold(): Problem | null {
    return this.#hold.problem;
  }

  /** Those that nothing keeps from being sent, or that are not looked at yet. */
  get underway(): number {
    return this.uploads.filter(({ state }) => !['aside', 'unusable', 'failed'].includes(state))
      .length;
  }

  /** Those that were refused and wait for another try. */
  get failed(): number {
    return this.uploads.filter(({ state }) => state === 'failed').length;
  }

  /** How many more the model takes. */
  get room(): number {
    const line = this.uploads.filter(
      ({ state }) => state === 'ready' || state === 'sending',
    ).length;
    return Math.max(0, (this.limits?.max_photos ?? 0) - this.stored.length - line);
  }

  reload = (): Promise<void> => this.#settle(this.#api.photos(this.#model));

  /** Fetches the list anew, because the addresses of the photos expire. */
  async renew(): Promise<void> {
    if (this.#renewals.due(this.#model)) await this.reload();
  }

  async add(files: File[]): Promise<void> {
    for (const photo of chosenFrom(files, this.#model, Date.now())) {
      this.#enlist(photo);
      await this.#chosen.put(photo);
    }
    this.#pump();
  }

  /** The person wants this photo in spite of what was found, or tries a failed one again. */
  use(id: string): void {
    const upload = this.#find(id);
    if (!upload || (upload.state !== 'aside' && upload.state !== 'failed')) return;
    if (upload.state === 'aside') {
      if (this.room === 0) return;
      upload.overruled = true;
      void this.#keep(upload, { overruled: true });
    }
    upload.problem = null;
    upload.state = upload.report ? 'ready' : 'waiting';
    this.#pump();
  }

  drop(id: string): void {
    const upload = this.#find(id);
    if (!upload) return;
    this.#sending.get(id)?.abort();
    this.#forget(upload);
    this.reconsider();
  }

  /** Takes in what is known anew of a stored photo; one that was removed here stays away. */
  put(photo: Photo): void {
    this.stored = this.stored.map((one) => (one.id === photo.id ? photo : one));
  }

  async remove(photo: Photo): Promise<void> {
    this.stored = this.stored.filter((one) => one.id !== photo.id);
    try {
      await this.#api.deletePhoto(this.#model, photo.id);
      this.reconsider();
    } catch (thrown) {
      this.problem = problemOf(thrown);
      if (this.problem.slug !== 'not-found') this.stored = [...this.stored, photo];
    }
  }

  pause = (): void => {
    this.paused = true;
    for (const controller of this.#sending.values()) controller.abort();
  };

  /** Sends again what was stopped, by the person or by a refusal. */
  goOn = (): void => {
    this.paused = false;
    this.#hold.end();
  };

  /** Judges those set aside once more, after the set or the question has changed. */
  reconsider(): void {
    for (const upload of this.uploads) {
      if (upload.state === 'aside' && upload.report) this.#judge(upload, upload.report);
    }
    this.#pump();
  }

  /** What was set aside goes; whatever else is not stored yet stays for the next training. */
  async forgetRest(): Promise<void> {
    const rest = this.uploads.filter(({ state }) => state === 'aside' || state === 'unusable');
    for (const { id } of rest) await this.#chosen.remove(id);
  }

  close(): void {
    this.#left = true;
    this.#hold.close();
    for (const controller of this.#sending.values()) controller.abort();
    for (const { preview } of this.uploads) if (preview) URL.revokeObjectURL(preview);
  }

  async #begin(first: Promise<PhotoList>): Promise<void> {
    await this.#chosen.tidy(Date.now());
    for (const { photo, report } of await this.#chosen.reports(this.#model)) {
      this.reports.set(photo, report);
    }
    for (const photo of await this.#chosen.list(this.#model)) this.#enlist(photo);
    await this.#settle(first);
  }

  #enlist(photo: ChosenPhoto): void {
    const { id, name, chosen_at, looked, file, overruled } = photo;
    const shown = looked?.photo ?? file;
    this.#kept.set(id, photo);
    this.uploads.push({
      id,
      name,
      chosen_at,
      preview: shown && URL.createObjectURL(shown),
      state: 'waiting',
      percent: 0,
      reasons: [],
      unusable: null,
      problem: null,
      report: looked?.report ?? null,
      overruled,
    });
    const upload = this.#find(id);
    if (upload && looked) this.#judge(upload, looked.report);
  }

  #pump(): void {
    if (this.#left || !this.limits) return;
    const looking = this.uploads.some(({ state }) => state === 'looking');
    const next = this.uploads.find(({ state }) => state === 'waiting');
    if (!looking && next) void this.#look(next, this.limits);
    if (this.paused || this.hold) return;
    const ready = this.uploads.filter(({ state }) => state === 'ready');
    for (const upload of ready.slice(0, PARALLEL - this.#sending.size)) void this.#send(upload);
  }

  async #look(upload: Upload, bounds: Bounds): Promise<void> {
    upload.state = 'looking';
    try {
      const looked = await this.#eye.look(this.#kept.get(upload.id)?.file ?? new Blob(), bounds);
      // It may have been removed meanwhile.
      if (this.#kept.has(upload.id)) await this.#see(upload, looked);
    } catch (thrown) {
      if (this.#left) return;
      this.#refuse(upload, thrown);
    }
    this.#pump();
  }

  async #see(upload: Upload, looked: Looked): Promise<void> {
    if (upload.preview) URL.revokeObjectURL(upload.preview);
    upload.preview = URL.createObjectURL(looked.photo);
    upload.report = looked.report;
    this.#judge(upload, looked.report);
    await this.#keep(upload, { looked, file: null });
  }

  #refuse(upload: Upload, thrown: unknown): void {
    if (thrown instanceof Error && thrown.name === 'UnusablePhoto') {
      const { why, size } = thrown as UnusablePhoto;
      upload.unusable = { why, size };
      upload.state = 'unusable';
    } else {
      upload.problem = localProblem('not-looked-at');
      upload.state = 'failed';
    }
  }

  #judge(upload: Upload, report: Report): void {
    upload.reasons = upload.overruled ? [] : this.#eye.advise(report, this.#set(upload));
    if (upload.reasons.length === 0 && this.room === 0) upload.reasons = [{ what: 'full' }];
    upload.state = upload.reasons.length === 0 ? 'ready' : 'aside';
  }

  /** What a photo is compared with: the stored ones, and those before it in the line. */
  #set(upload: Upload): Neighbour[] {
    const line = this.uploads.filter(
      ({ id, state }) => id !== upload.id && ['ready', 'sending', 'failed'].includes(state),
    );
    return [
      ...this.stored.map(({ id }) => ({ id, report: this.reports.get(id) ?? null })),
      ...line.map(({ id, report }) => ({ id, report })),
    ].filter((one): one is Neighbour => one.report !== null);
  }

  async #send(upload: Upload): Promise<void> {
    const photo = this.#kept.get(upload.id)?.looked?.photo;
    if (!photo) return;
    const controller = new AbortController();
    this.#sending.set(upload.id, controller);
    upload.state = 'sending';
    upload.percent = 0;
    try {
      if (this.limits && photo.size > this.limits.max_bytes) {
        throw new ProblemError(localProblem('too-large'));
      }
      const stored = await this.#api.uploadPhoto(this.#model, photo, upload.name, {
        signal: controller.signal,
        onprogress: (percent) => (upload.percent = percent),
      });
      this.#hold.passed();
      await this.#arrive(upload, stored);
    } catch (thrown) {
      if (controller.signal.aborted) upload.state = 'ready';
      else this.#stumble(upload, problemOf(thrown));
    } finally {
      this.#sending.delete(upload.id);
    }
    this.#pump();
  }

  async #arrive(upload: Upload, stored: Photo): Promise<void> {
    if (upload.report) {
      const report = $state.snapshot(upload.report) as Report;
      this.reports.set(stored.id, report);
      await this.#chosen.keepReport(this.#model, stored.id, report);
    }
    // The very same photo once more is the same record.
    this.stored = [...this.stored.filter((one) => one.id !== stored.id), stored];
    this.#forget(upload);
  }

  #stumble(upload: Upload, problem: Problem): void {
    if (!stopsTheLine(problem)) {
      upload.problem = problem;
      upload.state = 'failed';
      return;
    }
    upload.state = 'ready';
    this.#hold.begin(problem);
  }

  #find = (id: string): Upload | undefined => this.uploads.find((one) => one.id === id);

  async #keep(upload: Upload, change: Partial<ChosenPhoto>): Promise<void> {
    const kept = this.#kept.get(upload.id);
    if (!kept) return;
    Object.assign(kept, change);
    await this.#chosen.put(kept);
  }

  #forget(upload: Upload): void {
    if (upload.preview) URL.revokeObjectURL(upload.preview);
    this.#kept.delete(upload.id);
    this.uploads = this.uploads.filter((one) => one.id !== upload.id);
    void this.#chosen.remove(upload.id);
  }

  async #settle(call: Promise<PhotoList>): Promise<void> {
    this.loading = true;
    this.problem = null;
    try {
      const list = await call;
      this.stored = list.photos;
      this.limits = list.limits;
      this.reconsider();
    } catch (thrown) {
      this.problem = problemOf(thrown);
    } finally {
      this.loading = false;
    }
  }
}
