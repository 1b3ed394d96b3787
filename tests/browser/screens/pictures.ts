// Takes the pictures of docs/screens/: every scene at two widths in both themes, small enough to be
// committed. It asserts nothing.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { test } from '../states/backend.ts';
import { open, scenes } from '../states/scenes.ts';

const FOLDER = fileURLToPath(new URL('../../../docs/screens', import.meta.url));
const WIDTHS = [375, 1440];
const THEMES = ['light', 'dark'] as const;
/** What lies further down tells nothing new. */
const TALLEST = 1500;

// A translation is looked at by the tests; one language is enough to see the page.
for (const scene of scenes.filter(({ name }) => !name.endsWith('in German'))) {
  const name = scene.name.toLowerCase().replaceAll(/[^a-z]+/g, '-');
  test(`picture of ${scene.name}`, async ({ page, backend }) => {
    test.setTimeout(120_000);
    await mkdir(FOLDER, { recursive: true });
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 1440, height: 900 });
    await open(scene, page, backend);
    for (const width of WIDTHS) {
      for (const colorScheme of THEMES) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.setViewportSize({ width, height: width < 600 ? 812 : 900 });
        await page.waitForLoadState('networkidle');
        await page.evaluate(() => new Promise((next) => requestAnimationFrame(next)));
        const height = await page.evaluate(() => document.documentElement.scrollHeight);
        const whole = await page.screenshot({ fullPage: true });
        const picture = await sharp(whole)
          .extract({ left: 0, top: 0, width, height: Math.min(height, TALLEST) })
          .resize({ width: Math.min(width, 900) })
          .webp({ quality: 34, effort: 6 })
          .toBuffer();
        await writeFile(join(FOLDER, `${name}-${width}-${colorScheme}.webp`), picture);
      }
    }
  });
}
