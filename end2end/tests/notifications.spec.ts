// What a room tells: its level, the count in the tab's title and its icon, and reading rooms to their ends.

import type { Page } from '@playwright/test';

import type { Person } from '../support/person';
import { expect, test } from '../support/test';

test.use({ settings: { HUBBUB_SEND_PER_S: '0', HUBBUB_HTTP_PER_S_ADDRESS: '0', HUBBUB_DURABILITY: 'normal' } });

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2, reducedMotion: 'reduce' } as const;

async function level(person: Person, says: string): Promise<void> {
  const { page } = person;
  await page.getByRole('button', { name: 'Room menu' }).click();
  await page.getByRole('menuitem', { name: 'Notifications' }).click();
  const radio = page.getByRole('dialog').getByRole('radio', { name: says });
  await radio.check();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await expect(page.locator('dialog')).toHaveCount(0);
}

/** The icon of the tab has a dot, or not. */
async function dotted(page: Page, yes: boolean): Promise<void> {
  await expect(page.locator('link[rel=icon]')).toHaveAttribute('href', yes ? '/favicon-you.svg' : '/favicon.svg');
}

test('the title counts what each room tells, and the icon has a dot while something is to one', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const desk = await ada.makeRoom('desk');
  await ada.enter(`/rooms/${desk}`);
  const { page } = ada;
  await dotted(page, false);
  await wren.post(1, 'One.');
  await expect(page).toHaveTitle('(1) desk · Hubbub');
  await dotted(page, false);
  await wren.post(1, '@Ada-Marlow two.');
  await expect(page).toHaveTitle('(2) desk · Hubbub');
  await dotted(page, true);
  const icon = await ada.context.request.get(`${ada.origin}/favicon-you.svg`);
  expect(icon.headers()['content-type']).toContain('image/svg+xml');

  await ada.row('general').click();
  await expect(page).toHaveTitle('general · Hubbub');
  await dotted(page, false);
  await level(ada, 'What is to me');
  await ada.row('desk').click();
  await wren.post(1, 'Three.');
  await expect(ada.row('general').getByText('1 unread')).toBeAttached();
  await expect(page).toHaveTitle('desk · Hubbub');
  await wren.post(1, '@here four.');
  await expect(page).toHaveTitle('(1) desk · Hubbub');
  await dotted(page, true);
  await expect(page.getByRole('status').filter({ hasText: 'four.' }).first()).toBeAttached();

  await ada.row('general').click();
  await level(ada, 'Nothing');
  await expect(ada.row('general')).toContainText('tells nothing');
  await ada.row('desk').click();
  await wren.post(1, '@Ada-Marlow five.');
  await expect(ada.row('For you')).toContainText('1');
  await expect(page).toHaveTitle('desk · Hubbub');
  await dotted(page, false);
  await expect(page.locator('.toast').filter({ hasText: 'five.' })).toHaveCount(0);
});

test('a level is chosen by keys alone, and another page knows it within a second', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  const { page } = ada;
  const other = await ada.context.newPage();
  await ada.enter('/', other);
  await page.getByRole('button', { name: 'Room menu' }).focus();
  await page.keyboard.press('Enter');
  const item = page.getByRole('menuitem', { name: 'Notifications' });
  while (!(await item.and(page.locator(':focus')).count())) {
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Notifications from #general' });
  await expect(dialog.getByRole('radio', { name: 'Everything' })).toBeChecked();
  await expect(dialog.getByRole('radio', { name: 'Everything' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(dialog.getByRole('radio', { name: 'What is to me' })).toBeChecked();
  await page.keyboard.press('ArrowDown');
  await expect(dialog.getByRole('radio', { name: 'Nothing' })).toBeChecked();
  await expect(other.getByRole('navigation', { name: 'Rooms' }).getByText('tells nothing')).toBeAttached({ timeout: 1_000 });
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Room menu' })).toBeFocused();
  await page.reload();
  await page.getByRole('button', { name: 'Room menu' }).click();
  await item.click();
  await expect(dialog.getByRole('radio', { name: 'Nothing' })).toBeChecked();
});

test('a room is marked read by its menu, all rooms by the menu of the pane and by "All read"', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const desk = await ada.makeRoom('desk');
  await wren.api('POST', `/rooms/${desk}/members`, {});
  await ada.enter(`/rooms/${desk}`);
  const { page } = ada;
  const other = await ada.context.newPage();
  await ada.enter('/', other);
  for (let line = 1; line <= 80; line++) {
    await wren.post(1, `Line ${line}.`);
  }
  const unread = ada.rooms.locator('a.row.unread');
  await ada.row('general').click();
  await expect(ada.row('general')).toContainText(/\d/);
  await page.getByRole('button', { name: 'Room menu' }).click();
  await page.getByRole('menuitem', { name: 'Mark read' }).click();
  await expect(unread).toHaveCount(0);
  await expect.poll(() => ada.unread(1)).toBe(0);
  await page.getByRole('button', { name: 'Room menu' }).click();
  await expect(page.getByRole('menuitem', { name: 'Mark read' })).toHaveCount(0);
  await page.keyboard.press('Escape');

  await ada.row('Saved').click();
  await wren.post(1, 'Again.');
  await wren.post(desk, '@Ada-Marlow here.');
  await expect(unread).toHaveCount(3);
  await page.getByRole('button', { name: 'New room or message' }).click();
  await page.getByRole('menuitem', { name: 'Mark all read' }).click();
  await expect(unread).toHaveCount(0);
  await expect(other.getByRole('navigation', { name: 'Rooms' }).locator('a.row.unread')).toHaveCount(0, { timeout: 1_000 });

  await ada.row('For you').click();
  await wren.post(desk, '@Ada-Marlow there.');
  const list = page.getByRole('region', { name: 'For you' });
  await expect(list.locator('.yours')).toHaveCount(1);
  await list.getByRole('button', { name: 'All read' }).click();
  await expect(list.locator('.yours')).toHaveCount(0);
  await expect(list.getByRole('link')).toHaveCount(2);
  await expect(list.getByRole('heading', { name: 'For you' })).toBeFocused();
  await dotted(page, false);
});

test('levels on a phone', async ({ owner }) => {
  const ada = await owner('Ada Marlow', phone);
  await ada.enter();
  await level(ada, 'Nothing');
  await ada.page.getByRole('link', { name: 'Back to rooms' }).tap();
  await expect(ada.row('general')).toContainText('tells nothing');
});
