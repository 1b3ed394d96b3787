// The sign-in page of an operator who has configured Turnstile.

import { expect, test } from '@playwright/test';
import { expectAccessible } from '../accessible.ts';

const guarded = process.env.GUARDED_ORIGIN ?? '';

test('the form is sent once the box has been passed', async ({ page }) => {
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) faults.push(message.text());
  });
  await page.goto(`${guarded}/sign-in`);
  const frame = page.frameLocator('iframe[title="Check that you are human"]');
  await expect(frame.getByText('A stand-in has checked you.')).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('Your e-mail address').fill('eileen@example.com');
  const asked = page.waitForRequest((request) => request.url().endsWith('/api/magic-link'));
  await page.getByRole('button', { name: 'Send me a link' }).click();
  const sent = JSON.parse((await asked).postData() ?? '') as Record<string, string>;
  expect(sent['cf-turnstile-response']).toMatch(/^0\../);
  await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();
  expect(faults).toEqual([]);
});

test('without the box the form cannot be sent, and says why', async ({ page }) => {
  await page.route('**/turnstile/v0/api.js*', (route) => route.abort());
  await page.goto(`${guarded}/sign-in`);
  await expect(page.getByRole('alert')).toContainText('could not be loaded');
  await page.getByLabel('Your e-mail address').fill('eileen@example.com');
  await expect(page.getByRole('button', { name: 'Send me a link' })).toBeDisabled();
});

test('where nothing is configured nothing is loaded from elsewhere', async ({ page, baseURL }) => {
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(baseURL ?? '')) foreign.push(request.url());
  });
  await page.goto('/sign-in');
  await expect(page.getByRole('link', { name: 'Continue with Facebook' })).toBeVisible();
  await expect(page.locator('iframe')).toHaveCount(0);
  expect(foreign).toEqual([]);
});
