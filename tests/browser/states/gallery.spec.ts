// Two hundred pictures: found, chosen, taken home, compared and deleted.

import type { Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import type { Prediction } from '../../../frontend/src/lib/api/wire.gen.ts';
import { expect, noteFarewells, test, type Backend } from './backend.ts';
import { model, MODEL_ID, prediction } from './records.ts';

const PAGE = 16;
const all = Array.from({ length: 50 }, (_, n) => {
  const { recipe } = prediction(n);
  const prompt = n % 2 === 0 ? `On a windy pier, number ${n}` : `In a red raincoat, number ${n}`;
  return prediction(n + 1, {
    recipe: { ...recipe, count: 4, prompt, seed: n },
    created_at: new Date(Date.UTC(2026, 10, 22, 12) - n * 7_200_000).toISOString(),
  });
});

/** The list as the server narrows and pages it. */
function serve(backend: Backend, list: Prediction[] = all): void {
  backend
    .on('GET', `/api/model/${MODEL_ID}`, { body: model() })
    .on('GET', '/api/prediction', (request) => {
      const query = new URL(request.url()).searchParams;
      const found = list.filter((one) => one.recipe.prompt.includes(query.get('q') ?? ''));
      const from = Number(query.get('cursor') ?? 0);
      const next = from + PAGE < found.length ? String(from + PAGE) : null;
      return { body: { predictions: found.slice(from, from + PAGE), next_cursor: next } };
    })
    .on('GET', /\/image\/\d$/, { file: Buffer.from('the file of an image') })
    .on('DELETE', /^\/api\/prediction\//, { status: 202, body: {} });
}

/** The longest task of the page's main thread, in milliseconds of its own work: other programs of
    the machine do not count. */
function longestTask(trace: Buffer): number {
  const { traceEvents } = JSON.parse(trace.toString()) as {
    traceEvents: {
      name: string;
      pid: number;
      tid: number;
      tdur?: number;
      args: { name?: string };
    }[];
  };
  const mains = traceEvents
    .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
    .map(({ pid, tid }) => `${pid} ${tid}`);
  const tasks = traceEvents.filter(
    ({ name, pid, tid }) => name.endsWith('RunTask') && mains.includes(`${pid} ${tid}`),
  );
  // One that was running when the trace began or ended has no length.
  const lengths = tasks.flatMap(({ tdur }) => (tdur === undefined ? [] : [tdur / 1000]));
  expect(lengths.length, 'tasks in the trace').toBeGreaterThan(100);
  return Math.max(...lengths);
}

async function deleteAll(page: Page): Promise<void> {
  await page.goto(`/studio/${MODEL_ID}`);
  await page.getByRole('button', { name: 'Select' }).click();
  await page.getByRole('button', { name: 'Select all shown' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText('40 pictures deleted.')).toBeVisible();
}

/** Until what was asked for is on the screen. */
const frame = (page: Page) =>
  page.evaluate(() => new Promise((next) => requestAnimationFrame(() => setTimeout(next))));

test('two hundred pictures are scrolled without long tasks, and nothing jumps', async ({
  page,
  browser,
  backend,
}) => {
  serve(backend);
  await page.addInitScript(() => {
    const seen = { shift: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
      })[]) {
        if (!entry.hadRecentInput) seen.shift += entry.value;
      }
    }).observe({ type: 'layout-shift' });
  });
  await page.goto(`/studio/${MODEL_ID}`);
  await expect(page.getByRole('img', { name: /Open:/ }).first()).toBeVisible();
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] });
  for (let n = 0; n < 50; n += 1) {
    await page.mouse.wheel(0, 500);
    await frame(page);
  }
  // Looking for roles is work of the page too, so the trace ends before the test looks.
  const trace = await browser.stopTracing();
  await expect(page.getByRole('link', { name: /Open:/ })).toHaveCount(200);
  expect(longestTask(trace)).toBeLessThan(100);
  const shift = await page.evaluate(
    () => (window as unknown as { seen: { shift: number } }).seen.shift,
  );
  expect(shift).toBeLessThanOrEqual(0.05);
});

