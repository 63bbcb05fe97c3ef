// Times in the viewer's zone, by the rules of their own day.

import type { Page } from '@playwright/test';

import { expect, test } from '../support/test';

/** What the timeline shows as times. */
function times(page: Page): Promise<string[]> {
  return page.getByRole('log').getByRole('article').getByRole('time').allInnerTexts();
}

/** How a browser of this place says a time: with two digits where its day has 24 hours, before AM and PM without breaking the line. */
function said(at: number, locale: string, timeZone: string): string {
  const hour = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions().hour12 ? 'numeric' : '2-digit';
  return new Date(at).toLocaleTimeString(locale, { hour, minute: '2-digit', timeZone }).replace(/\s/, '\u00a0');
}

for (const [timezoneId, locale] of [
  ['Europe/Berlin', 'de-DE'],
  ['Australia/Lord_Howe', 'en-GB'],
  ['America/St_Johns', 'en-US'],
  ['Asia/Kathmandu', 'en-US'],
  ['Asia/Taipei', 'zh-TW'],
] as const) {
  test(`${locale}, ${timezoneId}: what is read half a year later says the same, and the server says it too`, async ({ owner }) => {
    const ada = await owner('Ada Marlow', { timezoneId, locale });
    await ada.post(1, 'Said now.');
    const path = '/rooms/1/messages?limit=1';
    const { messages } = await ada.api<{ messages: { at: number }[] }>('GET', path);
    const time = said(messages[0]!.at, locale, timezoneId);
    await ada.enter();
    await expect.poll(() => times(ada.page)).toEqual([time]);
    // Half a year later, where summer time has begun or ended.
    await ada.page.clock.install({ time: Date.now() + 182 * 86_400_000 });
    await ada.enter();
    await ada.page.clock.fastForward('01:00');
    expect(await times(ada.page)).toEqual([time]);
    // The server knows the zone by now, and draws the same.
    const html = await (await ada.context.request.get('/rooms/1', { headers: { 'accept-language': locale } })).text();
    expect(html).toMatch(new RegExp(`<time>${time}<`));
  });
}
