// `npm run screenshots` draws docs/screenshots anew. It is no test: it says nothing about what it shows.

import { defineConfig } from '@playwright/test';

import { shared } from './support/config';

export default defineConfig({ ...shared, testDir: './screenshots', testMatch: '*.ts', workers: 1, timeout: 180_000, reporter: 'list' });
