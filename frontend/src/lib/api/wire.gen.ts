// The bodies of the HTTP interface. Made from src/api/wire.rs by `make update`; not to be edited.
// Times are RFC 3339; durations and sizes carry their unit in the name.

export type Provider = 'email' | 'facebook';
export type Subject = 'person' | 'man' | 'woman' | 'pet' | 'object';
export type Preset = 'fast' | 'quality';
export type AspectRatio =
  '1:1' | '16:9' | '21:9' | '3:2' | '2:3' | '4:5' | '5:4' | '3:4' | '4:3' | '9:16' | '9:21';
export type Format = 'webp' | 'jpg' | 'png';
export type ModelState =
  'draft' | 'bundled' | 'queued' | 'training' | 'ready' | 'failed' | 'canceled';
export type Stage = 'queued' | 'preparing' | 'captioning' | 'training' | 'saving';
export type PredictionState = 'queued' | 'running' | 'succeeded' | 'failed' | 'canceled';
export type FailureReason =
  'provider-error' | 'no-safe-image' | 'timeout' | 'data-lost' | 'bad-photos';

/** A person, as only they see themselves. */
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
  /** Whether it is the one that asks. */
  current: boolean;
}

export interface VerifiedToken {
  user: User;
  session: Session;
}

export interface Account {
  quotas: Quotas;
  sessions: Session[];
  consent: Consent | null;
  /** The version of the text that must be accepted before the first photo. */
  required_consent: string;
  retention: Retention;
  trainings: TrainingOffer[];
  /** Null where no vision model describes photos. */
  captioning: CaptionOffer | null;
  id: string;
  provider: Provider;
  name: string | null;
  email: string | null;
  created_at: string;
  prediction_count: number;
  total_predict_time_s: number;
}

export interface Quotas {
  trainings_per_day: Quota;
  running_trainings: Quota;
  predictions_per_day: Quota;
  captions_per_day: Quota;
  photos_per_model: number;
}

export interface Quota {
  limit: number;
  used: number;
  left: number;
  /** Null where the limit is not one of a day. */
  resets_at: string | null;
}

export interface Consent {
  version: string;
  accepted_at: string;
}

export interface Retention {
  photo_days: number;
}

/** What a training takes and costs at the most, by the configured prices. */
export interface TrainingOffer {
  preset: Preset;
  micro_usd: number;
  /** Null where the price names no second. */
  seconds: number | null;
}

/** What the description of a photo costs at the most. */
export interface CaptionOffer {
  micro_usd: number;
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
  /** What the vision model said of it, as long as the photo is kept. */
  description: string | null;
  /** Whether a description is on its way, or none came of the last request for one. */
  captioning: 'running' | 'failed' | null;
  uploaded_at: string;
}

export interface PhotoList {
  photos: Photo[];
  limits: PhotoLimits;
}

export interface PhotoLimits {
  max_photos: number;
  min_photos: number;
  max_bytes: number;
  min_side: number;
  max_side: number;
  max_pixels: number;
}

export interface Model {
  id: string;
  name: string;
  subject: Subject;
  trigger_word: string;
  /** `draft`, `bundled`, `queued`, `training`, `ready`, `failed` or `canceled`. */
  state: ModelState;
  progress: Progress | null;
  photos: number;
  cover: string | null;
  versions: Version[];
  failure: TrainingFailure | null;
  /** Of the training that runs, or of the last one. */
  preset: Preset | null;
  created_at: string;
  updated_at: string;
}

export interface Progress {
  stage: Stage;
  percent: number | null;
  /** Seconds left until half of the trainings like it are done; null without history. */
  eta_s: number | null;
  /** Whether nine of ten trainings like it took less. */
  late: boolean;
  heard_at: string;
}

export interface Version {
  id: string;
  trained_at: string;
  photos: number;
  /** Which photos it was made of; some may be gone. Empty for versions of before this was kept. */
  photo_ids: string[];
  preset: Preset;
  train_time_s: number;
  steps: number;
}

export interface TrainingFailure {
  reason: FailureReason;
  detail: string;
  /** Nothing was charged. */
  refunded: boolean;
}

export interface ModelList {
  models: Model[];
  next_cursor: string | null;
}

export interface Bundle {
  model: string;
  zip: Zip;
}

export interface Zip {
  photos: number;
  bytes: number;
  created_at: string;
}

export interface Prediction {
  id: string;
  model: string;
  /** `queued`, `running`, `succeeded`, `failed` or `canceled`. */
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
  /** The same, at most 640 pixels wide. */
  preview: string;
  width: number;
  height: number;
  bytes: number;
  content_type: string;
  placeholder: string;
}

export interface Failure {
  reason: FailureReason;
  detail: string;
}

export interface PredictionList {
  predictions: Prediction[];
  next_cursor: string | null;
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

/** What a deletion has come to; the signature is over all the rest. */
export interface Receipt {
  code: string;
  state: 'running' | 'done';
  requested_at: string;
  finished_at: string | null;
  objects: DeletedKind[];
  signature: string;
}

export interface LinkSent {
  expires_in_s: number;
}

export interface Confirmed {
  next: string;
  user: User;
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

export interface Health {
  status: string;
  revision: string;
  environment: string;
  ledger: boolean;
  providers: Providers;
  /** The box that the sign-in form must show; null where there is none. */
  turnstile: Turnstile | null;
}

/** `closed` (in order), `open` (not asked for a while), or `disabled`. */
export interface Providers {
  replicate: string;
  bytescale: string;
  mail: string;
  facebook: string;
  pushover: string;
  turnstile: string;
}

export interface Turnstile {
  site_key: string;
  /** The address of the script that shows the box. */
  script: string;
}

export interface LinkRequest {
  email: string;
  next?: string;
  'cf-turnstile-response'?: string;
}

export type ConfirmRequest = { token: string } | { code: string };

export interface ConsentRequest {
  version: string;
  language?: 'en' | 'de';
}

export interface DeleteRequest {
  confirm: 'delete';
}

export interface NewModel {
  name: string;
  subject: Subject;
}

export interface RenameModel {
  name: string;
  subject?: Subject;
}

export interface DescribeRequest {
  model: string;
  photo: string;
}

export interface CaptionRequest {
  caption?: string | null;
}

export interface BundleRequest {
  model: string;
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

export interface FavoriteRequest {
  favorite?: boolean;
}
