// Which server is tested, in which browser.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const target = resolve(__dirname, '../../target');

/** The server's program, and the folder of the built page where the program does not hold it itself. */
export function hubbub(): { program: string; site: string | undefined } {
  const { HUBBUB_BIN, LEPTOS_SITE_ROOT } = process.env;
  if (HUBBUB_BIN) {
    return { program: resolve(HUBBUB_BIN), site: LEPTOS_SITE_ROOT && resolve(LEPTOS_SITE_ROOT) };
  }
  const release = resolve(target, 'release/hubbub');
  if (existsSync(release)) {
    return { program: release, site: undefined };
  }
  return { program: resolve(target, 'debug/hubbub'), site: resolve(target, 'site') };
}

/** The browser to start; none is Playwright's own. */
export function chromium(): string | undefined {
  return process.env['CHROMIUM_PATH'] || ['/usr/bin/chromium'].find((path) => existsSync(path));
}
