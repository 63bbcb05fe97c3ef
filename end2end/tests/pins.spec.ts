// Pinned messages: the mark on one, and the list of a room's.

import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';

import type { Person } from '../support/person';
import { expect, test } from '../support/test';
import { status } from '../support/watch';

test.use({ settings: { HUBBUB_SEND_PER_S: '0', HUBBUB_HTTP_PER_S_ADDRESS: '0', HUBBUB_DURABILITY: 'normal' } });

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2, reducedMotion: 'reduce' } as const;

async function act(person: Person, message: Locator, does: string): Promise<void> {
  await message.hover();
  await message.getByRole('toolbar').getByRole('button', { name: 'More' }).click();
  await person.page.getByRole('menuitem', { name: does, exact: true }).click();
}

/** The list of what is pinned. */
function list(page: Page): Locator {
  return page.getByRole('dialog', { name: /^Pinned/ });
}

async function open(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Room menu' }).click();
  await page.getByRole('menuitem', { name: 'Pinned messages' }).click();
  await expect(list(page)).toBeVisible();
  return list(page);
}

async function close(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  // Gone from the page, not only from view: until then keys are the dialog's.
  await expect(page.locator('dialog')).toHaveCount(0);
}

/** The mark on a message. */
function mark(message: Locator): Locator {
  return message.getByText('Pinned', { exact: true });
}

/** Pins or unpins a message by its key, and waits until that is stored. */
async function press(person: Person, text: string | RegExp, pinned: boolean, room = 1): Promise<void> {
  const message = person.message(text);
  await message.focus();
  await message.press('p');
  await expect(mark(message)).toHaveCount(pinned ? 1 : 0);
  await expect
    .poll(async () => {
      const { pins } = await person.api<{ pins: { message: { text: string } }[] }>('GET', `/rooms/${room}/pins`);
      return pins.some((pin) => pin.message.text.search(text) >= 0);
    })
    .toBe(pinned);
}

test('pinned by one, seen by the other, found in the list from far below, unpinned for all', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.post(1, 'The key hangs behind the mixer.');
  await ada.enter();
  await wren.enter();
  const [mine, theirs] = [ada, wren].map((person) => person.message('The key hangs')) as [Locator, Locator];
  await act(wren, theirs, 'Pin');
  await expect(mark(theirs)).toBeVisible();
  await expect(mark(mine)).toBeVisible();

  for (let line = 1; line <= 160; line++) {
    await ada.post(1, `Line ${line}.`);
  }
  await ada.enter();
  await expect(ada.message('Line 160.')).toBeInViewport();
  await expect(mine).toHaveCount(0);
  const pins = await open(ada.page);
  await expect(pins).toHaveAccessibleName('Pinned #general');
  const link = pins.getByRole('link');
  await expect(link).toHaveCount(1);
  await expect(link).toContainText('Ada Marlow');
  await expect(link).toContainText('pinned by Wren Fairchild');
  await expect(link).toContainText('The key hangs behind the mixer.');
  await link.click();
  await expect(pins).toHaveCount(0);
  await expect(mine).toBeInViewport();
  await expect(mine).toBeFocused();
  await expect(mark(mine)).toBeVisible();

  await open(ada.page);
  await expect(link).toBeFocused();
  await pins.getByRole('button', { name: 'Unpin the message of Ada Marlow' }).click();
  await expect(pins).toContainText('Nothing pinned in #general');
  await expect(pins.getByRole('button', { name: 'Close' })).toBeFocused();
  await close(ada.page);
  await expect(mark(mine)).toHaveCount(0);
  await open(wren.page);
  await expect(list(wren.page)).toContainText('Nothing pinned in #general');
});

test('by keys alone: P, the arrows of the list, Enter', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  for (const text of ['One.', 'Two.', 'Three.']) {
    await wren.post(1, text);
  }
  await ada.enter();
  const { keyboard } = ada.page;
  for (const text of ['One.', 'Two.', 'Three.']) {
    await press(ada, text, true);
  }
  await press(ada, 'Two.', false);
  await press(ada, 'Two.', true);
  await keyboard.press('.');
  await expect(ada.page.getByRole('menuitem', { name: 'Unpin' })).toBeVisible();
  await keyboard.press('Escape');

  await ada.page.getByRole('button', { name: 'Room menu' }).focus();
  await keyboard.press('Enter');
  const row = ada.page.getByRole('menuitem', { name: 'Pinned messages' });
  while (!(await row.and(ada.page.locator(':focus')).count())) {
    await keyboard.press('ArrowDown');
  }
  await keyboard.press('Enter');
  // The newest pin is first.
  const pins = list(ada.page);
  const link = (text: string): Locator => pins.getByRole('link').filter({ hasText: text });
  await expect(link('Two.')).toBeFocused();
  await expect(link('Two.')).toContainText('pinned by you');
  await keyboard.press('ArrowDown');
  await expect(link('Three.')).toBeFocused();
  await keyboard.press('End');
  await expect(link('One.')).toBeFocused();
  await keyboard.press('Home');
  await expect(link('Two.')).toBeFocused();
  await keyboard.press('Tab');
  const unpin = pins.getByRole('button', { name: 'Unpin the message of Wren Fairchild' });
  await expect(unpin.first()).toBeFocused();
  await keyboard.press('ArrowDown');
  await expect(unpin.nth(1)).toBeFocused();
  await keyboard.press('Enter');
  await expect(pins.getByRole('link')).toHaveCount(2);
  await expect(link('One.')).toBeFocused();
  await expect(mark(ada.message('Three.'))).toHaveCount(0);
  await keyboard.press('Enter');
  await expect(pins).toHaveCount(0);
  await expect(ada.message('One.')).toBeFocused();
});

