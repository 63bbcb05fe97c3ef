// What whoever governs a room changes of it: its name, who writes in it, and whether it is over. All see it at once, and after a reload.

import type { Person } from '../support/person';
import { expect, test } from '../support/test';
import { status } from '../support/watch';

async function menu(person: Person, item: string): Promise<void> {
  await person.page.getByRole('button', { name: 'Room menu' }).click();
  await person.page.getByRole('menuitem', { name: item }).click();
}

test('a room is renamed, and a name that is taken is refused in words', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.makeRoom('desk');
  ada.watch.expect(status(409));
  await ada.enter();
  await wren.enter();
  await menu(ada, 'Rename the room');
  const dialog = ada.page.getByRole('dialog', { name: 'Rename #general' });
  const name = dialog.getByRole('textbox', { name: 'Name' });
  await expect(name).toHaveValue('general');
  await name.fill('desk');
  await name.press('Enter');
  await expect(name).toHaveAccessibleDescription(/taken|already/i);
  await expect(name).toBeFocused();
  await name.fill('lobby');
  await name.press('Enter');
  await expect(dialog).toHaveCount(0);
  for (const person of [ada, wren]) {
    await expect(person.row('lobby')).toHaveCount(1);
    await expect(person.page.getByRole('heading', { name: 'lobby', level: 2, exact: true })).toBeVisible();
    await expect(person.log.locator('.note p').last()).toContainText('lobby');
  }
  await wren.enter();
  await expect(wren.log.locator('.note p').last()).toContainText('lobby');
});

test('in a read-only room members read, and whoever made it writes; an archived one is over until it is taken out', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.post(1, 'News.');
  await ada.enter();
  await wren.enter();
  await expect(wren.field).toBeVisible();
  await menu(ada, 'Make it read only');
  await expect(wren.field).toHaveCount(0);
  await expect(wren.page.getByText('Only its creator and admins write in this room.')).toBeVisible();
  await ada.say('For all.');
  await expect(wren.message('For all.')).toBeVisible();
  await menu(ada, 'Let everybody in it write');
  await wren.say('Thanks.');
  await menu(ada, 'Archive the room');
  for (const person of [ada, wren]) {
    await expect(person.field).toHaveCount(0);
    await expect(person.message('News.')).toBeVisible();
  }
  await wren.enter();
  await expect(wren.message('Thanks.')).toBeVisible();
  await expect(wren.field).toHaveCount(0);
  await menu(ada, 'Take it out of the archive');
  await wren.say('Back.');
  // Members are not offered what they may not do.
  await wren.page.getByRole('button', { name: 'Room menu' }).click();
  await expect(wren.page.getByRole('menuitem', { name: 'Archive the room' })).toHaveCount(0);
});
