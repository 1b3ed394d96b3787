// What is kept of a consent is the hash of what was on the screen, in either language.

import { expect, test, type Page } from '@playwright/test';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readArchive } from '../../../tools/archive.mjs';
import { expectAccessible } from '../accessible.ts';
import { somebody } from '../people.ts';

/** Reads the text as a person sees it, agrees, and takes the account home. */
async function agree(page: Page, button: string): Promise<{ read: string; kept: string }> {
  const points = page.getByRole('main').locator('section').getByRole('listitem');
  await expect(points.first()).toBeVisible();
  const text = (await points.allInnerTexts()).join('\n');
  await expectAccessible(page);
  await page.getByRole('button', { name: button }).click();
  await expect(page.getByRole('button', { name: button })).toHaveCount(0);
  await page.goto('/account');
  const begun = page.waitForEvent('download');
  await page.locator('a[href="/api/account/export"]').click();
  const entries = readArchive(readFileSync(await (await begun).path()));
  const journal = JSON.parse(entries.get('journal.json')?.toString() ?? '') as {
    consent_text_sha256: string;
  };
  return {
    read: createHash('sha256').update(text).digest('hex'),
    kept: journal.consent_text_sha256,
  };
}

for (const [language, button] of [
  ['en', 'I agree'],
  ['de', 'Ich stimme zu'],
] as const) {
  test(`what was agreed to is what was read: ${language}`, async ({ page }) => {
    await somebody(page, `consent-${language}@example.com`);
    await page.goto(`/studio/new?lang=${language}`);
    const { read, kept } = await agree(page, button);
    expect(kept).toBe(read);
  });
}
