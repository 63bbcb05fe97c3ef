// The same smoke in other engines than Chromium: the system's own Firefox and WebKit, each driven by what it speaks itself.

import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: './engines',
  outputDir: './test-results/engines',
  reporter: [['list']],
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  timeout: 90_000,
  expect: { timeout: 10_000 },
  projects: [
    { name: 'firefox', metadata: { engine: 'firefox' } },
    { name: 'webkit', metadata: { engine: 'webkit' } },
  ],
});
