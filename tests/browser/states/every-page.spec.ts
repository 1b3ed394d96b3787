import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './backend.ts';
import { open, scenes } from './scenes.ts';

for (const scene of scenes) {
  for (const theme of ['light', 'dark'] as const) {
    test(`${scene.name}: no accessibility fault in the ${theme} theme`, async ({
      page,
      backend,
    }) => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await open(scene, page, backend);
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
        .analyze();
      const faults = violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html).join()}`);
      expect(faults).toEqual([]);
    });
  }

  test(`${scene.name}: nothing scrolls sideways from 320 to 2560 pixels`, async ({
    page,
    backend,
  }) => {
    await open(scene, page, backend);
    for (const width of [320, 375, 768, 1440, 2560]) {
      await page.setViewportSize({ width, height: 800 });
      const right = await page.evaluate(() =>
        Math.max(
          ...[...document.querySelectorAll('body *:not(.visually-hidden, .skip)')].map(
            (element) => element.getBoundingClientRect().right,
          ),
        ),
      );
      expect(right, `at ${width} pixels`).toBeLessThanOrEqual(width);
    }
  });
}
