// Every page in every state worth looking at, for what must hold on all of them.

import type { Page } from '@playwright/test';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { problem, type Backend } from './backend.ts';
import { four, galleryScenes, styles } from './gallery-scenes.ts';
import {
  account,
  beingMade,
  limits,
  model,
  MODEL_ID,
  photo,
  photos,
  prediction,
  receipt,
  training,
} from './records.ts';

export interface Scene {
  name: string;
  path: string;
  /** Something that is on the page when it has settled. */
  shows: string | RegExp;
  set?: (backend: Backend) => unknown;
  act?: (page: Page) => Promise<void>;
}

const modelPath = `/api/model/${MODEL_ID}`;
const noPictures = { body: { predictions: [], next_cursor: null } };
const draft = model({ state: 'draft', versions: [] });
const folder = fileURLToPath(new URL('../../fixtures/photos', import.meta.url));
const withPhotos = (backend: Backend, count: number): Backend =>
  backend
    .on('GET', modelPath, { body: draft })
    .on('GET', '/api/bytescale', { body: { photos: photos(count), limits } });
const withCaptions = (backend: Backend): Backend => {
  const description = 'a woman in a red coat on a bench in a park, smiling, soft afternoon light';
  const set = [
    photo(1, { caption: description, description }),
    photo(2, { caption: 'by the window, in my own words', description }),
    photo(3, { description }),
    photo(4, { captioning: 'running' }),
    photo(5, { captioning: 'failed' }),
    photo(6),
  ];
  return withPhotos(backend, 6)
    .on('GET', '/api/account', { body: account({ captioning: { micro_usd: 10_000 } }) })
    .on('GET', '/api/bytescale', { body: { photos: set, limits } });
};
const unsafe = prediction(4, {
  state: 'failed',
  images: [],
  failure: { reason: 'no-safe-image', detail: 'The safety filter removed every picture.' },
});

