// The one way to the server: a method per endpoint, same origin, cookies by the browser.
// Whatever is not a success is thrown as a ProblemError; nothing is retried here.

import { pendingCall } from './idempotency.ts';
import { localProblem, ProblemError, readProblem } from './problem.ts';
import { sendPhoto, type Sending } from './upload.ts';
import type * as wire from './wire.gen.ts';

interface Call {
  json?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  keepalive?: boolean;
}

export interface PredictionFilter {
  model?: string;
  favorite?: boolean;
  q?: string;
  cursor?: string;
  limit?: number;
}

export class Api {
  readonly #fetch: typeof fetch;

  constructor(fetcher: typeof fetch) {
    this.#fetch = fetcher;
  }

  health = () => this.#get<wire.Health>('/api/health');
  styles = () => this.#get<wire.StyleList>('/api/styles');

  requestLink = (body: wire.LinkRequest) =>
    this.#json<wire.LinkSent>('POST', '/api/magic-link', { json: body });
  confirm = (body: wire.ConfirmRequest) =>
    this.#json<wire.Confirmed>('POST', '/api/magic-link/confirm', { json: body });
  signOut = () => this.#send('POST', '/api/sign-out');
  signOutEverywhere = () => this.#send('POST', '/api/sign-out-everywhere');

  account = () => this.#get<wire.Account>('/api/account');
  deleteAccount = () =>
    this.#json<wire.DeletionStarted>('DELETE', '/api/account', { json: { confirm: 'delete' } });
  acceptConsent = (body: wire.ConsentRequest) => this.#send('POST', '/api/consent', { json: body });
  receipt = (code: string) => this.#get<wire.Receipt>(`/api/deletion/${encodeURIComponent(code)}`);

  createModel = (body: wire.NewModel) =>
    this.#json<wire.Model>('POST', '/api/model', { json: body });
  models = (cursor?: string) => this.#get<wire.ModelList>(`/api/model${query({ cursor })}`);
  model = (id: string, signal?: AbortSignal) =>
    this.#get<wire.Model>(`/api/model/${encodeURIComponent(id)}`, signal);
  renameModel = (id: string, body: wire.RenameModel) =>
    this.#json<wire.Model>('PATCH', `/api/model/${encodeURIComponent(id)}`, { json: body });
  deleteModel = (id: string) => this.#send('DELETE', `/api/model/${encodeURIComponent(id)}`);
  deleteVersion = (id: string, version: string) =>
    this.#json<wire.Model>(
      'DELETE',
      `/api/model/${encodeURIComponent(id)}/version/${encodeURIComponent(version)}`,
    );

  photos = (model: string) => this.#get<wire.PhotoList>(`/api/bytescale${query({ model })}`);
  uploadPhoto = async (
    model: string,
    photo: Blob,
    name: string,
    { signal, onprogress }: Omit<Sending, 'headers'>,
  ): Promise<wire.Photo> => {
    const headers = {
      Accept: 'application/json',
      'Content-Type': photo.type,
      'X-Photo-Name': encodeURIComponent(name),
    };
    const path = `/api/bytescale${query({ model })}`;
    return this.#body<wire.Photo>(
      await answered(sendPhoto(path, photo, { headers, signal, onprogress }), signal),
    );
  };
  /** Goes out even when the page is being left. */
  caption = (model: string, photo: string, caption: string | null) =>
    this.#json<wire.Photo>(
      'PATCH',
      `/api/bytescale/${encodeURIComponent(photo)}${query({ model })}`,
      { json: { caption }, keepalive: true },
    );
  describe = (body: wire.DescribeRequest) => this.#paid<wire.Photo>('/api/caption', body);
  deletePhoto = (model: string, photo: string) =>
    this.#send('DELETE', `/api/bytescale/${encodeURIComponent(photo)}${query({ model })}`);

  train = (body: wire.TrainRequest) => this.#paid<wire.Model>('/api/genmodel', body);
  cancelTraining = (model: string) =>
    this.#send('DELETE', `/api/genmodel/${encodeURIComponent(model)}`);

  create = (body: wire.CreateRequest) => this.#paid<wire.Prediction>('/create', body);
  predictions = (filter: PredictionFilter) =>
    this.#get<wire.PredictionList>(`/api/prediction${query({ ...filter })}`);
  prediction = (id: string, signal?: AbortSignal) =>
    this.#get<wire.Prediction>(`/api/prediction/${encodeURIComponent(id)}`, signal);
  setFavorite = (id: string, favorite: boolean) =>
    this.#json<wire.Prediction>('PATCH', `/api/prediction/${encodeURIComponent(id)}`, {
      json: { favorite },
    });
  /** The file of the first, second, … image, its recipe and the AI mark in it. */
  imageFile = async (id: string, number: number, signal?: AbortSignal): Promise<Blob> => {
    const path = `/api/prediction/${encodeURIComponent(id)}/image/${number}`;
    const response = await this.#call('GET', path, { signal });
    if (!response.ok) throw new ProblemError(await readProblem(response));
    return response.blob();
  };
  /** Goes out even when the page is being left. */
  deletePrediction = (id: string) =>
    this.#send('DELETE', `/api/prediction/${encodeURIComponent(id)}`, { keepalive: true });

  #get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return this.#json<T>('GET', path, { signal });
  }

  async #paid<T>(path: string, body: unknown): Promise<T> {
    const call = pendingCall(path, JSON.stringify(body));
    const response = await this.#call('POST', path, {
      json: body,
      headers: { 'Idempotency-Key': call.key },
    });
    if (!response.ok) {
      const problem = await readProblem(response);
      call.refused(problem, response.headers.has('Idempotency-Replayed'));
      throw new ProblemError(problem);
    }
    const accepted = await this.#body<T>(response);
    call.accepted();
    return accepted;
  }

  async #json<T>(method: string, path: string, call: Call = {}): Promise<T> {
    return this.#body<T>(await this.#call(method, path, call));
  }

  /** For answers whose body says nothing. */
  async #send(method: string, path: string, call: Call = {}): Promise<void> {
    const response = await this.#call(method, path, call);
    if (!response.ok) throw new ProblemError(await readProblem(response));
  }

  async #body<T>(response: Response): Promise<T> {
    if (!response.ok) throw new ProblemError(await readProblem(response));
    try {
      return (await response.json()) as T;
    } catch {
      throw new ProblemError(await readProblem(new Response(null, response)));
    }
  }

  async #call(method: string, path: string, call: Call): Promise<Response> {
    const headers = new Headers({ Accept: 'application/json', ...call.headers });
    let body: BodyInit | null = null;
    if (call.json !== undefined) {
      headers.set('Content-Type', 'application/json');
      body = JSON.stringify(call.json);
    }
    const answer = this.#fetch(path, {
      method,
      headers,
      body,
      credentials: 'same-origin',
      keepalive: call.keepalive ?? false,
      ...(call.signal ? { signal: call.signal } : {}),
    });
    return answered(answer, call.signal);
  }
}

/** Turns having no answer into a problem; being stopped stays what it is. */
async function answered(call: Promise<Response>, signal?: AbortSignal): Promise<Response> {
  try {
    return await call;
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ProblemError(localProblem('offline'));
  }
}

/**
 * For a load that hands its promise to the page: the page shows a refusal, so a rejection that
 * comes before the page is there is not an unhandled one.
 */
export function started<T>(call: Promise<T>): Promise<T> {
  call.catch(() => undefined);
  return call;
}

function query(values: Record<string, string | number | boolean | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `?${text}` : '';
}
