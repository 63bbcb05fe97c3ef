// Two people in two browsers.

import { expect, test } from '../support/test';

test('they chat both ways, in one order', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await wren.enter();

  const lines = ['Is the desk free at five?', 'Until six, yes.', 'Then I take it.', 'Bring the fuses.'];
  for (const [at, line] of lines.entries()) {
    await (at % 2 ? wren : ada).say(line);
    await expect((at % 2 ? ada : wren).message(line)).toBeVisible();
  }
  for (const reader of [ada, wren]) {
    await expect(reader.log.getByRole('article')).toHaveText(lines.map((line) => new RegExp(line.replace('?', '\\?'))));
  }
  await expect.poll(() => ada.texts(1)).toEqual(lines);
});

test('messages of one author stand together under one name', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await wren.enter();
  await ada.say('First.');
  await ada.say('Second.');
  await expect(wren.message('Second.')).toBeVisible();
  await wren.say('Third.');
  await expect(ada.message('Third.')).toBeVisible();

  await expect(ada.log.getByRole('heading', { level: 4 })).toHaveText(['Ada Marlow', 'Wren Fairchild']);
  // Each can still be read alone.
  await expect(ada.log.getByRole('article', { name: /^Ada Marlow/ })).toHaveCount(2);
  await expect(ada.log.getByRole('heading', { level: 3 })).toHaveText('Today');
});

test('many messages sent at once arrive once, in order', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await wren.enter();
  const lines = Array.from({ length: 15 }, (_, at) => `line ${at + 1} of fifteen`);
  for (const line of lines) {
    await ada.field.fill(line);
    await ada.field.press('Enter');
  }
  for (const reader of [ada, wren]) {
    await expect(reader.log.getByRole('article')).toHaveText(lines.map((line) => new RegExp(line)));
  }
  expect(await wren.texts(1)).toEqual(lines);
});

test('what happens in another room is counted, and a mention has a badge', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const desk = await ada.makeRoom('desk');
  await wren.api('POST', `/rooms/${desk}/members`, {});
  await ada.enter('/rooms/1');
  await wren.enter(`/rooms/${desk}`);

  await wren.say('Anybody here?');
  await wren.say('Hello?');
  await expect(ada.row('desk')).toContainText('2 unread');
  await expect(ada.page).toHaveTitle('(2) general · Hubbub');
  await wren.say('@Ada-Marlow can you come?');
  await expect(ada.row('desk')).toContainText('1 mention');
  await expect(ada.row('desk')).toContainText('3 unread');
  const toast = ada.page.getByRole('status').filter({ hasText: 'can you come?' }).filter({ hasText: 'Wren Fairchild' });
  await expect(toast.getByRole('button', { name: 'Open' })).toBeVisible();

  await ada.row('desk').click();
  await expect(ada.page).toHaveURL(new RegExp(`/rooms/${desk}$`));
  await expect(ada.log.getByRole('separator')).toHaveAccessibleName('New messages, 3');
  await expect(ada.message('can you come?').getByText('@Ada-Marlow')).toBeVisible();
  await expect(ada.row('desk')).not.toContainText(/unread|mention/);
  await expect(ada.page).toHaveTitle('desk · Hubbub');

  // What was read stays read.
  await ada.enter('/rooms/1');
  await expect(ada.row('desk')).not.toContainText(/unread|mention/);
});

test('the new line goes with Escape, and does not come back', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.enter('/');
  await wren.post(1, 'You missed this.');
  await expect(ada.row('general')).toContainText('1 unread');
  await ada.row('general').click();
  const separator = ada.log.getByRole('separator');
  await expect(separator).toBeVisible();
  await ada.log.focus();
  await ada.page.keyboard.press('Escape');
  await expect(separator).toHaveCount(0);
  // The next page is drawn from what is stored: a disk may be slower than the keys.
  await expect.poll(() => ada.unread(1)).toBe(0);
  await ada.enter('/rooms/1');
  await expect(ada.message('You missed this.')).toBeVisible();
  await expect(separator).toHaveCount(0);
});

test('a room that ends with a reaction is read too', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await wren.post(1, '@Ada-Marlow are you there?');
  await ada.post(1, 'Not yet.');
  await wren.enter();
  await wren.message('are you there?').hover();
  await wren.message('are you there?').getByRole('button', { name: 'React with thumbs up' }).click();
  await expect(wren.message('are you there?').getByRole('button', { name: '👍, 1 person, you too' })).toBeVisible();
  await ada.enter();
  await expect(ada.message('are you there?').getByRole('button', { name: '👍, 1 person' })).toBeVisible();
  await expect(ada.row('general')).not.toContainText(/unread|mention/);
});

test('one sees who writes, and stops seeing it when they have sent', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await wren.enter();
  await wren.field.pressSequentially('I am about to say');
  await expect(ada.page.getByText('Wren Fairchild is writing…')).toBeVisible();
  await wren.field.press('Enter');
  await expect(ada.message('I am about to say')).toBeVisible();
  await expect(ada.page.getByText('Wren Fairchild is writing…')).toHaveCount(0);
});

test.describe('presence', () => {
  test.use({ settings: { HUBBUB_OFFLINE_GRACE_S: '1', HUBBUB_HEARTBEAT_S: '1' } });

  test('people come and go', async ({ owner, guest }) => {
    const ada = await owner();
    const wren = await guest(ada, 'Wren Fairchild');
    await ada.enter();
    const person = ada.people.getByRole('button', { name: 'Wren Fairchild' });
    await expect(person).toHaveAccessibleName(/offline/);
    await wren.enter();
    await expect(person).toHaveAccessibleName(/online/);
    await wren.page.close();
    await expect(person).toHaveAccessibleName(/offline/);
  });
});

test('new messages are told to a screen reader, one at a time', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await wren.enter();
  const polite = ada.page.locator('[aria-live="polite"]');
  await expect(polite).toHaveText('');
  await wren.say('@Ada-Marlow good morning');
  await expect(polite).toHaveText('to you: Wren Fairchild: @Ada-Marlow good morning');
  // Nothing is told of one's own.
  await ada.say('Good morning to you.');
  await expect(wren.message('Good morning to you.')).toBeVisible();
  await expect(polite).toHaveText('to you: Wren Fairchild: @Ada-Marlow good morning');
  await expect(ada.log).toHaveAttribute('aria-live', 'off');
});

test('a notice of the owner is told to everybody, and goes by itself or when closed', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await wren.enter();
  await ada.api('POST', '/notices', { text: 'The mast goes down at six.' });
  const toast = wren.page.getByRole('status').filter({ hasText: 'The mast goes down at six.' });
  await expect(toast).toBeVisible();
  await toast.getByRole('button', { name: 'Close' }).click();
  await expect(toast).toHaveCount(0);
});
