// What one can do with a message.

import type { Locator } from '@playwright/test';

import type { Person } from '../support/person';
import { expect, test } from '../support/test';

async function act(person: Person, message: Locator, does: string): Promise<void> {
  await message.hover();
  await message.getByRole('toolbar').getByRole('button', { name: 'More' }).click();
  await person.page.getByRole('menuitem', { name: does }).click();
}

test('edit: both see the new words and that they are new', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await wren.enter();
  await ada.say('The desk is fre at five.');
  await ada.stored('The desk is fre');
  await expect(wren.message('The desk is fre')).toBeVisible();

  await act(ada, ada.message('The desk is fre'), 'Edit');
  await expect(ada.field).toBeFocused();
  await expect(ada.field).toHaveAccessibleName('Edit your message');
  await expect(ada.field).toHaveValue('The desk is fre at five.');
  await ada.field.fill('The desk is free at five.');
  await ada.field.press('Enter');
  for (const reader of [ada, wren]) {
    await expect(reader.message('The desk is free at five.')).toContainText('edited');
    await expect(reader.log.getByRole('article')).toHaveCount(1);
  }
  await expect(ada.field).toHaveAccessibleName('Write to #general');
  await expect(ada.field).toHaveValue('');
  // Others' words are not one's own to change.
  await wren.message('The desk is free').hover();
  await wren.message('The desk is free').getByRole('button', { name: 'More' }).click();
  await expect(wren.page.getByRole('menuitem', { name: 'Copy the text' })).toBeVisible();
  await expect(wren.page.getByRole('menuitem', { name: 'Edit' })).toHaveCount(0);
});

test('arrow up edits the last one, Escape leaves it and gives the draft back', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  await ada.say('One.');
  await ada.say('Two.');
  await ada.stored('Two.');
  await ada.field.press('ArrowUp');
  await expect(ada.field).toHaveValue('Two.');
  await ada.field.fill('Two and a half.');
  await ada.field.press('Escape');
  await expect(ada.field).toHaveValue('');
  await expect(ada.message('Two.')).not.toContainText('edited');
});

test('delete: asked first, then nobody sees what it said', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await wren.enter();
  await ada.say('Not for everybody.');
  await ada.stored('Not for everybody.');

  await act(ada, ada.message('Not for everybody.'), 'Delete');
  const dialog = ada.page.getByRole('dialog', { name: 'Delete this message?' });
  await expect(dialog.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await dialog.getByRole('button', { name: 'Keep it' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(ada.message('Not for everybody.')).toBeVisible();

  await act(ada, ada.message('Not for everybody.'), 'Delete');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  for (const reader of [ada, wren]) {
    await expect(reader.message('Deleted by its author')).toBeVisible();
    await expect(reader.message('Not for everybody.')).toHaveCount(0);
  }
  expect(await wren.texts(1)).toEqual([undefined]);
});

test('react: given by one, joined by the other, taken back', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await wren.enter();
  await ada.say('The mast is up.');
  await expect(wren.message('The mast is up.')).toBeVisible();

  await wren.message('The mast is up.').hover();
  await wren.message('The mast is up.').getByRole('button', { name: 'React with thumbs up' }).click();
  const thumbs = ada.message('The mast is up.').getByRole('button', { name: /^👍, \d/ });
  await expect(thumbs).toHaveAccessibleName('👍, 1 person');
  await expect(thumbs).toHaveAttribute('aria-pressed', 'false');
  await thumbs.click();
  await expect(thumbs).toHaveAccessibleName('👍, 2 people, you too');
  await expect(thumbs).toHaveAttribute('aria-pressed', 'true');

  await wren.message('The mast is up.').getByRole('button', { name: '👍, 2 people, you too' }).click();
  await expect(thumbs).toHaveAccessibleName('👍, 1 person, you too');

  await ada.message('The mast is up.').getByRole('button', { name: 'Add a reaction' }).click();
  const picker = ada.page.getByRole('dialog', { name: 'React' });
  await picker.getByRole('combobox').fill('party popper');
  await picker.getByRole('gridcell').first().click();
  await expect(wren.message('The mast is up.').getByRole('button', { name: '🎉, 1 person' })).toBeVisible();
  await thumbs.click();
  await expect(thumbs).toHaveCount(0);
});

test('reply: the quote leads back to what it answers', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await wren.enter();
  await ada.say('Who has the key for the cabinet?');
  await expect(wren.message('the key')).toBeVisible();
  await wren.message('the key').hover();
  await wren.message('the key').getByRole('toolbar').getByRole('button', { name: 'Reply' }).click();
  await expect(wren.page.getByText('Replying to Ada Marlow')).toBeVisible();
  await expect(wren.field).toBeFocused();
  await wren.field.fill('I do.');
  await wren.field.press('Enter');
  await expect(wren.page.getByText('Replying to')).toHaveCount(0);

  const quote = ada.message('I do.').getByRole('link', { name: /^In reply to/ });
  await expect(quote).toContainText('Ada Marlow');
  await expect(quote).toContainText('Who has the key for the cabinet?');
  await quote.click();
  await expect(ada.log.getByRole('article').first()).toBeFocused();

  // The reply can be given up.
  await wren.message('the key').first().hover();
  await wren.message('the key').first().getByRole('toolbar').getByRole('button', { name: 'Reply' }).click();
  await wren.page.getByRole('button', { name: 'Stop replying' }).click();
  await wren.say('Just a message.');
  await expect(ada.message('Just a message.').getByRole('link', { name: /^In reply to/ })).toHaveCount(0);
});

test('a deleted message leaves its replies, whose quote says so', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const first = await ada.post(1, 'A question?');
  await wren.post(1, 'An answer.', { reply_to: first });
  await ada.enter();
  await ada.message('A question?').first().hover();
  await ada.log.getByRole('article').first().getByRole('button', { name: 'More' }).click();
  await ada.page.getByRole('menuitem', { name: 'Delete' }).click();
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(ada.message('An answer.').getByRole('link', { name: /^In reply to/ })).toContainText('Deleted by its author');
});

test('the link of a message opens it in the middle, also from outside', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild', { permissions: ['clipboard-read', 'clipboard-write'] });
  for (let line = 1; line <= 15; line++) {
    await ada.post(1, `Line ${line} of fifteen.`);
  }
  await wren.enter();
  await act(wren, wren.message('Line 8 of'), 'Copy the link');
  await expect(wren.page.getByRole('status').filter({ hasText: 'Copied' })).toBeVisible();
  const link = await wren.page.evaluate(() => navigator.clipboard.readText());
  await ada.enter(new URL(link).pathname + new URL(link).search);
  await expect(ada.message('Line 8 of')).toBeFocused();
  await expect(ada.message('Line 8 of')).toBeInViewport();
});
