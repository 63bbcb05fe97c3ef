import { defineConfig } from '@playwright/test';

import { shared } from './support/config';

export default defineConfig({
  ...shared,
  testDir: './tests',
  reporter: [['list'], ['html', { open: 'never' }]],
  // A trace costs more than the test itself; `--trace on` makes one.
  use: { ...shared.use, screenshot: 'only-on-failure' },
});