test('pictures are found by their description, fifty are chosen and saved as one file', async ({
  page,
  backend,
}) => {
  serve(backend);
  await page.goto(`/studio/${MODEL_ID}`);
  await page.getByLabel('Find in the descriptions').fill('raincoat');
  await expect.poll(() => page.getByRole('link', { name: /raincoat/ }).count()).toBeGreaterThan(50);
  await expect(page.getByRole('link', { name: /pier/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'Select' }).click();
  const boxes = page.getByRole('checkbox');
  await boxes.first().click();
  await boxes.nth(49).click({ modifiers: ['Shift'] });
  await expect(page.getByText('50 selected')).toBeVisible();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download as ZIP' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('selfie-Eileen.zip');
  await expect(page.getByText('50 pictures saved.')).toBeVisible();
  const bytes = await readFile(await file.path());
  // Every entry has one header in the directory at the end.
  expect(bytes.toString('latin1').split('PK\x01\x02')).toHaveLength(1 + 50 + 1);
  expect(bytes.includes('recipes.json')).toBe(true);
  expect(bytes.includes('the file of an image')).toBe(true);
});

test('a word is looked for while the next one is typed', async ({ page, backend }) => {
  serve(backend);
  await page.goto(`/studio/${MODEL_ID}`);
  const field = page.getByLabel('Find in the descriptions');
  await field.pressSequentially('red ');
  await expect(page.getByRole('link', { name: /pier/ })).toHaveCount(0);
  await field.pressSequentially('raincoat');
  await expect(field).toHaveValue('red raincoat');
});

test('a download that takes long is stopped', async ({ page, backend }) => {
  serve(backend);
  backend.on('GET', /\/image\/\d$/, () => 'never');
  await page.goto(`/studio/${MODEL_ID}`);
  await page.getByRole('button', { name: 'Select' }).click();
  await page.getByRole('button', { name: 'Select all shown' }).click();
  await page.getByRole('button', { name: 'Download as ZIP' }).click();
  await expect(page.getByRole('progressbar', { name: 'Progress of the download' })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).last().click();
  await expect(page.getByText('The download was stopped.')).toBeVisible();
});

test('what cannot be fetched is missing, and said', async ({ page, backend }) => {
  serve(backend, all.slice(0, 1));
  backend.on('GET', /\/image\/2$/, () => 'no-connection');
  await page.goto(`/studio/${MODEL_ID}`);
  await page.getByRole('button', { name: 'Select' }).click();
  await page.getByRole('button', { name: 'Select all shown' }).click();
  await page.getByRole('button', { name: 'Download as ZIP' }).click();
  await expect(page.getByText('3 pictures saved.')).toBeVisible();
  await expect(page.getByText('1 picture could not be fetched')).toBeVisible();
});

test('arrows lead from picture to picture, and letters act on the one that is reached', async ({
  page,
  backend,
}) => {
  serve(backend, all.slice(0, 6));
  const marked = { ...all[1], favorite: true };
  backend.on('PATCH', `/api/prediction/${all[1]?.id}`, { body: marked });
  await page.goto(`/studio/${MODEL_ID}`);
  const tiles = page.getByRole('link', { name: /Open:/ });
  await tiles.first().focus();
  for (let n = 0; n < 4; n += 1) await page.keyboard.press('ArrowRight');
  await expect(tiles.nth(4)).toBeFocused();
  await page.keyboard.press('f');
  await expect(page.getByRole('img', { name: 'Favourite', exact: true })).toHaveCount(4);
  const download = page.waitForEvent('download');
  await page.keyboard.press('d');
  expect((await download).suggestedFilename()).toBe(`selfie-${all[1]?.id}-1.webp`);
  await page.keyboard.press('ArrowDown');
  await expect(tiles.nth(4)).not.toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('x');
  await expect(page.getByText('1 selected')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('1 selected')).toBeHidden();
  await tiles.first().focus();
  await page.keyboard.press('Delete');
  await expect(tiles).toHaveCount(20);
  await expect(page.getByText('4 pictures deleted.')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(tiles).toHaveCount(24);
  expect(backend.calls.filter(({ method }) => method === 'DELETE')).toHaveLength(0);
});

test('what was deleted is gone when the page is left at once', async ({ page, backend }) => {
  serve(backend, all.slice(0, 2));
  const farewells = await noteFarewells(page);
  await page.goto(`/studio/${MODEL_ID}`);
  await page.getByRole('link', { name: /Open:/ }).first().focus();
  await page.keyboard.press('Delete');
  await page.goto('/privacy');
  expect(await farewells()).toEqual([`DELETE /api/prediction/${all[0]?.id}`]);
});

test('a key that is held deletes one order, and what is deleted soon after joins it', async ({
  page,
  backend,
}) => {
  serve(backend, all.slice(0, 6));
  await page.goto(`/studio/${MODEL_ID}`);
  const tiles = page.getByRole('link', { name: /Open:/ });
  await tiles.nth(4).focus();
  for (let n = 0; n < 4; n += 1) await page.keyboard.down('Delete');
  await page.keyboard.up('Delete');
  await expect(page.getByText('4 pictures deleted.')).toBeVisible();
  await expect(tiles).toHaveCount(20);
  await tiles.first().focus();
  await page.keyboard.press('Delete');
  await expect(tiles.first()).toBeFocused();
  await expect(page.getByText('8 pictures deleted.')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(tiles).toHaveCount(24);
  expect(backend.calls.filter(({ method }) => method === 'DELETE')).toHaveLength(0);
});

test('ten orders are gone when the page is left at once', async ({ page, backend }) => {
  serve(backend, all.slice(0, 10));
  const farewells = await noteFarewells(page);
  await deleteAll(page);
  await page.goto('/privacy');
  expect((await farewells()).toSorted()).toEqual(
    all.slice(0, 10).map(({ id }) => `DELETE /api/prediction/${id}`),
  );
});

test('ten orders are gone when the tab is out of sight, since it may never be seen again', async ({
  page,
  backend,
}) => {
  serve(backend, all.slice(0, 10));
  backend.on('DELETE', /^\/api\/prediction\//, () => 'never');
  await deleteAll(page);
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await expect
    .poll(() => backend.calls.filter(({ method }) => method === 'DELETE').length)
    .toBe(10);
});

test('what could not be deleted comes back with the reason', async ({ page, backend }) => {
  await page.clock.install();
  serve(backend, all.slice(0, 2));
  backend.on('DELETE', /^\/api\/prediction\//, () => 'no-connection');
  await page.goto(`/studio/${MODEL_ID}`);
  const tiles = page.getByRole('link', { name: /Open:/ });
  await tiles.first().focus();
  await page.keyboard.press('Delete');
  await expect(tiles).toHaveCount(4);
  await page.clock.runFor(8_100);
  await expect(tiles).toHaveCount(8);
  await expect(page.getByRole('alert')).toContainText('No connection');
});

test('two pictures are compared: looked at together, and by their recipes', async ({
  page,
  backend,
}) => {
  serve(backend, all.slice(0, 2));
  for (const one of all.slice(0, 2)) {
    backend.on('GET', `/api/prediction/${one.id}`, { body: one });
  }
  await page.goto(`/studio/${MODEL_ID}`);
  await page.getByRole('button', { name: 'Select' }).click();
  await page.getByRole('checkbox').first().click();
  await page.getByRole('checkbox').nth(5).click();
  await page.getByRole('button', { name: 'Compare' }).click();
  await expect(page.getByRole('heading', { name: 'Compare two pictures' })).toBeVisible();
  await expect(page.locator('del')).toHaveText(['On', 'windy pier,', '0']);
  await expect(page.locator('ins')).toHaveText(['In', 'red raincoat,', '1']);
  await expect(page.getByRole('row', { name: 'Seed 0 1' })).toBeVisible();
  const places = () =>
    page
      .locator('figure img')
      .evaluateAll((images) => images.map((image) => getComputedStyle(image).transform));
  const [before] = await places();
  await page.keyboard.press('+');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText('150 %')).toBeVisible();
  const after = await places();
  expect(after[0]).not.toBe(before);
  expect(after[1]).toBe(after[0]);
  await page.locator('figure').first().hover();
  await page.mouse.wheel(0, -400);
  const closer = await places();
  expect(closer[0]).not.toBe(after[0]);
  expect(closer[1]).toBe(closer[0]);
  await page.getByRole('button', { name: 'Whole' }).click();
  await expect(page.getByText('100 %')).toBeVisible();
});

test('images that are made appear one by one', async ({ page, backend }) => {
  await page.clock.install();
  const [whole] = all;
  const so_far = (n: number) => ({
    body: { ...whole, state: 'running', images: whole?.images.slice(0, n) },
  });
  serve(backend, []);
  backend
    .on('GET', '/api/prediction', { body: { predictions: [so_far(0).body], next_cursor: null } })
    .on('GET', `/api/prediction/${whole?.id}`, so_far(1));
  await page.goto(`/studio/${MODEL_ID}`);
  await expect(page.getByRole('link', { name: 'Being made' })).toHaveCount(4);
  await page.clock.runFor(2_100);
  await expect(page.getByRole('img', { name: /Open:/ })).toHaveCount(1);
  await expect(page.getByRole('link', { name: 'Being made' })).toHaveCount(3);
  await expect(page.getByRole('status').getByText('1 picture is ready.')).toBeAttached();
});
