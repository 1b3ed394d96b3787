import { expect, problem, test } from './backend.ts';
import { beingMade, model, MODEL_ID, prediction } from './records.ts';

const modelPath = `/api/model/${MODEL_ID}`;

test.describe('pictures', () => {
  const open = { body: { predictions: [], next_cursor: null } };

  test('an order holds its places until the pictures come', async ({ page, backend }) => {
    await page.clock.install();
    const made = beingMade(1);
    backend
      .on('GET', modelPath, { body: model() })
      .on('GET', '/api/prediction', open)
      .on('POST', '/create', { status: 202, body: made })
      .on('GET', `/api/prediction/${made.id}`, { body: made });
    await page.goto(`/studio/${MODEL_ID}`);
    await page.getByLabel('Describe the picture').fill('On a windy pier');
    await page.getByRole('radio', { name: '16:9' }).check();
    await page.getByRole('button', { name: 'Make pictures' }).click();
    await expect(page.getByRole('link', { name: 'Being made' })).toHaveCount(4);
    const [call] = backend.calledWith('POST', '/create');
    expect(JSON.parse(call?.body ?? '')).toEqual({
      model: MODEL_ID,
      prompt: 'On a windy pier',
      aspect_ratio: '16:9',
      count: 4,
      format: 'webp',
    });
    backend.on('GET', `/api/prediction/${made.id}`, {
      body: prediction(1, { recipe: { ...made.recipe, prompt: 'On a windy pier' } }),
    });
    await page.clock.runFor(2_100);
    await expect(page.getByRole('img', { name: 'Open: On a windy pier' })).toHaveCount(4);
    await expect(page.getByRole('link', { name: 'Being made' })).toHaveCount(0);
  });

  test('an order that is gone leaves, and the one beside it comes all the same', async ({
    page,
    backend,
  }) => {
    await page.clock.install();
    const [one, other] = [beingMade(1), beingMade(2)];
    backend
      .on('GET', modelPath, { body: model() })
      .on('GET', '/api/prediction', { body: { predictions: [one, other], next_cursor: null } })
      .on('GET', `/api/prediction/${one.id}`, problem('not-found', 404))
      .on('GET', `/api/prediction/${other.id}`, { body: prediction(2) });
    await page.goto(`/studio/${MODEL_ID}`);
    await expect(page.getByRole('link', { name: 'Being made' })).toHaveCount(8);
    await page.clock.runFor(2_100);
    await expect(page.getByRole('img', { name: /Open:/ })).toHaveCount(1);
    await expect(page.getByRole('link', { name: 'Being made' })).toHaveCount(0);
    await expect(page.getByRole('alert')).toHaveCount(0);
  });

  test('an order whose answer was lost is repeated under the same key', async ({
    page,
    backend,
  }) => {
    const made = prediction(1);
    backend
      .on('GET', modelPath, { body: model() })
      .on('GET', '/api/prediction', open)
      .on('POST', '/create', () => 'no-connection');
    await page.goto(`/studio/${MODEL_ID}`);
    await page.getByLabel('Describe the picture').fill('On a windy pier');
    const make = page.getByRole('button', { name: 'Make pictures' });
    await make.click();
    await expect(page.getByRole('alert')).toContainText('No connection');
    backend.on('POST', '/create', { status: 202, body: made });
    await make.click();
    await expect(page.getByRole('alert')).toHaveCount(0);
    await make.click();
    await expect.poll(() => backend.calledWith('POST', '/create').length).toBe(3);
    const keys = backend
      .calledWith('POST', '/create')
      .map((call) => call.headers['idempotency-key']);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[1]);
  });

  test('an order keeps its key until an answer of ours decides it', async ({ page, backend }) => {
    const html = (status: number) => ({
      status,
      body: 'no answer',
      headers: { 'Content-Type': 'text/html' },
    });
    backend.on('GET', modelPath, { body: model() }).on('GET', '/api/prediction', open);
    await page.goto(`/studio/${MODEL_ID}`);
    await page.getByLabel('Describe the picture').fill('On a windy pier');
    for (const [answer, said] of [
      [html(502), 'The answer made no sense'],
      [problem('storage-unavailable', 503), 'storage is not answering'],
      [html(524), 'The answer made no sense'],
      [problem('provider-refused', 502), 'refused'],
      [problem('internal', 500), 'Something failed on our side'],
    ] as const) {
      backend.on('POST', '/create', answer);
      await page.getByRole('button', { name: 'Make pictures' }).click();
      await expect(page.getByRole('alert')).toContainText(said);
    }
    const keys = backend
      .calledWith('POST', '/create')
      .map((call) => call.headers['idempotency-key']);
    expect(keys.map((key) => keys.indexOf(key))).toEqual([0, 0, 0, 0, 4]);
  });

  test('a double click orders once', async ({ page, backend }) => {
    backend
      .on('GET', modelPath, { body: model() })
      .on('GET', '/api/prediction', open)
      .on('POST', '/create', () => 'never');
    await page.goto(`/studio/${MODEL_ID}`);
    await page.getByLabel('Describe the picture').fill('On a windy pier');
    await page.getByRole('button', { name: 'Make pictures' }).dblclick();
    await expect(page.getByRole('button', { name: 'Ordering' })).toBeDisabled();
    await expect.poll(() => backend.calledWith('POST', '/create').length).toBe(1);
  });

  test('a reached limit is said with its numbers and when it ends', async ({ page, backend }) => {
    backend
      .on('GET', modelPath, { body: model() })
      .on('GET', '/api/prediction', open)
      .on(
        'POST',
        '/create',
        problem('quota-exceeded', 429, {
          limit: 100,
          used: 100,
          resets_at: '2026-11-23T00:00:00.000Z',
          headers: { 'Retry-After': '3600' },
        }),
      );
    await page.goto(`/studio/${MODEL_ID}`);
    await page.getByLabel('Describe the picture').fill('On a windy pier');
    await page.getByRole('button', { name: 'Make pictures' }).click();
    await expect(page.getByRole('alert')).toContainText('100 of 100');
    await expect(page.getByRole('alert')).toContainText('23 Nov 2026, 00:00');
  });

  test('the favourites can be shown alone', async ({ page, backend }) => {
    backend.on('GET', modelPath, { body: model() }).on('GET', '/api/prediction', (request) => {
      const favorites = new URL(request.url()).searchParams.get('favorite') === 'true';
      const body = { predictions: favorites ? [] : [prediction(1)], next_cursor: null };
      return { body };
    });
    await page.goto(`/studio/${MODEL_ID}`);
    await expect(page.getByRole('img', { name: /Open:/ })).toHaveCount(1);
    await page.getByRole('button', { name: 'Favourites' }).click();
    await expect(page.getByRole('heading', { name: 'No favourites yet' })).toBeVisible();
  });

  test('an expired address is fetched anew once', async ({ page, backend }) => {
    const old = prediction(1);
    const fresh = prediction(1);
    const stale = { ...old, images: [{ ...old.images[0]!, preview: '/samples/expired.webp' }] };
    backend
      .on('GET', modelPath, { body: model() })
      .on('GET', '/api/prediction', { body: { predictions: [stale], next_cursor: null } })
      .on('GET', `/api/prediction/${old.id}`, { body: fresh });
    await page.goto(`/studio/${MODEL_ID}`);
    const image = page.getByRole('img', { name: /Open:/ });
    await expect(image).toHaveAttribute('src', fresh.images[0]!.preview);
    expect(backend.calledWith('GET', `/api/prediction/${old.id}`)).toHaveLength(1);
  });
});