test('the list follows what others pin and unpin; Escape gives the focus back', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await wren.post(1, 'One.');
  await wren.post(1, 'Two.');
  await ada.enter();
  await wren.enter();
  const pins = await open(ada.page);
  await expect(pins).toContainText('Nothing pinned');
  await press(wren, 'One.', true);
  await press(wren, 'Two.', true);
  await expect(pins.getByRole('link')).toHaveCount(2);
  await press(wren, 'One.', false);
  await expect(pins.getByRole('link')).toHaveCount(1);
  await expect(pins.getByRole('link')).toContainText('Two.');
  await act(wren, wren.message('Two.'), 'Delete');
  await wren.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(pins).toContainText('Nothing pinned');
  await close(ada.page);
  await expect(ada.page.getByRole('button', { name: 'Room menu' })).toBeFocused();
});

test('a list that could not be had is asked for again', async ({ owner }) => {
  const ada = await owner();
  ada.watch.expect(status(500));
  await ada.post(1, 'One.');
  await ada.enter();
  await press(ada, 'One.', true);
  await ada.page.route('**/rooms/1/pins', (route) => route.fulfill({ status: 500, body: 'no' }));
  const pins = await open(ada.page);
  await expect(pins.getByRole('alert')).toContainText('could not be loaded');
  await ada.page.unroute('**/rooms/1/pins');
  await pins.getByRole('button', { name: 'Try again' }).click();
  await expect(pins.getByRole('link')).toBeFocused();
});

test('who only reads sees what is pinned, and cannot change it', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const desk = await ada.makeRoom('desk');
  await ada.post(desk, 'On call this week: Olu.');
  await ada.enter(`/rooms/${desk}`);
  await press(ada, 'On call', true, desk);
  await wren.enter(`/rooms/${desk}`);
  const message = wren.message('On call');
  await expect(mark(message)).toBeVisible();
  await message.focus();
  await wren.page.keyboard.press('p');
  await wren.page.keyboard.press('.');
  await expect(wren.page.getByRole('menuitem', { name: 'Copy the link' })).toBeVisible();
  await expect(wren.page.getByRole('menuitem', { name: 'Unpin' })).toHaveCount(0);
  await wren.page.keyboard.press('Escape');
  const pins = await open(wren.page);
  await expect(pins.getByRole('link')).toContainText('pinned by Ada Marlow');
  await expect(pins.getByRole('button')).toHaveCount(1);
});

test('no fault that axe knows: nothing pinned, and some, light and dark', async ({ owner, guest }) => {
  const ada = await owner('Ada Marlow', { reducedMotion: 'reduce' });
  const wren = await guest(ada, 'Wren Fairchild');
  await wren.post(1, 'On call this week: Olu nights, Ngozi days. The key hangs behind the mixer, where it always hung.');
  await wren.post(1, '\u05d4\u05de\u05e4\u05ea\u05d7 \u05db\u05d0\u05df.');
  await ada.enter();
  const { page } = ada;
  const clean = async (what: string): Promise<void> => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
      expect.soft(found, `${what}, ${colorScheme}`).toEqual([]);
    }
  };
  const pins = await open(page);
  await expect(pins.getByRole('heading', { name: 'Nothing pinned in #general' })).toBeVisible();
  await expect(pins).toContainText('Pin what new people must read first. Everybody in the room sees it.');
  await clean('nothing pinned');
  await close(page);
  await press(ada, 'On call', true);
  await press(ada, '\u05d4', true);
  await clean('messages with a mark');
  await open(page);
  await expect(pins.getByRole('link')).toHaveCount(2);
  await clean('pinned messages');
});

test('on a phone the list is the whole screen, and in a talk it names the person', async ({ owner, guest }) => {
  const ada = await owner('Ada Marlow', phone);
  const wren = await guest(ada, 'Wren Fairchild');
  await wren.post(1, 'A message that begins a group, with words enough for more lines than two on a phone. '.repeat(3).trim());
  await wren.post(1, 'Short.');
  await ada.enter();
  await press(ada, 'A message', true);
  await press(ada, 'Short.', true);
  const pins = await open(ada.page);
  await expect(pins.getByRole('link')).toHaveCount(2);
  expect(await pins.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
  const [whole, says] = await pins.evaluate((dialog) => {
    const words = dialog.querySelectorAll('.says')[1];
    const line = words ? parseFloat(getComputedStyle(words).lineHeight) : 0;
    return [dialog.scrollWidth, words ? words.clientHeight / line : 0];
  });
  expect(whole).toBe(390);
  expect(says).toBe(2);
  await pins.getByRole('link').last().tap();
  await expect(pins).toHaveCount(0);
  await expect(ada.message('A message')).toBeInViewport();

  const { user } = await ada.api<{ user: { id: number } }>('GET', '/users/me');
  const { room } = await wren.api<{ room: { id: number } }>('POST', '/direct', { users: [user.id] });
  await wren.post(room.id, 'Psst.');
  await ada.enter(`/rooms/${room.id}`);
  await open(ada.page);
  await expect(pins).toContainText('Nothing pinned in your talk with Wren Fairchild');
  await expect(pins).toHaveAccessibleName('Pinned Wren Fairchild');
});
