// What is for one: mentions and direct messages of all rooms.

import type { Locator, Page } from '@playwright/test';

import type { Person } from '../support/person';
import { expect, test } from '../support/test';

test.use({ settings: { HUBBUB_SEND_PER_S: '0', HUBBUB_HTTP_PER_S_ADDRESS: '0', HUBBUB_DURABILITY: 'normal' } });

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2, reducedMotion: 'reduce' } as const;

function list(page: Page): Locator {
  return page.getByRole('region', { name: 'For you' });
}

/** The direct room of two people. */
async function direct(one: Person, other: Person): Promise<number> {
  const { user } = await other.api<{ user: { id: number } }>('GET', '/users/me');
  const { room } = await one.api<{ room: { id: number } }>('POST', '/direct', { users: [user.id] });
  return room.id;
}

test('mentions and direct messages, the newest first, each a way to its message', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await wren.post(1, 'The newsletter goes out.');
  await wren.post(1, '@Ada-Marlow can you be at the desk at 17:30?');
  for (let line = 1; line <= 120; line++) {
    await wren.post(1, `Line ${line}.`);
  }
  const talk = await direct(wren, ada);
  await wren.post(talk, 'Psst.');
  const desk = await ada.makeRoom('desk');
  await ada.enter(`/rooms/${desk}`);
  const { page } = ada;
  await expect(ada.row('For you')).toContainText('2');
  await ada.row('For you').click();
  await expect(page).toHaveURL(/\/for-you$/);
  const links = list(page).getByRole('link');
  await expect(links).toHaveCount(2);
  await expect(links.first()).toContainText('Wren Fairchild to you');
  await expect(links.first()).toContainText('Psst.');
  await expect(links.first()).toBeFocused();
  await expect(links.last()).toContainText('in #general');
  await expect(list(page).locator('.yours')).toHaveCount(2);
  await expect(list(page).getByRole('button')).toHaveText(['All read']);

  await links.last().click();
  await expect(ada.message('can you be at the desk')).toBeInViewport();
  await expect(ada.message('can you be at the desk')).toBeFocused();
  await page.goBack();
  await expect(links).toHaveCount(2);
});

test('by keys alone, and in step with what comes, is read and is deleted', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const desk = await ada.makeRoom('desk');
  await ada.enter(`/rooms/${desk}`);
  const { page } = ada;
  await ada.row('desk').focus();
  await page.keyboard.press('Home');
  await expect(ada.row('For you')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(list(page)).toContainText('Nothing is waiting for you');
  await expect(list(page)).toContainText('Mentions and direct messages gather here.');
  await wren.post(1, '@Ada-Marlow one.');
  const links = list(page).getByRole('link');
  await expect(links).toHaveCount(1);
  await expect(ada.row('For you').getByText('1 unread')).toBeAttached();
  await wren.post(1, '@here two.');
  await expect(links).toHaveCount(2);
  await expect(links.first()).toContainText('two.');
  await wren.enter();
  const drop = async (text: string): Promise<void> => {
    await wren.message(text).focus();
    await wren.page.keyboard.press('Delete');
    await wren.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect(wren.message(text)).toHaveCount(0);
  };
  await drop('one.');
  await expect(links).toHaveCount(1);

  await ada.row('For you').focus();
  await page.keyboard.press('F6');
  await expect(list(page).locator(':focus')).toHaveCount(1);
  await page.keyboard.press('Shift+F6');
  await expect(ada.row('For you')).toBeFocused();

  const other = await ada.context.newPage();
  await ada.enter('/rooms/1', other);
  await expect(list(page).locator('.yours')).toHaveCount(0);
  await expect(links).toHaveCount(1);
  await expect(ada.row('For you')).not.toContainText('1');
  // What is read is taken off as well, once it is deleted.
  await drop('two.');
  await expect(links).toHaveCount(0);
});

test('on a phone it is a tab', async ({ owner, guest }) => {
  const ada = await owner('Ada Marlow', phone);
  const wren = await guest(ada, 'Wren Fairchild');
  await wren.post(1, '@Ada-Marlow can you be at the desk at 17:30? The schedule has nobody for the hand-over.');
  await ada.enter('/');
  const { page } = ada;
  const tab = page.getByRole('link', { name: /^For you/ }).and(page.locator('.tabs > *')).filter({ visible: true });
  await expect(tab).toContainText('1');
  await tab.tap();
  await expect(tab).toHaveAttribute('aria-current', 'page');
  await expect(ada.rooms).toBeHidden();
  const link = list(page).getByRole('link', { name: /Wren Fairchild/ });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await link.tap();
  await expect(ada.message('can you be at the desk')).toBeInViewport();
  await page.goBack();
  await expect(link).toBeVisible();
  await page.getByRole('link', { name: 'Rooms', exact: true }).filter({ visible: true }).tap();
  await expect(ada.rooms).toBeVisible();
});