test('an address that stays broken is not asked for again and again', async ({ page, backend }) => {
  await page.clock.install();
  const one = prediction(1);
  let n = 0;
  const broken = () => {
    n += 1;
    return { ...one, images: [{ ...one.images[0]!, preview: `/samples/broken-${n}.webp` }] };
  };
  backend
    .on('GET', modelPath, { body: model() })
    .on('GET', '/api/prediction', { body: { predictions: [broken()], next_cursor: null } })
    .on('GET', `/api/prediction/${one.id}`, () => ({ body: broken() }));
  const second = page.waitForResponse(/broken-2/);
  await page.goto(`/studio/${MODEL_ID}`);
  await second;
  await page.clock.runFor(30_000);
  expect(backend.calledWith('GET', `/api/prediction/${one.id}`)).toHaveLength(1);
});

test('an order from among the favourites shows all pictures again', async ({ page, backend }) => {
  const made = beingMade(9);
  backend
    .on('GET', modelPath, { body: model() })
    .on('POST', '/create', { status: 202, body: made })
    .on('GET', '/api/prediction', (request) => {
      const favorites = new URL(request.url()).searchParams.get('favorite') === 'true';
      return { body: { predictions: favorites ? [] : [made, prediction(1)], next_cursor: null } };
    })
    .on('GET', `/api/prediction/${made.id}`, { body: made });
  await page.goto(`/studio/${MODEL_ID}`);
  await page.getByRole('button', { name: 'Favourites' }).click();
  await page.getByLabel('Describe the picture').fill('On a windy pier');
  await page.getByRole('button', { name: 'Make pictures' }).click();
  await expect(page.getByRole('button', { name: 'All' })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByRole('link', { name: 'Being made' })).toHaveCount(4);
  await expect(page.getByRole('img', { name: /Open:/ })).toHaveCount(1);
});
