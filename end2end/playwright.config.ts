import { defineConfig } from '@playwright/test';

import { shared } from './support/config';

export default defineConfig({
  ...shared,
  projects: [
    { name: 'pages', testDir: './tests' },
    // Once the others are done, so that it has the machine for itself; alone: `tools/pages --project lighthouse --no-deps`.
    { name: 'lighthouse', testDir: './lighthouse', dependencies: ['pages'] },
  ],
  reporter: [['list'], ['html', { open: 'never' }]],
  // A trace costs more than the test itself; `--trace on` makes one.
  use: { ...shared.use, screenshot: 'only-on-failure' },
});
