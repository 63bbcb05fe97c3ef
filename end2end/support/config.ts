// What the tests and the screenshots have in common.

import type { PlaywrightTestConfig } from '@playwright/test';

import { chromium } from './build';

const executablePath = chromium();

export const shared: PlaywrightTestConfig = {
  fullyParallel: true,
  // Each worker runs a server and a browser with several windows: more than the cores only make waits run out.
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 90_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: 'chromium',
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width: 1280, height: 800 },
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
};