export const scenes: Scene[] = [
  { name: 'landing', path: '/', shows: 'Make my model' },
  { name: 'privacy', path: '/privacy', shows: 'Your rights' },
  { name: 'terms', path: '/terms', shows: 'Whose photos' },
  { name: 'landing in German', path: '/de', shows: 'Mein Modell machen' },
  { name: 'privacy in German', path: '/de/privacy', shows: 'Deine Rechte' },
  { name: 'sign-in in German', path: '/sign-in?lang=de', shows: 'Link zuschicken' },
  { name: 'offline', path: '/offline', shows: 'You are offline' },
  { name: 'missing page', path: '/nope/nope', shows: 'There is nothing here' },
  {
    name: 'sign-in with Facebook and an error',
    path: '/sign-in?error=failed',
    shows: 'Continue with Facebook',
    set: (backend) =>
      backend.on('GET', '/api/health', { body: { providers: { facebook: 'closed' } } }),
  },
  {
    name: 'sign-in after asking',
    path: '/sign-in',
    shows: 'Look into your mail',
    set: (backend) =>
      backend.on('POST', '/api/magic-link', { status: 202, body: { expires_in_s: 600 } }),
    act: async (page) => {
      await page.getByLabel('Your e-mail address').fill('eileen@example.com');
      await page.getByRole('button', { name: 'Send me a link' }).click();
    },
  },
  { name: 'confirm', path: '/sign-in/confirm#t=token', shows: 'Sign me in' },
  {
    name: 'models',
    path: '/studio',
    shows: 'Mira in the mountains',
    set: (backend) => {
      const mira = training({ id: '1732290000001', name: 'Mira in the mountains', cover: null });
      const old = model({ id: '1732290000002', state: 'failed', name: 'Old one' });
      backend.on('GET', '/api/model', { body: { models: [model(), mira, old], next_cursor: 'x' } });
      backend.on('GET', '/api/model/1732290000001', { body: mira });
    },
  },
  {
    name: 'no models',
    path: '/studio',
    shows: 'No model yet',
    set: (backend) => backend.on('GET', '/api/model', { body: { models: [], next_cursor: null } }),
  },
  {
    name: 'consent',
    path: '/studio/new',
    shows: 'I agree',
    set: (backend) => backend.on('GET', '/api/account', { body: account({ consent: null }) }),
  },
  { name: 'no photos yet', path: '/studio/new', shows: 'Drop photos here or choose them' },
  {
    name: 'photos',
    path: `/studio/new?model=${MODEL_ID}&step=photos`,
    shows: 'What your set shows',
    set: (backend) => withPhotos(backend, 7),
  },
  {
    name: 'photos set aside',
    path: `/studio/new?model=${MODEL_ID}&step=photos`,
    shows: 'Set aside (4)',
    set: (backend) => {
      let n = 3;
      withPhotos(backend, 3).on('POST', '/api/bytescale', () => ({
        status: 201,
        body: photo((n += 1)),
      }));
    },
    act: async (page) => {
      const names = ['good-01.jpg', 'bad-blurry.jpg', 'bad-no-face.jpg', 'bad-two-faces.jpg'];
      await page
        .getByLabel('Choose photos')
        .setInputFiles([...names.map((name) => join(folder, name))]);
      await page.getByRole('heading', { name: 'Set aside (3)' }).waitFor({ timeout: 60_000 });
      const notes = { name: 'notes.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('a text') };
      await page.getByLabel('Choose photos').setInputFiles(notes);
    },
  },
  {
    name: 'photos held back by a lost connection',
    path: `/studio/new?model=${MODEL_ID}&step=photos`,
    shows: 'The photos you chose are kept on this device',
    set: (backend) => withPhotos(backend, 3).on('POST', '/api/bytescale', () => 'no-connection'),
    act: async (page) => {
      const names = ['good-02.jpg', 'good-03.jpg'];
      await page.getByLabel('Choose photos').setInputFiles(names.map((name) => join(folder, name)));
      await page.getByRole('alert').waitFor({ timeout: 60_000 });
    },
  },
  {
    name: 'captions',
    path: `/studio/new?model=${MODEL_ID}&step=captions`,
    shows: 'Use captions in the training',
    set: (backend) => withCaptions(backend),
  },
  {
    name: 'captions in German',
    path: `/studio/new?model=${MODEL_ID}&step=captions&lang=de`,
    shows: 'Bildtexte im Training verwenden',
    set: (backend) => withCaptions(backend),
  },
  {
    name: 'name and subject',
    path: `/studio/new?model=${MODEL_ID}&step=name`,
    shows: 'The photos show',
    set: (backend) => withPhotos(backend, 12),
  },
  {
    name: 'review',
    path: `/studio/new?model=${MODEL_ID}&step=review`,
    shows: 'Train my model',
    set: (backend) => withPhotos(backend, 12),
  },
  {
    name: 'training',
    path: `/studio/${MODEL_ID}`,
    shows: 'Learning your face',
    set: (backend) =>
      backend
        .on('GET', modelPath, () => ({ body: training() }))
        .on('GET', '/api/prediction', noPictures),
  },
  {
    name: 'late training',
    path: `/studio/${MODEL_ID}`,
    shows: 'longer than usual',
    set: (backend) =>
      backend.on('GET', '/api/prediction', noPictures).on('GET', modelPath, () => {
        const late = training();
        return { body: { ...late, progress: { ...late.progress, eta_s: 0, late: true } } };
      }),
  },
  {
    name: 'failed training',
    path: `/studio/${MODEL_ID}`,
    shows: 'Train again',
    set: (backend) =>
      backend.on('GET', '/api/prediction', noPictures).on('GET', modelPath, {
        body: model({
          state: 'failed',
          versions: [],
          failure: {
            reason: 'bad-photos',
            detail: 'Too few of the photos could be used. Add clearer ones and try again.',
            refunded: true,
          },
        }),
      }),
  },
  {
    name: 'ready model with pictures',
    path: `/studio/${MODEL_ID}`,
    shows: 'Being made',
    set: (backend) =>
      backend
        .on('GET', modelPath, { body: model() })
        .on('GET', '/api/styles', { body: { styles } })
        .on('GET', `/api/prediction/${beingMade(1).id}`, { body: beingMade(1) })
        .on('GET', '/api/prediction', {
          body: {
            predictions: [
              beingMade(1),
              prediction(2, { favorite: true }),
              four,
              unsafe,
              prediction(5, { created_at: '2026-11-20T10:00:00.000Z' }),
            ],
            next_cursor: 'x',
          },
        }),
  },
  ...galleryScenes,
  {
    name: 'picture',
    path: `/studio/${MODEL_ID}/${four.id}?image=2`,
    shows: 'Recipe',
    set: (backend) => backend.on('GET', `/api/prediction/${four.id}`, { body: four }),
  },
  {
    name: 'create',
    path: '/create',
    shows: 'No pictures yet',
    set: (backend) =>
      backend
        .on('GET', '/api/model', { body: { models: [model()], next_cursor: null } })
        .on('GET', '/api/prediction', noPictures),
  },
  { name: 'account', path: '/account', shows: 'Sign out everywhere' },
  {
    name: 'deletion receipt',
    path: '/deletion/abc123',
    shows: 'Verified gone',
    set: (backend) => backend.on('GET', '/api/deletion/abc123', { body: receipt() }),
  },
  {
    name: 'failure of ours',
    path: `/studio/${MODEL_ID}`,
    shows: 'Something failed on our side',
    set: (backend) =>
      backend
        .on('GET', modelPath, problem('internal', 500))
        .on('GET', '/api/prediction', noPictures),
  },
];

export async function open(scene: Scene, page: Page, backend: Backend): Promise<void> {
  scene.set?.(backend);
  await page.goto(scene.path);
  await scene.act?.(page);
  await page.getByText(scene.shows).first().waitFor();
}
