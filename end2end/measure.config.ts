// `npm run measure` measures the page in a browser. It is no test: a loaded machine would fail it.

import { defineConfig } from '@playwright/test';

import { shared } from './support/config';

export default defineConfig({ ...shared, testDir: './measure', testMatch: '*.ts', workers: 1, timeout: 180_000, reporter: 'list' });
