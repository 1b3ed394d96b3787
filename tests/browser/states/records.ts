// Records as the API gives them, complete and plausible; a test names only what it is about.

import type {
  Account,
  Model,
  Photo,
  PhotoLimits,
  Prediction,
  Receipt,
} from '../../../frontend/src/lib/api/wire.gen.ts';
import { WORDED } from '../../../frontend/src/lib/text/consent.gen.ts';

/** What the pages that are tested show for agreement, where photos are kept for 30 days. */
export const CONSENT = `${WORDED}.30`;

export const MODEL_ID = '1732290000000';

const image = (n: number) => `/samples/portrait-${((n - 1) % 6) + 1}-640.webp`;
const PLACEHOLDER =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 1 1%22%3E%3Crect width=%221%22 height=%221%22 fill=%22%23b98%22/%3E%3C/svg%3E';

export function account(over: Partial<Account> = {}): Account {
  return {
    id: '2446087e115025a1',
    provider: 'email',
    name: null,
    email: 'eileen@example.com',
    created_at: '2026-10-01T09:00:00.000Z',
    prediction_count: 1284,
    total_predict_time_s: 8123.4,
    quotas: {
      trainings_per_day: { limit: 3, used: 1, left: 2, resets_at: '2026-11-23T00:00:00.000Z' },
      running_trainings: { limit: 1, used: 0, left: 1, resets_at: null },
      predictions_per_day: {
        limit: 100,
        used: 44,
        left: 56,
        resets_at: '2026-11-23T00:00:00.000Z',
      },
      captions_per_day: { limit: 100, used: 0, left: 100, resets_at: '2026-11-23T00:00:00.000Z' },
      photos_per_model: 30,
    },
    sessions: [
      {
        id: 'one',
        created_at: '2026-11-22T08:00:00.000Z',
        last_seen_at: '2026-11-22T18:00:00.000Z',
        expires_at: '2026-11-29T08:00:00.000Z',
        current: true,
      },
      {
        id: 'two',
        created_at: '2026-11-20T08:00:00.000Z',
        last_seen_at: '2026-11-21T11:30:00.000Z',
        expires_at: '2026-11-27T08:00:00.000Z',
        current: false,
      },
    ],
    consent: { version: CONSENT, accepted_at: '2026-11-28T08:01:00.000Z' },
    required_consent: CONSENT,
    retention: { photo_days: 30 },
    trainings: [
      { preset: 'fast', micro_usd: 1_500_000, seconds: 123 },
      { preset: 'quality', micro_usd: 2_000_000, seconds: 1311 },
    ],
    captioning: null,
    ...over,
  };
}

export function model(over: Partial<Model> = {}): Model {
  return {
    id: MODEL_ID,
    name: 'Eileen',
    subject: 'woman',
    trigger_word: 'EILSLF',
    state: 'ready',
    preset: 'fast',
    progress: null,
    photos: 12,
    cover: image(2),
    versions: [
      {
        id: 'v1',
        trained_at: '2026-11-21T10:00:00.000Z',
        photos: 12,
        photo_ids: [],
        preset: 'fast',
        train_time_s: 124,
        steps: 1000,
      },
    ],
    failure: null,
    created_at: '2026-11-21T09:40:00.000Z',
    updated_at: '2026-11-21T10:00:00.000Z',
    ...over,
  };
}

export const training = (over: Partial<Model> = {}): Model =>
  model({
    state: 'training',
    versions: [],
    progress: {
      stage: 'training',
      percent: 42,
      eta_s: 96,
      late: false,
      heard_at: new Date(Date.now() - 12_000).toISOString(),
    },
    ...over,
  });

export function photo(n: number, over: Partial<Photo> = {}): Photo {
  return {
    id: String(n).padStart(26, '0'),
    name: `IMG_${4000 + n}.jpg`,
    width: 1024,
    height: 1024,
    bytes: 180_000,
    content_type: 'image/jpeg',
    url: image(n),
    caption: null,
    description: null,
    captioning: null,
    uploaded_at: '2026-11-22T18:00:00.000Z',
    ...over,
  };
}

export const photos = (count: number): Photo[] =>
  Array.from({ length: count }, (_, index) => photo(index + 1));

export const limits: PhotoLimits = {
  max_photos: 30,
  min_photos: 4,
  max_bytes: 10_485_760,
  min_side: 256,
  max_side: 12_000,
  max_pixels: 50_000_000,
};

export function prediction(n: number, over: Partial<Prediction> = {}): Prediction {
  const count = over.recipe?.count ?? 1;
  return {
    id: `${MODEL_ID}_${String(n).padStart(26, '0')}`,
    model: MODEL_ID,
    state: 'succeeded',
    recipe: {
      version: 'v1',
      prompt: 'Portrait in a red raincoat on a windy pier, film grain',
      final_prompt: 'EILSLF Portrait in a red raincoat on a windy pier, film grain',
      style: null,
      aspect_ratio: '1:1',
      count,
      seed: 3_141_592_653,
      steps: 28,
      guidance: 3,
      lora_scale: 1,
      format: 'webp',
    },
    images: Array.from({ length: count }, (_, index) => ({
      url: image(n + index),
      preview: image(n + index),
      width: 640,
      height: 640,
      bytes: 40_000,
      content_type: 'image/webp',
      placeholder: PLACEHOLDER,
    })),
    dropped: 0,
    favorite: false,
    predict_time_s: 6.2,
    failure: null,
    created_at: '2026-11-22T17:00:00.000Z',
    finished_at: '2026-11-22T17:00:08.000Z',
    ...over,
  };
}

export const beingMade = (n: number): Prediction =>
  prediction(n, {
    state: 'running',
    images: [],
    finished_at: null,
    predict_time_s: null,
    recipe: { ...prediction(n).recipe, count: 4 },
  });

export function receipt(over: Partial<Receipt> = {}): Receipt {
  return {
    code: 'abc123',
    state: 'running',
    requested_at: '2026-11-22T17:00:00.000Z',
    finished_at: null,
    objects: [
      { kind: 'photos', count: 12, verified_gone: true },
      { kind: 'images', count: 48, verified_gone: false },
    ],
    signature: 'Mf_s6nTb38UYqioBmPqu0Ewm9souPZB9I2fIGwV729U',
    ...over,
  };
}
