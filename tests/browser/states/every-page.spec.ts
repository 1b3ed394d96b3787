import type { Page } from '@playwright/test';
import { accessibilityFaults } from '../accessible.ts';
import { expect, test } from './backend.ts';
import { open, scenes } from './scenes.ts';

const WIDTHS = [320, 375, 768, 1440, 2560];

/** What is found is counted, for the last line of `make a11y`. */
async function scan(page: Page): Promise<string[]> {
  const faults = await accessibilityFaults(page);
  test
    .info()
    .annotations.push(
      { type: 'scanned', description: '1' },
      { type: 'violations', description: String(faults.length) },
    );
  return faults;
}

/** How far to the right anything on the page reaches that is not inside something that scrolls. */
const reach = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const scrolls = (element: Element) => getComputedStyle(element).overflowX !== 'visible';
    const inside = (element: Element): boolean => {
      const parent = element.parentElement;
      if (!parent || parent === document.body) return false;
      return scrolls(parent) || inside(parent);
    };
    const elements = [...document.querySelectorAll('body *:not(.visually-hidden, .skip)')];
    const shown = elements.filter((element) => !inside(element));
    return Math.max(...shown.map((element) => element.getBoundingClientRect().right));
  });

for (const scene of scenes) {
  test(`${scene.name}: accessible in both themes, and nothing reaches out of the window`, async ({
    page,
    backend,
  }) => {
    // Some scenes look at photos first.
    test.setTimeout(120_000);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await open(scene, page, backend);
    expect(await scan(page), 'in the light theme').toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    expect(await scan(page), 'in the dark theme').toEqual([]);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      expect(await reach(page), `at ${width} pixels`).toBeLessThanOrEqual(width);
    }
  });
}
