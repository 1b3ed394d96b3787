// Hands that only have a keyboard.

import type { Page } from '@playwright/test';

const FARTHEST = 120;

/** Presses Tab until the focus is on what has this name, as somebody does who looks for it. */
export async function reach(page: Page, name: string | RegExp): Promise<void> {
  const here = page.locator(':focus');
  const wanted = here
    .and(page.getByRole('button', { name }))
    .or(here.and(page.getByRole('link', { name })))
    .or(here.and(page.getByLabel(name)));
  for (let tabs = 0; tabs < FARTHEST; tabs += 1) {
    if ((await wanted.count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the keyboard does not reach ${String(name)}`);
}

/** Counts every press of a pointer from now on, on this page and those after it. */
export async function watchPointers(page: Page): Promise<() => number> {
  let presses = 0;
  await page.exposeFunction('pointerPressed', () => (presses += 1));
  await page.addInitScript(() => {
    const pressed = () => (window as unknown as { pointerPressed: () => void }).pointerPressed();
    for (const kind of ['pointerdown', 'mousedown', 'touchstart']) {
      addEventListener(kind, pressed, { capture: true });
    }
  });
  return () => presses;
}
