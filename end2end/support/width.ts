// How wide a page is.

import type { Page } from '@playwright/test';

/** By how many pixels something stands out of the width of the page, or of what scrolls in it. */
export function standsOut(page: Page): Promise<number> {
  return page.evaluate(() => {
    const scrolls = [document.documentElement, ...document.querySelectorAll('main')];
    return Math.max(...scrolls.map((one) => one.scrollWidth - one.clientWidth));
  });
}
