// A room is deleted, and brought back while it can be.

import type { Locator } from '@playwright/test';

import type { Person } from '../support/person';
import { expect, test } from '../support/test';
import { status } from '../support/watch';

async function deletes(person: Person): Promise<Locator> {
  await person.page.getByRole('button', { name: 'Room menu' }).click();
  await person.page.getByRole('menuitem', { name: 'Delete the room' }).click();
  const dialog = person.page.getByRole('dialog');
  await expect(dialog).toContainText('For 30 seconds you can undo it');
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  return person.page.getByRole('status').filter({ hasText: '#desk is deleted' });
}

for (const width of [1280, 390]) {
  test(`a deleted room comes back with what was said in it, ${width} px wide`, async ({ owner, guest }) => {
    const viewport = { width, height: 844 };
    const ada = await owner('Ada Marlow', { viewport });
    const wren = await guest(ada, 'Wren Fairchild', { viewport });
    const desk = await ada.makeRoom('desk');
    await wren.api('POST', `/rooms/${desk}/members`, {});
    await wren.post(desk, 'This is worth keeping.');
    await wren.enter('/');
    await ada.enter(`/rooms/${desk}`);
    const toast = await deletes(ada);
    const undo = toast.getByRole('button', { name: 'Undo' });
    // Said to a screen reader as the focus comes to it.
    await expect(undo).toBeFocused();
    await expect(undo).toHaveAccessibleDescription('#desk is deleted');
    await expect(ada.row('desk')).toHaveCount(0);
    await expect(wren.row('desk')).toHaveCount(0);
    // It is there in whichever room one goes to meanwhile.
    await ada.row('general').click();
    await expect(ada.page).toHaveURL(/\/rooms\/1$/);
    await undo.click();
    await expect(ada.page).toHaveURL(new RegExp(`/rooms/${desk}$`));
    await expect(ada.message('This is worth keeping.')).toBeVisible();
    await expect(toast).toHaveCount(0);
    await expect(wren.row('desk')).toHaveCount(1);
    await ada.say('It was.');
    await ada.stored('It was.');
  });
}

test('by keyboard alone, and F6 leads to the way back', async ({ owner }) => {
  const ada = await owner();
  const desk = await ada.makeRoom('desk');
  await ada.enter(`/rooms/${desk}`);
  const { page } = ada;
  await page.getByRole('button', { name: 'Room menu' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('End');
  await expect(page.getByRole('menuitem', { name: 'Delete the room' })).toBeFocused();
  await page.keyboard.press('Enter');
  // What is harmless has the focus.
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Keep it' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const undo = page.getByRole('button', { name: 'Undo' });
  await expect(undo).toBeFocused();
  await page.keyboard.press('F6');
  await expect(undo).not.toBeFocused();
  await page.keyboard.press('Shift+F6');
  await expect(undo).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/rooms/${desk}$`));
  await expect(ada.row('desk')).toHaveCount(1);
});

test('a name that is taken by now is told, and the way back stays; later is too late', async ({ owner }) => {
  const ada = await owner();
  ada.watch.expect(status(409), status(404));
  const desk = await ada.makeRoom('desk');
  await ada.page.clock.install();
  await ada.enter(`/rooms/${desk}`);
  const toast = await deletes(ada);
  const other = await ada.makeRoom('desk');
  await toast.getByRole('button', { name: 'Undo' }).click();
  const taken = ada.page.getByRole('status').filter({ hasText: 'Another room has its name by now.' });
  await expect(taken).toBeVisible();
  await ada.api('PATCH', `/rooms/${other}`, { name: 'other' });
  await taken.getByRole('button', { name: 'Undo' }).click();
  await expect(ada.page).toHaveURL(new RegExp(`/rooms/${desk}$`));
  // What cannot be undone any more is not offered, not even to whoever has the focus on it.
  const again = await deletes(ada);
  await expect(again.getByRole('button', { name: 'Undo' })).toBeFocused();
  await ada.page.clock.fastForward(31_000);
  await expect(again).toHaveCount(0);
});

test('who does not govern a room is not offered to delete it', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await wren.enter();
  await wren.page.getByRole('button', { name: 'Room menu' }).click();
  await expect(wren.page.getByRole('menuitem', { name: 'Leave the room' })).toBeVisible();
  await expect(wren.page.getByRole('menuitem', { name: 'Delete the room' })).toHaveCount(0);
});
