// "Unread from here", which nothing that was read before undoes, and rooms that are muted: on all devices of a person.

import { expect, test } from '../support/test';
import type { Person } from '../support/person';

async function fill(person: Person, from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n++) {
    await person.post(1, `Line ${n}.`);
  }
}

test('a message is unread from here on, by key, here and on another device, until one is back', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await fill(ada, 1, 12);
  const desk = await wren.makeRoom('desk');
  await wren.enter();
  await expect(wren.message('Line 12.')).toBeInViewport();
  await expect.poll(() => wren.unread(1)).toBe(0);
  const other = await wren.context.newPage();
  await wren.enter(`/rooms/${desk}`, other);
  await wren.message('Line 9.').focus();
  await wren.page.keyboard.press('u');
  await expect(wren.log.getByRole('separator')).toHaveAccessibleName('New messages, 4');
  await expect.poll(() => wren.unread(1)).toBe(4);
  // What is in view is not read again by itself, and the other device knows.
  await expect(other.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: /general.*4 unread/ })).toBeVisible();
  await wren.page.mouse.move(600, 300);
  await wren.page.mouse.wheel(0, -100);
  await wren.page.mouse.wheel(0, 200);
  await ada.post(1, 'Line 13.');
  await expect(wren.message('Line 13.')).toBeInViewport();
  await expect.poll(() => wren.unread(1)).toBe(5);
  // Back in the room, it is read.
  await wren.row('desk').click();
  await expect(wren.row('general')).toHaveAccessibleName(/5 unread/);
  await wren.row('general').click();
  await expect(wren.message('Line 13.')).toBeInViewport();
  await expect.poll(() => wren.unread(1)).toBe(0);
  await expect(other.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'general', exact: true })).toBeVisible();
});

test('unread from here is in the menu of a message', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await fill(ada, 1, 5);
  await wren.enter();
  await expect.poll(() => wren.unread(1)).toBe(0);
  await wren.message('Line 4.').focus();
  await wren.page.keyboard.press('.');
  await wren.page.getByRole('menuitem', { name: 'Mark unread from here' }).press('Enter');
  await expect(wren.log.getByRole('separator')).toHaveAccessibleName('New messages, 2');
  await expect.poll(() => wren.unread(1)).toBe(2);
  await wren.page.reload();
  await expect(wren.row('general')).toHaveCount(1);
});

test('a muted room has no number, but what is to oneself is told; on all devices', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const desk = await wren.makeRoom('desk');
  await wren.enter();
  const other = await wren.context.newPage();
  await wren.enter(`/rooms/${desk}`, other);
  await wren.page.getByRole('button', { name: 'Room menu' }).click();
  await wren.page.getByRole('menuitem', { name: 'Mute', exact: true }).click();
  const row = other.getByRole('navigation', { name: 'Rooms' }).getByRole('link').filter({ hasText: 'general' });
  await expect(row).toHaveAccessibleName(/muted/);
  await wren.row('desk').click();
  await ada.post(1, 'For whoever reads.');
  await ada.post(1, '@Wren-Fairchild, this is for you.');
  await expect(row).toHaveAccessibleName(/1 mention/);
  await expect(row).not.toHaveAccessibleName(/unread/);
  await other.reload();
  await expect(row).toHaveAccessibleName(/muted/);
  await wren.row('general').click();
  await wren.page.getByRole('button', { name: 'Room menu' }).click();
  await wren.page.getByRole('menuitem', { name: 'Unmute' }).click();
  await expect(row).not.toHaveAccessibleName(/muted/);
});
