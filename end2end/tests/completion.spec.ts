// Names that are begun in the composer: offered, chosen by keyboard and mouse, and left alone.

import type { Locator } from '@playwright/test';

import type { Person } from '../support/person';
import { expect, test } from '../support/test';

function offers(person: Person): Locator {
  return person.page.getByRole('listbox', { name: 'Names that fit' }).getByRole('option');
}

/** Types at the end of the field, key by key. */
async function type(person: Person, text: string): Promise<void> {
  await person.field.pressSequentially(text);
}

test('a person is offered by any part of a name, and taken with the keyboard', async ({ owner, guest }) => {
  const ada = await owner();
  await guest(ada, 'Wren Fairchild');
  await guest(ada, '周明');
  await ada.enter();
  await type(ada, 'Ask @fair');
  await expect(offers(ada)).toHaveText([/Wren Fairchild@Wren-Fairchild/]);
  await expect(offers(ada).first()).toHaveAttribute('aria-selected', 'true');
  await expect(ada.field).toHaveAttribute('aria-activedescendant', (await offers(ada).first().getAttribute('id')) ?? '');
  await ada.field.press('Enter');
  await expect(ada.field).toHaveValue('Ask @Wren-Fairchild ');
  await expect(ada.field).toBeFocused();
  await expect(offers(ada)).toHaveCount(0);
  // In the middle of a text, with Tab; what follows stays.
  await ada.field.fill('about it');
  await ada.field.press('Home');
  await type(ada, '@周');
  await expect(offers(ada)).toHaveText([/周明/]);
  await ada.field.press('Backspace');
  await expect(offers(ada)).toHaveText([/Wren Fairchild/, /周明/, /@here.*2 people/]);
  await ada.field.press('ArrowDown');
  await expect(offers(ada).nth(1)).toHaveAttribute('aria-selected', 'true');
  await ada.field.press('Tab');
  await expect(ada.field).toHaveValue(/^@周明 about it$/);
  expect(await ada.field.evaluate((field: HTMLTextAreaElement) => field.selectionStart)).toBe(4);
});

test('a Han name is found by its pinyin and its initials, and shows how it is read', async ({ owner, guest }) => {
  const ada = await owner();
  await guest(ada, '周明');
  await ada.makeRoom('中文频道');
  await ada.enter();
  for (const typed of ['@zm', '@zhou', '@zhouming', '@ming']) {
    await ada.field.fill('');
    await type(ada, typed);
    await expect(offers(ada)).toHaveText([/周明zhou ming · @周明/]);
  }
  await ada.field.fill('');
  await type(ada, '@zhm');
  await expect(offers(ada).locator('mark')).toHaveText(['zh', 'm']);
  await ada.field.press('Enter');
  await expect(ada.field).toHaveValue('@周明 ');
  await type(ada, '#zw');
  await expect(offers(ada)).toHaveText([/中文频道zhong wen pin dao(Enter)?$/]);
  await ada.field.press('Tab');
  await expect(ada.field).toHaveValue('@周明 #中文频道 ');
  // The switcher, and the dialog that looks for people on the server, find them likewise.
  await ada.page.keyboard.press('Control+k');
  await ada.page.keyboard.type('pindao');
  const found = ada.page.getByRole('listbox', { name: 'Go to or search' }).getByRole('option');
  await expect(found).toHaveText([/中文频道/]);
  await ada.page.keyboard.press('Control+a');
  await ada.page.keyboard.type('zm');
  await expect(found).toHaveText([/周明/]);
  await ada.page.keyboard.press('Escape');
});

test('what is typed stays: Escape leaves it, a whole name is sent at once, and nothing is offered in code or an address', async ({ owner, guest }) => {
  const ada = await owner();
  await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await type(ada, 'mail @wr');
  await expect(offers(ada)).toHaveCount(1);
  await ada.field.press('Escape');
  await expect(offers(ada)).toHaveCount(0);
  await type(ada, 'en');
  await expect(offers(ada)).toHaveCount(0);
  await ada.field.press('Enter');
  await expect(ada.message('mail @wren')).toHaveCount(1);
  // Another name is offered again.
  await type(ada, '@wr');
  await expect(offers(ada)).toHaveCount(1);
  await type(ada, 'en-fairchild');
  await expect(offers(ada)).toHaveCount(0);
  await ada.field.press('Enter');
  await expect(ada.message('@wren-fairchild')).toHaveCount(1);
  await type(ada, 'me@wr');
  await expect(offers(ada)).toHaveCount(0);
  await ada.field.fill('');
  // In a fence Enter breaks the line; after it, Enter sends.
  await type(ada, '```');
  await ada.field.press('Shift+Enter');
  await type(ada, '@wr');
  await expect(offers(ada)).toHaveCount(0);
  await ada.field.press('Enter');
  await type(ada, '```');
  await expect(ada.field).toHaveValue('```\n@wr\n```');
  await ada.field.press('Enter');
  await expect(ada.field).toHaveValue('');
  await expect(ada.log.getByText('@wr', { exact: true })).toHaveCount(1);
});

