import { expect, problem, test } from './backend.ts';
import { model, MODEL_ID } from './records.ts';

const page1 = { body: { models: [model()], next_cursor: 'more' } };

test.describe('the list of models', () => {
  test('shows its shape while it is on its way', async ({ page, backend }) => {
    backend.on('GET', '/api/model', () => 'never');
    await page.goto('/studio');
    await expect(page.getByRole('status', { name: 'Loading' })).toBeVisible();
  });

  test('says why it failed and loads on the next try', async ({ page, backend }) => {
    backend.on('GET', '/api/model', problem('storage-unavailable', 503));
    await page.goto('/studio');
    await expect(page.getByRole('alert')).toContainText('storage is not answering');
    backend.on('GET', '/api/model', page1);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('heading', { name: 'Eileen' })).toBeVisible();
    await expect(page.getByRole('alert')).toHaveCount(0);
  });

  test('shows more when asked', async ({ page, backend }) => {
    backend.on('GET', '/api/model', (request) =>
      new URL(request.url()).searchParams.get('cursor') === 'more'
        ? { body: { models: [model({ id: '1732280000000', name: 'Older' })], next_cursor: null } }
        : page1,
    );
    await page.goto('/studio');
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect(page.getByRole('heading', { name: 'Older' })).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Eileen' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Show more' })).toHaveCount(0);
  });

  test('a draft is taken up where it was left', async ({ page, backend }) => {
    const draft = model({ state: 'draft', versions: [] });
    backend.on('GET', '/api/model', { body: { models: [draft], next_cursor: null } });
    await page.goto('/studio');
    await expect(page.getByRole('link', { name: /Eileen/ })).toHaveAttribute(
      'href',
      `/studio/new?model=${MODEL_ID}`,
    );
  });
});
