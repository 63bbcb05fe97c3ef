// Jump to a day: from the label of a day or by G D, to the first message of that day in the viewer's zone.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { expect, test } from '../support/test';

test.use({ settings: { HUBBUB_SEND_PER_S: '0', HUBBUB_HTTP_PER_S_ADDRESS: '0', HUBBUB_DURABILITY: 'normal' } });

const TITLE = 'Jump to a day';

/** A day in a zone, so many days from today, as a date field has it. */
function day(shift: number, zone: string): string {
  return new Date(Date.now() + shift * 86_400_000).toLocaleDateString('sv', { timeZone: zone });
}

async function clean(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`));
    expect.soft(found, `${what}, ${colorScheme}`).toEqual([]);
  }
}

for (const zone of ['Asia/Shanghai', 'America/St_Johns']) {
  test(`today's first message is gone to, in ${zone}; a day without any is told`, async ({ owner }) => {
    const ada = await owner('Ada Marlow', { timezoneId: zone });
    const first = await ada.post(1, 'The first of all.');
    for (let line = 1; line <= 150; line += 1) {
      await ada.post(1, `Line ${line}.`);
    }
    await ada.enter();
    await expect(ada.message('Line 150.')).toBeVisible();
    await ada.log.press('g');
    await ada.page.keyboard.press('d');
    const dialog = ada.page.getByRole('dialog', { name: TITLE });
    const field = dialog.getByLabel('Day', { exact: true });
    await expect(field).toHaveValue(day(0, zone));
    await clean(ada.page, TITLE);
    await field.fill(day(2, zone));
    await dialog.getByRole('button', { name: 'Go there' }).click();
    await expect(dialog.getByText('Nothing was said on that day or after it.')).toBeVisible();
    await expect(field).toBeFocused();
    await field.fill(day(0, zone));
    await field.press('Enter');
    await expect(dialog).toHaveCount(0);
    await expect(ada.page).toHaveURL(new RegExp(`at=${first}$`));
    await expect(ada.message('The first of all.')).toBeInViewport();
  });
}

test('the label of a day opens it with that day; Escape gives the focus back', async ({ owner }) => {
  const ada = await owner();
  await ada.post(1, 'Hello.');
  await ada.enter();
  const label = ada.log.getByRole('heading', { name: 'Today' }).getByRole('button');
  await label.click();
  const dialog = ada.page.getByRole('dialog', { name: TITLE });
  await expect(dialog.getByLabel('Day', { exact: true })).toHaveValue(/^\d{4}-\d\d-\d\d$/);
  await ada.page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(label).toBeFocused();
});

test('on a phone the dialog fits', async ({ owner }) => {
  const ada = await owner('Ada Marlow', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await ada.post(1, 'Hello.');
  await ada.enter();
  await ada.log.getByRole('heading', { name: 'Today' }).getByRole('button').tap();
  const dialog = ada.page.getByRole('dialog', { name: TITLE });
  await expect(dialog).toBeVisible();
  const box = (await dialog.boundingBox())!;
  expect(box.x).toBeGreaterThanOrEqual(0);
  expect(box.x + box.width).toBeLessThanOrEqual(390);
  await dialog.getByRole('button', { name: 'Go there' }).tap();
  await expect(dialog).toHaveCount(0);
  await expect(ada.message('Hello.')).toBeInViewport();
});
