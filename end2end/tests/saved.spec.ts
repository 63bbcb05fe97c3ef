// Saved messages: saving one and letting go of it, and the list of them.

import type { Locator, Page } from '@playwright/test';

import type { Person } from '../support/person';
import { expect, test } from '../support/test';
import { NOBODY_LISTENS, status } from '../support/watch';

test.use({ settings: { HUBBUB_SEND_PER_S: '0', HUBBUB_HTTP_PER_S_ADDRESS: '0', HUBBUB_DURABILITY: 'normal' } });

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2, reducedMotion: 'reduce' } as const;

/** The list. */
function list(page: Page): Locator {
  return page.getByRole('region', { name: 'Saved' });
}

/** What the menu of a message offers: to save it, or to let go of it. */
async function offers(person: Person, message: Locator, does: string): Promise<void> {
  await message.focus();
  await message.press('.');
  await expect(person.page.getByRole('menuitem', { name: does })).toBeVisible();
  await person.page.keyboard.press('Escape');
  await expect(person.page.getByRole('menuitem')).toHaveCount(0);
}

async function save(person: Person, text: string): Promise<void> {
  await person.message(text).focus();
  await person.message(text).press('s');
  await expect(person.page.getByRole('status').filter({ hasText: 'Saved. Only you see it.' }).last()).toBeVisible();
}

/** Saves a message without a page. */
async function put(person: Person, room: number, seq: number): Promise<void> {
  const answer = await person.context.request.put(`${person.origin}/api/v1/saved/${room}/${seq}`, { headers: { origin: person.origin } });
  expect(answer.status()).toBe(204);
}

test('saved by its menu, found in the list from another room, let go of, and back by Undo', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const seq = await wren.post(1, 'The key hangs behind the mixer.');
  for (let line = 1; line <= 120; line++) {
    await wren.post(1, `Line ${line}.`);
  }
  const desk = await ada.makeRoom('desk');
  await ada.enter(`/rooms/1?at=${seq}`);
  const { page } = ada;
  const message = ada.message('The key hangs');
  await message.hover();
  await message.getByRole('toolbar').getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Save' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Saved. Only you see it.' })).toBeVisible();
  await offers(ada, message, 'Remove from saved');
  await expect(page).toHaveURL(/\/rooms\/1/);

  await ada.enter(`/rooms/${desk}`);
  await ada.row('Saved').click();
  await expect(page).toHaveURL(/\/saved$/);
  await expect(page).toHaveTitle(/^(\(\d+\) )?Saved · Hubbub$/);
  await expect(ada.row('Saved')).toHaveAttribute('aria-current', 'page');
  const link = list(page).getByRole('link');
  await expect(link).toHaveCount(1);
  await expect(link).toContainText('Wren Fairchild in #general');
  await expect(link).toContainText('The key hangs behind the mixer.');
  await link.click();
  await expect(message).toBeInViewport();
  await expect(message).toBeFocused();
  await page.goBack();
  await expect(link).toHaveCount(1);
  await list(page).getByRole('button', { name: 'Remove the message of Wren Fairchild from saved' }).click();
  await expect(list(page)).toContainText('Nothing saved');
  await expect(list(page)).toContainText('Save a message with S, or from its menu. Only you see this list.');
  await expect(list(page).getByRole('heading', { name: 'Saved', exact: true })).toBeFocused();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(link).toContainText('The key hangs');
});

test('by keys alone: S on a message, the arrows of the list, S and Enter there', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  for (const text of ['One.', 'Two.', 'Three.']) {
    await wren.post(1, text);
  }
  await ada.enter();
  const { page } = ada;
  const { keyboard } = page;
  for (const text of ['One.', 'Two.', 'Three.']) {
    await save(ada, text);
  }
  await offers(ada, ada.message('Two.'), 'Remove from saved');
  await ada.row('general').focus();
  await keyboard.press('Home');
  await keyboard.press('ArrowDown');
  await expect(ada.row('Saved')).toBeFocused();
  await keyboard.press('Enter');
  // What was saved last is first.
  const link = (text: string): Locator => list(page).getByRole('link').filter({ hasText: text });
  await expect(link('Three.')).toBeFocused();
  await keyboard.press('ArrowDown');
  await expect(link('Two.')).toBeFocused();
  await keyboard.press('End');
  await expect(link('One.')).toBeFocused();
  await keyboard.press('Home');
  await keyboard.press('Tab');
  await expect(list(page).getByRole('button').first()).toBeFocused();
  await keyboard.press('Shift+Tab');
  await keyboard.press('s');
  await expect(list(page).getByRole('link')).toHaveCount(2);
  await expect(link('Two.')).toBeFocused();
  await keyboard.press('Enter');
  await expect(ada.message('Two.')).toBeFocused();
  await offers(ada, ada.message('Three.'), 'Save');
});

