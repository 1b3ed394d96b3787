// The bodies of the HTTP interface, as docs/API.md names them. Times are RFC 3339, durations and
// sizes carry their unit in the name. Never edited to suit a page.

export type Provider = 'email' | 'facebook';
export type Subject = 'person' | 'man' | 'woman' | 'pet' | 'object';
export type Preset = 'fast' | 'quality';
export type AspectRatio =
  '1:1' | '16:9' | '21:9' | '3:2' | '2:3' | '4:5' | '5:4' | '3:4' | '4:3' | '9:16' | '9:21';
export type Format = 'webp' | 'jpg' | 'png';
export type ModelState =
  'draft' | 'bundled' | 'queued' | 'training' | 'ready' | 'failed' | 'canceled';
export type PredictionState = 'queued' | 'running' | 'succeeded' | 'failed' | 'canceled';
export type Stage = 'queued' | 'captioning' | 'preparing' | 'training' | 'saving';
export type FailureReason =
  'provider-error' | 'no-safe-image' | 'timeout' | 'data-lost' | 'canceled' | 'bad-photos';

export interface User {
  id: string;
  provider: Provider;
  name: string | null;
  email: string | null;
  created_at: string;
  prediction_count: number;
  total_predict_time_s: number;
}

export interface Session {
  id: string;
  created_at: string;
  last_seen_at: string;
  expires_at: string;
  current: boolean;
}

export interface Quota {
  limit: number;
  used: number;
  resets_at: string | null;
}

export interface Quotas {
  trainings_per_day: Quota;
  running_trainings: Quota;
  predictions_per_day: Quota;
  photos_per_model: number;
}

export interface Consent {
  version: string;
  accepted_at: string;
}

export interface Retention {
  photo_days: number;
}

export interface Account extends User {
  quotas: Quotas;
  sessions: Session[];
  consent: Consent | null;
  required_consent: string;
  retention: Retention;
}

export interface Photo {
  id: string;
  name: string;
  width: number;
  height: number;
  bytes: number;
  content_type: string;
  url: string;
  caption: string | null;
  uploaded_at: string;
}

export interface PhotoLimits {
  max_photos: number;
  min_photos: number;
  max_bytes: number;
  min_side: number;
  max_side: number;
  max_pixels: number;
}

export interface PhotoList {
  photos: Photo[];
  limits: PhotoLimits;
}

export interface Progress {
  stage: Stage;
  percent: number | null;
  eta_s: number | null;
  heard_at: string;
}

export interface Version {
  id: string;
  trained_at: string;
  photos: number;
  preset: Preset;
  train_time_s: number;
  steps: number;
}

export interface Failure {
  reason: FailureReason;
  detail: string;
}

export interface TrainingFailure {
  reason: FailureReason;
  detail: string;
  refunded: boolean;
}

export interface Model {
  id: string;
  name: string;
  subject: Subject;
  trigger_word: string;
  state: ModelState;
  progress: Progress | null;
  photos: number;
  cover: string | null;
  versions: Version[];
  failure: TrainingFailure | null;
  created_at: string;
  updated_at: string;
}

export interface ModelList {
  models: Model[];
  next_cursor: string | null;
}

export interface Recipe {
  version: string;
  prompt: string;
  final_prompt: string;
  style: string | null;
  aspect_ratio: AspectRatio;
  count: number;
  seed: number;
  steps: number;
  guidance: number;
  lora_scale: number;
  format: Format;
}

export interface Image {
  url: string;
  width: number;
  height: number;
  bytes: number;
  content_type: string;
  placeholder: string;
}

export interface Prediction {
  id: string;
  model: string;
  state: PredictionState;
  recipe: Recipe;
  images: Image[];
  dropped: number;
  favorite: boolean;
  predict_time_s: number | null;
  failure: Failure | null;
  created_at: string;
  finished_at: string | null;
}

export interface PredictionList {
  predictions: Prediction[];
  next_cursor: string | null;
}

export interface Style {
  id: string;
  name: string;
  prompt: string;
  example: string;
}

export interface StyleList {
  styles: Style[];
}

export interface Providers {
  replicate: string;
  bytescale: string;
  mail: string;
  facebook: string;
  pushover: string;
  turnstile: string;
}

export interface Health {
  status: string;
  revision: string;
  environment: string;
  ledger: boolean;
  providers: Providers;
}

export interface LinkRequest {
  email: string;
  next?: string;
}

export interface LinkSent {
  expires_in_s: number;
}

export type ConfirmRequest = { token: string } | { code: string };

export interface Confirmed {
  next: string;
  user: User;
}

export interface VerifiedToken {
  user: User;
  session: Session;
}

export interface ConsentRequest {
  version: string;
}

export interface NewModel {
  name: string;
  subject: Subject;
}

export interface RenameModel {
  name: string;
}

export interface TrainRequest {
  model: string;
  preset?: Preset;
}

export interface CreateRequest {
  model: string;
  version?: string;
  prompt: string;
  style?: string;
  aspect_ratio?: AspectRatio;
  count?: number;
  seed?: number;
  format?: Format;
}

export interface DeletionStarted {
  url: string;
  confirmation_code: string;
}

export interface DeletedKind {
  kind: string;
  count: number;
  verified_gone: boolean;
}

export interface Receipt {
  state: 'running' | 'done';
  requested_at: string;
  finished_at: string | null;
  objects: DeletedKind[];
  signature: string;
}
