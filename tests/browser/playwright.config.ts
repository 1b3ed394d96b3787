// What a person does, in a real browser. The `journeys/` need the product and its stand-ins, whose
// addresses are in APP_ORIGIN and STAND_INS, and in GUARDED_ORIGIN another one with Turnstile; they
// come first, since they wait most. `states/` answers the API itself, to reach what is hard to
// reach: without APP_ORIGIN only the built pages are served, and only these are listed.

import { defineConfig, devices } from '@playwright/test';

import { CHROMIUM } from '../../tools/chromium.mjs';

const STATIC_ORIGIN = `http://127.0.0.1:${process.env.PORT ?? '4317'}`;
const product = process.env.APP_ORIGIN;

export default defineConfig({
  testDir: '.',
  testMatch: product ? '**/*.spec.ts' : 'states/**/*.spec.ts',
  outputDir: '../../test-results',
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  // The journeys mostly wait.
  workers: 3,
  timeout: 30_000,
  reporter: [['list']],
  use: {
    ...devices['Desktop Chrome'],
    baseURL: product ?? STATIC_ORIGIN,
    locale: 'en-GB',
    timezoneId: 'UTC',
    // It would answer instead of the test; the test of what it does allows it.
    serviceWorkers: 'block',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: CHROMIUM,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // Each test has a context of its own; a process for each costs a sixth of the time.
        '--renderer-process-limit=1',
        '--disable-site-isolation-trials',
      ],
    },
  },
  ...(product
    ? {}
    : {
        webServer: {
          command: 'node static-site.mjs',
          url: STATIC_ORIGIN,
          reuseExistingServer: false,
        },
      }),
});
