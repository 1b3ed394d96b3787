import { expect, noteFarewells, problem, test } from './backend.ts';
import { account, limits, model, MODEL_ID, photo, photos, prediction } from './records.ts';
import type { Photo } from '../../../frontend/src/lib/api/wire.gen.ts';

const step = `/studio/new?model=${MODEL_ID}&step=captions`;
const modelPath = `/api/model/${MODEL_ID}`;
const draft = model({ state: 'draft', versions: [] });
const captioning = { micro_usd: 10_000 };
const words = 'a woman wearing a red coat, standing in a park, soft light';
const described = (n: number): Photo => photo(n, { caption: words, description: words });

test.beforeEach(({ backend }) => {
  backend
    .on('GET', '/api/account', { body: account({ captioning }) })
    .on('GET', modelPath, { body: draft });
});

test('photos are described one by one, and nothing is asked before the press that says its price', async ({
  page,
  backend,
}) => {
  let set = photos(4);
  backend
    .on('GET', '/api/bytescale', () => ({ body: { photos: set, limits } }))
    .on('POST', '/api/caption', (request) => {
      const { photo: id } = request.postDataJSON() as { photo: string };
      const running = { ...set.find((one) => one.id === id)!, captioning: 'running' as const };
      set = set.map((one) =>
        one.id === id ? { ...one, caption: words, description: words } : one,
      );
      return { status: 202, body: running };
    });
  await page.goto(step);
  await expect(page.getByText('For 4 photos: nothing for you; at most USD')).toBeVisible();
  expect(backend.calledWith('POST', '/api/caption')).toHaveLength(0);
  await page.getByRole('button', { name: 'Describe 4 photos' }).click();
  await expect(page.getByText('Being described …').first()).toBeVisible();
  await expect(page.getByText('4 of 4 photos have a caption.')).toBeVisible();
  await expect(page.getByLabel('Caption of photo 3', { exact: true })).toHaveValue(words);
  const asked = backend.calledWith('POST', '/api/caption');
  expect(asked).toHaveLength(4);
  expect(new Set(asked.map(({ headers }) => headers['idempotency-key'])).size).toBe(4);
});

test('a caption is written, switched off and on again without asking anybody', async ({
  page,
  backend,
}) => {
  let one = described(1);
  backend
    .on('GET', '/api/bytescale', () => ({
      body: { photos: [one, described(2), described(3), described(4)], limits },
    }))
    .on('PATCH', `/api/bytescale/${one.id}`, (request) => {
      one = { ...one, ...(request.postDataJSON() as { caption: string | null }) };
      return { body: one };
    });
  await page.goto(step);
  const field = page.getByLabel('Caption of photo 1', { exact: true });
  await field.fill('in a\nred hat');
  await field.press('Tab');
  await expect(page.getByText('In your words.')).toBeVisible();
  await expect(page.getByText(`Described as: “${words}”`)).toBeVisible();
  const use = page.getByRole('switch', { name: 'Use it: Caption of photo 1' });
  await use.uncheck();
  await expect(page.getByText('Off: the training goes without it.')).toBeVisible();
  await expect(field).toBeDisabled();
  await use.check();
  await expect(field).toHaveValue('in a red hat');
  await expect(field).toBeEnabled();
  const told = backend.calledWith('PATCH', `/api/bytescale/${one.id}`).map(({ body }) => body);
  expect(told).toEqual([
    '{"caption":"in a red hat"}',
    '{"caption":null}',
    '{"caption":"in a red hat"}',
  ]);
  expect(backend.calledWith('POST', '/api/caption')).toHaveLength(0);
});

test('what was being typed when the page is left is sent with its last breath', async ({
  page,
  backend,
}) => {
  backend.on('GET', '/api/bytescale', {
    body: { photos: [described(1), ...photos(4).slice(1)], limits },
  });
  const farewells = await noteFarewells(page);
  await page.goto(step);
  await page.getByLabel('Caption of photo 1', { exact: true }).fill('in a red hat');
  await page.goto('/privacy');
  expect(await farewells()).toEqual([
    `PATCH /api/bytescale/${described(1).id}?model=${MODEL_ID} {"caption":"in a red hat"}`,
  ]);
});

test('what was typed stays until it was taken, and is told again when the field is left again', async ({
  page,
  backend,
}) => {
  const one = described(1);
  backend
    .on('GET', '/api/bytescale', { body: { photos: [one, ...photos(4).slice(1)], limits } })
    .on('PATCH', `/api/bytescale/${one.id}`, problem('storage-unavailable', 503));
  await page.goto(step);
  const field = page.getByLabel('Caption of photo 1', { exact: true });
  await field.fill('in a red hat');
  await field.press('Tab');
  await expect(page.getByRole('alert')).toContainText('storage is not answering');
  await expect(field).toHaveValue('in a red hat');
  backend.on('PATCH', `/api/bytescale/${one.id}`, { body: { ...one, caption: 'in a red hat' } });
  await field.focus();
  await field.press('Tab');
  await expect(page.getByText('In your words.')).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  expect(backend.calledWith('PATCH', `/api/bytescale/${one.id}`)).toHaveLength(2);
});