test('another page of the same person is in step within a second', async ({ owner }) => {
  const ada = await owner();
  await ada.post(1, 'One.');
  await ada.post(1, 'Two.');
  await ada.enter();
  const other = await ada.context.newPage();
  await ada.enter('/saved', other);
  await expect(list(other)).toContainText('Nothing saved');
  await save(ada, 'One.');
  await expect(list(other).getByRole('link')).toHaveCount(1, { timeout: 1_000 });
  await save(ada, 'Two.');
  await expect(list(other).getByRole('link').first()).toContainText('Two.', { timeout: 1_000 });
  await list(other).getByRole('button').first().click();
  await expect(list(other).getByRole('link')).toHaveCount(1);
  await offers(ada, ada.message('Two.'), 'Save');
  await offers(ada, ada.message('One.'), 'Remove from saved');
});

test('what was saved while there was no connection is told when it is back', async ({ owner, server }) => {
  const ada = await owner();
  ada.watch.expect(NOBODY_LISTENS);
  const seq = await ada.post(1, 'One.');
  await ada.enter('/saved');
  await expect(list(ada.page)).toContainText('Nothing saved');
  await server.kill();
  await expect(ada.banner('Connection lost.')).toBeVisible();
  const back = ada.welcome();
  await server.restart();
  await put(ada, 1, seq);
  await back;
  await expect(list(ada.page).getByRole('link')).toContainText('One.');
});

test('a page of the list, and the next; what is deleted says so', async ({ owner }) => {
  const ada = await owner();
  const { page } = ada;
  for (let line = 1; line <= 60; line++) {
    await put(ada, 1, await ada.post(1, `Line ${line}.`));
  }
  await ada.enter('/saved');
  const links = list(page).getByRole('link');
  await expect(links).toHaveCount(50);
  await expect(links.first()).toContainText('Line 60.');
  await list(page).getByRole('button', { name: 'Show more' }).click();
  await expect(links).toHaveCount(60);
  await expect(links.nth(50)).toBeFocused();
  await expect(list(page).getByRole('button', { name: 'Show more' })).toHaveCount(0);
  await expect(links.last()).toContainText('Line 1.');

  await links.first().click();
  await expect(ada.message('Line 60.')).toBeFocused();
  await page.keyboard.press('Delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(ada.message('Line 60.')).toHaveCount(0);
  await page.goBack();
  await expect(links.first()).toContainText('Deleted by its author');
  await expect(links.first()).not.toContainText('Line 60.');
  await list(page).getByRole('button', { name: /^Remove the message/ }).first().click();
  await expect(links.first()).toContainText('Line 59.');
});

test('a list that could not be had is asked for again', async ({ owner }) => {
  const ada = await owner();
  ada.watch.expect(status(500));
  await put(ada, 1, await ada.post(1, 'One.'));
  await ada.enter();
  const { page } = ada;
  await page.route('**/api/v1/saved', (route) => route.fulfill({ status: 500, body: 'no' }));
  await ada.row('Saved').click();
  await expect(list(page).getByRole('alert')).toContainText('could not be loaded');
  await page.unroute('**/api/v1/saved');
  await list(page).getByRole('button', { name: 'Try again' }).click();
  await expect(list(page).getByRole('link')).toContainText('One.');
});

test('on a phone the list is a page of its own, with a way back; without scripts it is read as well', async ({ owner, visitor, server }) => {
  const ada = await owner('Ada Marlow', phone);
  await put(ada, 1, await ada.post(1, 'A message with words enough for more lines than two on a phone. '.repeat(4).trim()));
  await put(ada, 1, await ada.post(1, '\u05d4\u05de\u05e4\u05ea\u05d7 \u05db\u05d0\u05df.'));
  await ada.enter('/');
  const { page } = ada;
  await ada.row('Saved').tap();
  const links = list(page).getByRole('link', { name: /Ada Marlow/ });
  await expect(links).toHaveCount(2);
  await expect(ada.rooms).toBeHidden();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await links.last().tap();
  await expect(ada.message('A message with words')).toBeInViewport();
  await page.goBack();
  await list(page).getByRole('link', { name: 'Back to rooms' }).tap();
  await expect(ada.rooms).toBeVisible();

  const quiet = await visitor({ javaScriptEnabled: false, storageState: await ada.context.storageState() });
  await quiet.page.goto(`${server.origin}/saved`);
  await expect(list(quiet.page).getByRole('link').filter({ hasText: 'Ada Marlow' })).toHaveCount(2);
  await expect(list(quiet.page).getByRole('button')).toHaveCount(0);
});
