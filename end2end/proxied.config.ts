// What must work through a proxy: `tools/proxied` runs it for each that is there.

import { defineConfig } from '@playwright/test';

import { shared } from './support/config';

export default defineConfig({
  ...shared,
  outputDir: './test-results/proxied',
  testDir: '.',
  testMatch: ['proxied/*.spec.ts', 'tests/chat.spec.ts', 'tests/reconnect.spec.ts', 'tests/sign-in.spec.ts'],
  reporter: 'list',
});