test('what was being typed is told when the step is left by going back', async ({
  page,
  backend,
}) => {
  const one = described(1);
  backend
    .on('GET', '/api/bytescale', { body: { photos: [one, ...photos(4).slice(1)], limits } })
    .on('PATCH', `/api/bytescale/${one.id}`, { body: { ...one, caption: 'in a red hat' } });
  // Not every browser says that a field changed which is taken away.
  await page.addInitScript(() => {
    for (const kind of ['change', 'blur', 'focusout']) {
      const hide = (event: Event) => {
        if (event.target instanceof HTMLTextAreaElement) event.stopImmediatePropagation();
      };
      window.addEventListener(kind, hide, true);
    }
  });
  await page.goto(step.replace('captions', 'name'));
  await page
    .getByRole('navigation', { name: 'Steps' })
    .getByRole('link', { name: 'Captions' })
    .click();
  await page.getByLabel('Caption of photo 1', { exact: true }).fill('in a red hat');
  await page.goBack();
  await expect(page.getByLabel('Name of the model')).toBeVisible();
  await expect
    .poll(() => backend.calledWith('PATCH', `/api/bytescale/${one.id}`).map(({ body }) => body))
    .toEqual(['{"caption":"in a red hat"}']);
  await page.goForward();
  await expect(page.getByLabel('Caption of photo 1', { exact: true })).toHaveValue('in a red hat');
});

test('all captions are switched off and on again, and each comes back in the words it had', async ({
  page,
  backend,
}) => {
  let set = [photo(1, { caption: 'by the window' }), described(2), ...photos(4).slice(2)];
  backend
    .on('GET', '/api/bytescale', () => ({ body: { photos: set, limits } }))
    .on('PATCH', /^\/api\/bytescale\//, (request) => {
      const id = new URL(request.url()).pathname.split('/').at(-1);
      const told = request.postDataJSON() as { caption: string | null };
      set = set.map((one) => (one.id === id ? { ...one, ...told } : one));
      return { body: set.find((one) => one.id === id) };
    });
  await page.goto(step);
  const all = page.getByRole('switch', { name: 'Use captions in the training' });
  await all.uncheck();
  await expect(page.getByText('Off: the training goes without it.')).toHaveCount(2);
  await page.reload();
  await expect(page.getByText('Off: the training goes without it.')).toHaveCount(2);
  await all.check();
  await expect(page.getByText('2 of 4 photos have a caption.')).toBeVisible();
  await expect(page.getByLabel('Caption of photo 1', { exact: true })).toHaveValue('by the window');
  await expect(page.getByLabel('Caption of photo 2', { exact: true })).toHaveValue(words);
});

test('describing that was left in the middle goes on where it was, and asks about nothing twice', async ({
  page,
  backend,
}) => {
  const [first, second, ...rest] = photos(6);
  let set: Photo[] = [first!, second!, ...rest];
  const running = (id: string) =>
    set.map((one) => (one.id === id ? { ...one, captioning: 'running' as const } : one));
  backend
    .on('GET', '/api/bytescale', () => ({ body: { photos: set, limits } }))
    .on('POST', '/api/caption', (request) => {
      const { photo: id } = request.postDataJSON() as { photo: string };
      set = running(id);
      return { status: 202, body: set.find((one) => one.id === id)! };
    });
  await page.goto(step);
  await page.getByRole('button', { name: /^Describe: Photo 1/ }).click();
  await page.getByRole('button', { name: /^Describe: Photo 2/ }).click();
  await expect(page.getByText('Being described …')).toHaveCount(2);
  await page.goto('/privacy');
  await page.goto(`/studio/new?model=${MODEL_ID}`);
  await expect(page.getByRole('heading', { name: 'Captions' })).toBeVisible();
  await expect(page.getByText('Being described …')).toHaveCount(2);
  set = set.map((one) =>
    one.captioning === 'running'
      ? { ...one, captioning: null, caption: words, description: words }
      : one,
  );
  await expect(page.getByLabel('Caption of photo 2', { exact: true })).toHaveValue(words);
  await page.getByRole('button', { name: 'Describe 4 photos' }).click();
  await expect(page.getByText('Being described …')).toHaveCount(4);
  // Each is shown as being described before its request has left.
  const asked = () =>
    backend
      .calledWith('POST', '/api/caption')
      .map(({ body }) => (JSON.parse(body ?? '') as { photo: string }).photo)
      .toSorted();
  await expect.poll(asked).toEqual(set.map(({ id }) => id).toSorted());
});

test('one that failed says so and keeps nobody from training', async ({ page, backend }) => {
  const failed = photo(1, { captioning: 'failed' });
  backend
    .on('GET', '/api/bytescale', { body: { photos: [failed, ...photos(4).slice(1)], limits } })
    .on('POST', '/api/caption', problem('quota-exceeded', 429, { limit: 100, used: 100 }));
  await page.goto(step);
  await expect(page.getByText('It could not be described. That cost nothing.')).toBeVisible();
  await page.getByRole('button', { name: /^Describe: Photo 1/ }).click();
  await expect(page.getByText('The limit is reached')).toBeVisible();
  await page.getByRole('button', { name: 'Go on without captions' }).click();
  await expect(page.getByRole('button', { name: 'Train my model' })).toBeEnabled();
  await expect(page.getByText('0 of 4 photos')).toBeVisible();
});

test('where no vision model is, there is no such step', async ({ page, backend }) => {
  backend
    .on('GET', '/api/account', { body: account() })
    .on('GET', '/api/bytescale', { body: { photos: photos(4), limits } });
  await page.goto(step);
  await page.waitForURL(/step=review/);
  await expect(page.getByText('Captions')).toHaveCount(0);
});

test('what was seen in the photos is among the ideas for a prompt', async ({ page, backend }) => {
  backend
    .on('GET', modelPath, { body: model() })
    .on('GET', '/api/styles', { body: { styles: [] } })
    .on('GET', '/api/prediction', { body: { predictions: [prediction(1)], next_cursor: null } })
    .on('GET', '/api/bytescale', { body: { photos: [described(1), described(2)], limits } });
  await page.goto(`/studio/${MODEL_ID}`);
  const idea = 'wearing a red coat, standing in a park, soft light';
  await page.getByRole('button', { name: idea }).click();
  await expect(page.getByLabel('Describe the picture')).toHaveValue(idea);
});
