// What stands behind a message: who reacted to it, and what it said before it was edited.

import type { Locator } from '@playwright/test';

import type { Person } from '../support/person';
import { expect, test } from '../support/test';

/** Opens a list from the message's menu, by keyboard. */
async function behind(person: Person, message: Locator, item: string): Promise<Locator> {
  await message.focus();
  await person.page.keyboard.press('.');
  await person.page.getByRole('menuitem', { name: item }).press('Enter');
  const dialog = person.page.getByRole('dialog', { name: item });
  await expect(dialog).toBeVisible();
  return dialog;
}

test('who gave which emoji is listed', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.post(1, 'Shall we?');
  await ada.enter();
  await wren.enter();
  await ada.message('Shall we?').focus();
  await ada.page.keyboard.press('.');
  await expect(ada.page.getByRole('menuitem', { name: 'Who reacted' })).toHaveCount(0);
  await ada.page.keyboard.press('Escape');
  for (const person of [ada, wren]) {
    await person.message('Shall we?').hover();
    await person.message('Shall we?').getByRole('button', { name: 'React with thumbs up' }).click();
  }
  await expect(ada.message('Shall we?').getByRole('button', { name: /^👍, 2 people/ })).toBeVisible();
  const dialog = await behind(ada, ada.message('Shall we?'), 'Who reacted');
  await expect(dialog.getByRole('heading', { name: '👍 2' })).toBeVisible();
  await expect(dialog.getByRole('listitem').filter({ hasText: 'Ada Marlow' }).last()).toBeVisible();
  await expect(dialog.getByRole('listitem').filter({ hasText: 'Wren Fairchild' }).last()).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(ada.message('Shall we?')).toBeFocused();
});

test('what a message said before is listed, the last version first, also for others', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await wren.enter();
  await ada.say('At nine.');
  await ada.stored('At nine.');
  for (const text of ['At **ten**.', 'At eleven.']) {
    await ada.field.press('ArrowUp');
    await ada.field.fill(text);
    await ada.field.press('Enter');
    await expect(wren.message(text.replaceAll('*', ''))).toHaveCount(1);
  }
  const dialog = await behind(wren, wren.message('At eleven.'), 'Earlier versions');
  await expect(dialog.locator('.what')).toHaveText(['At ten.', 'At nine.']);
  await expect(dialog.locator('strong')).toHaveText('ten');
  await wren.page.keyboard.press('Escape');
  await wren.message('At eleven.').focus();
  await ada.message('At eleven.').focus();
  await ada.page.keyboard.press('Delete');
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(wren.message('At eleven.')).toHaveCount(0);
  // Nothing of it is left to be asked for.
  const { edits } = await wren.api<{ edits: unknown[] }>('GET', '/rooms/1/messages/3/edits');
  expect(edits).toEqual([]);
});
