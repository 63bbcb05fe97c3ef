// Times in the viewer's zone, by the rules of their own day.

import type { Page } from '@playwright/test';

import { expect, test } from '../support/test';

/** What the timeline shows as times. */
function times(page: Page): Promise<string[]> {
  return page.getByRole('log').getByRole('article').getByRole('time').allInnerTexts();
}

/** How a browser of this zone says a time. */
function said(at: number, timeZone: string): string {
  return new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone });
}

for (const timezoneId of ['Europe/Berlin', 'Australia/Lord_Howe', 'America/St_Johns', 'Asia/Kathmandu']) {
  test(`${timezoneId}: what is read half a year later says the same, and the server says it too`, async ({ owner }) => {
    const ada = await owner('Ada Marlow', { timezoneId });
    await ada.post(1, 'Said now.');
    const path = '/rooms/1/messages?limit=1';
    const { messages } = await ada.api<{ messages: { at: number }[] }>('GET', path);
    const time = said(messages[0]!.at, timezoneId);
    await ada.enter();
    await expect.poll(() => times(ada.page)).toEqual([time]);
    // Half a year later, where summer time has begun or ended.
    await ada.page.clock.install({ time: Date.now() + 182 * 86_400_000 });
    await ada.enter();
    await ada.page.clock.fastForward('01:00');
    expect(await times(ada.page)).toEqual([time]);
    // The server knows the zone by now, and draws the same.
    const html = await (await ada.context.request.get('/rooms/1')).text();
    expect(html).toMatch(new RegExp(`<time>${time}<`));
  });
}
