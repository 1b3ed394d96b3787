// The gallery in its states, and what is reached from it.

import type { Prediction } from '../../../frontend/src/lib/api/wire.gen.ts';
import type { Backend } from './backend.ts';
import { model, MODEL_ID, prediction } from './records.ts';
import type { Scene } from './scenes.ts';

const modelPath = `/api/model/${MODEL_ID}`;
export const four = prediction(7, {
  recipe: { ...prediction(7).recipe, count: 4 },
  favorite: true,
});
const other = prediction(9, {
  recipe: {
    ...prediction(9).recipe,
    prompt: 'Portrait in a yellow raincoat on a windy pier, film grain',
    style: 'oil-painting',
    seed: 7,
  },
});
export const styles = ['film', 'oil-painting', 'pencil', 'neon-night', 'comic', 'snow'].map(
  (id) => ({
    id,
    name: id,
    prompt: id,
    example: `/styles/${id}.webp`,
  }),
);

const gallery = (backend: Backend, predictions: Prediction[]): Backend =>
  backend
    .on('GET', modelPath, { body: model() })
    .on('GET', '/api/styles', { body: { styles } })
    .on('GET', '/api/prediction', { body: { predictions, next_cursor: null } });

export const galleryScenes: Scene[] = [
  {
    name: 'choosing pictures',
    path: `/studio/${MODEL_ID}`,
    shows: '2 selected',
    set: (backend) => gallery(backend, [four, prediction(2)]),
    act: async (page) => {
      await page.getByRole('button', { name: 'Select' }).click();
      await page.getByRole('checkbox').first().click();
      await page.getByRole('checkbox').nth(2).click();
    },
  },
  {
    name: 'deleted pictures',
    path: `/studio/${MODEL_ID}`,
    shows: '4 pictures deleted.',
    set: (backend) =>
      gallery(backend, [four, prediction(2)]).on('DELETE', /./, { status: 202, body: {} }),
    act: async (page) => {
      await page.getByRole('link', { name: /Open:/ }).first().focus();
      await page.keyboard.press('Delete');
    },
  },
  {
    name: 'no picture found',
    path: `/studio/${MODEL_ID}`,
    shows: 'Nothing found',
    set: (backend) =>
      gallery(backend, [four]).on('GET', '/api/prediction', (request) => {
        const q = new URL(request.url()).searchParams.get('q');
        return { body: { predictions: q ? [] : [four], next_cursor: null } };
      }),
    act: (page) => page.getByLabel('Find in the descriptions').fill('submarine'),
  },
  {
    name: 'change one thing',
    path: `/studio/${MODEL_ID}?from=${four.id}`,
    shows: 'Nothing is changed yet',
    set: (backend) =>
      gallery(backend, [four]).on('GET', `/api/prediction/${four.id}`, { body: four }),
  },
  {
    name: 'comparing',
    path: `/studio/compare?a=${four.id}.0&b=${other.id}.0`,
    shows: 'What differs',
    set: (backend) =>
      backend
        .on('GET', `/api/prediction/${four.id}`, { body: four })
        .on('GET', `/api/prediction/${other.id}`, { body: other }),
  },
  {
    name: 'choosing what to compare with',
    path: `/studio/compare?a=${four.id}.0`,
    shows: 'Compare with which picture?',
    set: (backend) =>
      backend
        .on('GET', `/api/prediction/${four.id}`, { body: four })
        .on('GET', '/api/prediction', { body: { predictions: [four, other], next_cursor: null } }),
  },
];
