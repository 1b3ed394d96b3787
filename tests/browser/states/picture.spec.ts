import { expect, test } from './backend.ts';
import { model, MODEL_ID, prediction } from './records.ts';

const modelPath = `/api/model/${MODEL_ID}`;

test.describe('one picture', () => {
  const four = prediction(7, { recipe: { ...prediction(7).recipe, count: 4 } });
  const path = `/api/prediction/${four.id}`;

  test.beforeEach(async ({ page, backend }) => {
    backend.on('GET', path, { body: four });
    await page.goto(`/studio/${MODEL_ID}/${four.id}`);
    await expect(page.getByRole('heading', { name: 'Recipe' })).toBeVisible();
  });

  test('is leafed through and marked by keyboard', async ({ page, backend }) => {
    backend.on('PATCH', path, { body: { ...four, favorite: true } });
    await page.keyboard.press('ArrowRight');
    await expect(page).toHaveURL(/image=2/);
    await expect(page.getByRole('button', { name: 'Picture 2 of 4' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    await page.keyboard.press('f');
    await expect(page.getByRole('button', { name: 'Favourite' })).toHaveAttribute(
      'aria-pressed',
      'true',
    );
    expect(backend.calledWith('PATCH', path)[0]?.body).toBe('{"favorite":true}');
  });

  test('is downloaded under a name of ours', async ({ page, backend }) => {
    backend.on('GET', `${path}/image/1`, { file: Buffer.from('image') });
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).click();
    expect((await download).suggestedFilename()).toBe(`selfie-${four.id}-1.webp`);
  });

  test('is run again exactly, the seed included', async ({ page, backend }) => {
    const again = prediction(8);
    backend
      .on('POST', '/create', { status: 202, body: again })
      .on('GET', `/api/prediction/${again.id}`, { body: again });
    await page.getByRole('button', { name: 'Run again exactly' }).click();
    await page.waitForURL(`/studio/${MODEL_ID}/${again.id}`);
    const [call] = backend.calledWith('POST', '/create');
    expect(JSON.parse(call?.body ?? '')).toMatchObject({
      version: 'v1',
      seed: four.recipe.seed,
      prompt: four.recipe.prompt,
    });
  });

  test('its recipe fills the prompt box when one thing is to change', async ({ page, backend }) => {
    backend
      .on('GET', modelPath, { body: model() })
      .on('GET', '/api/prediction', { body: { predictions: [], next_cursor: null } });
    await page.getByRole('link', { name: 'Change one thing' }).click();
    await expect(page.getByLabel('Describe the picture')).toHaveValue(four.recipe.prompt);
    await expect(page.getByLabel('Seed')).toHaveValue(String(four.recipe.seed));
  });

  test('whose version was deleted is changed with the newest one', async ({ page, backend }) => {
    const newer = { ...model().versions[0]!, id: 'v2' };
    backend
      .on('GET', modelPath, { body: model({ versions: [newer] }) })
      .on('GET', '/api/prediction', { body: { predictions: [], next_cursor: null } })
      .on('POST', '/create', { status: 202, body: prediction(9) });
    await page.getByRole('link', { name: 'Change one thing' }).click();
    await expect(page.getByText('Changed: Version')).toBeVisible();
    await page.getByRole('button', { name: 'Make pictures' }).click();
    await expect(page.getByRole('img', { name: /Open:/ })).toHaveCount(1);
    const [call] = backend.calledWith('POST', '/create');
    expect(JSON.parse(call?.body ?? '')).toEqual({
      model: MODEL_ID,
      prompt: four.recipe.prompt,
      aspect_ratio: '1:1',
      count: 4,
      format: 'webp',
      seed: four.recipe.seed,
    });
  });

  test('deleted twice at once it keeps its way back', async ({ page, backend }) => {
    backend
      .on('DELETE', path, { status: 202, body: {} })
      .on('GET', modelPath, { body: model() })
      .on('GET', '/api/prediction', { body: { predictions: [four], next_cursor: null } });
    await page.evaluate(() => {
      const press = () => new KeyboardEvent('keydown', { key: 'Delete', bubbles: true });
      for (let n = 0; n < 2; n += 1) document.body.dispatchEvent(press());
    });
    await page.waitForURL(`/studio/${MODEL_ID}`);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByRole('img', { name: /Open:/ })).toHaveCount(4);
    expect(backend.calledWith('DELETE', path)).toHaveLength(0);
  });

  test('is deleted with a way back, and for good when its time is over', async ({
    page,
    backend,
  }) => {
    await page.clock.install();
    backend
      .on('DELETE', path, { status: 202, body: {} })
      .on('GET', modelPath, { body: model() })
      .on('GET', '/api/prediction', { body: { predictions: [four], next_cursor: null } });
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.waitForURL(`/studio/${MODEL_ID}`);
    await expect(page.getByRole('status').getByText('4 pictures deleted.')).toBeVisible();
    await expect(page.getByRole('heading', { name: 'No pictures yet' })).toBeVisible();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByRole('img', { name: /Open:/ })).toHaveCount(4);
    await page.clock.runFor(20_000);
    expect(backend.calledWith('DELETE', path)).toHaveLength(0);

    await page.getByRole('img', { name: /Open:/ }).first().click();
    // The page that is left has things to delete, too.
    await page.waitForURL(`/studio/${MODEL_ID}/*`);
    await page.getByRole('button', { name: 'Delete' }).click();
    await expect(page.getByText('4 pictures deleted.')).toBeVisible();
    await page.clock.runFor(8_100);
    await expect(page.getByText('4 pictures deleted.')).toBeHidden();
    expect(backend.calledWith('DELETE', path)).toHaveLength(1);
  });
});