test('who is not in the room is offered as such, and rooms after #', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await wren.enter();
  const desk = await ada.makeRoom('desk', 'private');
  await ada.makeRoom('workshop');
  await ada.enter(`/rooms/${desk}`);
  await type(ada, '@wr');
  const list = ada.page.getByRole('listbox', { name: 'Names that fit' });
  await expect(list.getByRole('group', { name: 'Not in this room: is not told' }).getByRole('option')).toHaveText([/Wren Fairchild/]);
  await ada.field.fill('');
  await type(ada, 'see #');
  await expect(offers(ada)).toHaveCount(0);
  await type(ada, 'works');
  await expect(offers(ada)).toHaveText([/workshop/]);
  await offers(ada).first().click();
  await expect(ada.field).toHaveValue('see #workshop ');
  await expect(ada.field).toBeFocused();
});

test('an input method that composes is offered nothing, and its Enter takes and sends nothing', async ({ owner, guest }) => {
  const ada = await owner();
  await guest(ada, '周明');
  await ada.enter();
  const devtools = await ada.page.context().newCDPSession(ada.page);
  await type(ada, '@');
  await expect(offers(ada)).toHaveCount(2);
  await ada.field.press('Escape');
  await ada.field.fill('');
  await ada.field.focus();
  await devtools.send('Input.imeSetComposition', { text: '@zhou', selectionStart: 5, selectionEnd: 5 });
  await expect(ada.field).toHaveValue('@zhou');
  await expect(offers(ada)).toHaveCount(0);
  await devtools.send('Input.insertText', { text: '@' });
  await expect(offers(ada)).toHaveCount(2);
  await expect(ada.log.getByRole('article')).toHaveCount(0);
});

test('on a phone the list stands over the field, and none of it is cut off', async ({ owner, guest }) => {
  const ada = await owner();
  await guest(ada, 'Wren Fairchild');
  await ada.page.setViewportSize({ width: 360, height: 640 });
  await ada.enter();
  await type(ada, '@');
  await expect(offers(ada)).toHaveCount(2);
  const list = await ada.page.getByRole('listbox', { name: 'Names that fit' }).boundingBox();
  const field = await ada.field.boundingBox();
  expect(list?.x).toBeGreaterThanOrEqual(0);
  expect((list?.x ?? 0) + (list?.width ?? 0)).toBeLessThanOrEqual(360);
  expect((list?.y ?? 0) + (list?.height ?? 0)).toBeLessThanOrEqual(field?.y ?? 0);
});

test('a room that is named in a text is a link to it, as soon as one knows it', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const desk = await ada.makeRoom('Music Desk');
  await ada.enter();
  await wren.enter();
  await ada.field.pressSequentially('see #mus');
  await ada.field.press('Tab');
  await ada.field.pressSequentially('and (#nowhere)');
  await ada.field.press('Enter');
  const link = (person: Person): Locator => person.log.getByRole('link', { name: '#Music Desk' });
  await expect(link(ada)).toHaveAttribute('href', `/rooms/${desk}`);
  await expect(ada.log.getByText('#nowhere')).toBeVisible();
  await expect(ada.log.getByRole('link', { name: '#nowhere' })).toHaveCount(0);
  // Wren is not in the room, and so knows of no such name; once she is, it is a link for her too.
  await expect(wren.message('see #Music Desk')).toHaveCount(1);
  await expect(link(wren)).toHaveCount(0);
  await wren.api('POST', `/rooms/${desk}/members`, {});
  await expect(link(wren)).toHaveCount(1);
  await link(ada).focus();
  await ada.page.keyboard.press('Enter');
  await expect(ada.page).toHaveURL(new RegExp(`/rooms/${desk}$`));
  await expect(ada.page).toHaveTitle(/Music Desk/);
});
