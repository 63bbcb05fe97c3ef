import { expect, test } from '../support/test';

test('a public room is made, found and joined', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await ada.rooms.getByRole('button', { name: 'New room or message' }).click();
  await ada.page.getByRole('menuitem', { name: 'Make a room' }).click();
  const dialog = ada.page.getByRole('dialog', { name: 'Make a room' });
  await dialog.getByLabel('Room name').fill('music desk');
  await dialog.getByLabel('Topic, if you like').fill('Records, tapes, needles');
  await dialog.getByRole('button', { name: 'Make the room' }).click();
  await expect(ada.page).toHaveTitle('music desk · Hubbub');
  await expect(ada.row('music desk')).toHaveAttribute('aria-current', 'page');
  await ada.say('First record: rain on a tin roof.');

  await wren.enter('/');
  await expect(wren.row('music desk')).toHaveCount(0);
  await wren.rooms.getByRole('button', { name: 'Browse or make rooms' }).click();
  const browse = wren.page.getByRole('dialog', { name: 'Open rooms' });
  await expect(browse).toContainText('Records, tapes, needles');
  await browse.getByRole('button', { name: 'Join music desk' }).click();
  await expect(wren.page).toHaveTitle('music desk · Hubbub');
  await expect(wren.message('First record: rain on a tin roof.')).toBeVisible();
  await wren.say('Second: the sea at Dunwich.');
  await expect(ada.message('Second: the sea at Dunwich.')).toBeVisible();
  await expect(ada.people.getByRole('button', { name: 'Wren Fairchild' })).toBeVisible();
});

test('bad and taken names of rooms are told at the field', async ({ owner }) => {
  const ada = await owner();
  await ada.makeRoom('desk');
  await ada.enter();
  ada.watch.expect(/status 409|status of 409/);
  await ada.rooms.getByRole('button', { name: 'New room or message' }).click();
  await ada.page.getByRole('menuitem', { name: 'Make a room' }).click();
  const name = ada.page.getByLabel('Room name');
  const make = ada.page.getByRole('button', { name: 'Make the room' });
  await make.click();
  await expect(name).toHaveAccessibleDescription('A name needs at least one character that can be seen.');
  await expect(name).toBeFocused();
  await name.fill('x'.repeat(51));
  await make.click();
  await expect(name).toHaveAccessibleDescription('At most 50 characters.');
  await name.fill('DESK');
  await make.click();
  await expect(name).toHaveAccessibleDescription('There is a room of this name already.');
  await expect(name).toHaveValue('DESK');
  await ada.page.keyboard.press('Escape');
  await expect(ada.page.getByRole('dialog')).toHaveCount(0);
});

test('a public room can be read before one joins it, and written in after', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const desk = await ada.makeRoom('desk');
  await ada.post(desk, 'Everybody may read this.');
  await wren.enter(`/rooms/${desk}`);
  await expect(wren.message('Everybody may read this.')).toBeVisible();
  await expect(wren.field).toHaveCount(0);
  await expect(wren.page.getByText('You read this room without being in it.')).toBeVisible();
  await wren.page.getByRole('button', { name: 'Join the room' }).click();
  await wren.say('And now I may write.');
  await wren.stored('And now I may write.');
});

test('a private room does not exist for others, until they are brought in', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await ada.rooms.getByRole('button', { name: 'New room or message' }).click();
  await ada.page.getByRole('menuitem', { name: 'Make a room' }).click();
  await ada.page.getByLabel('Room name').fill('board');
  await ada.page.getByLabel('Only invited people').check();
  await ada.page.getByRole('button', { name: 'Make the room' }).click();
  await expect(ada.page).toHaveTitle('board · Hubbub');
  await ada.say('Between us.');
  const path = new URL(ada.page.url()).pathname;

  wren.watch.expect(/status 404|status of 404/);
  await wren.page.goto(path);
  await expect(wren.page.getByRole('heading', { level: 1 })).toHaveText('Nothing is here');
  await wren.enter('/');
  await expect(wren.row('board')).toHaveCount(0);
  await wren.rooms.getByRole('button', { name: 'Browse or make rooms' }).click();
  await expect(wren.page.getByRole('dialog', { name: 'Open rooms' })).toContainText('general');
  await expect(wren.page.getByRole('dialog', { name: 'Open rooms' })).not.toContainText('board');
  await wren.page.keyboard.press('Escape');

  await ada.people.getByRole('button', { name: 'Add people' }).click();
  await ada.page.getByRole('button', { name: 'Add Wren Fairchild' }).click();
  await expect(ada.page.getByRole('status').filter({ hasText: 'Wren Fairchild is in' })).toBeVisible();
  await wren.row('board').click();
  await expect(wren.message('Between us.')).toBeVisible();
});

test('a direct message: made once, counted as said to you', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await wren.enter();
  await wren.rooms.getByRole('button', { name: 'Write to somebody' }).click();
  const dialog = wren.page.getByRole('dialog', { name: 'Write to somebody' });
  await dialog.getByLabel('Find people').fill('ada');
  await dialog.getByRole('checkbox', { name: /Ada Marlow/ }).check();
  await dialog.getByRole('button', { name: 'Write', exact: true }).click();
  await expect(wren.field).toHaveAccessibleName('Write to Ada Marlow');
  await wren.say('Psst.');

  await expect(ada.row('Wren Fairchild')).toContainText('1 message');
  await ada.row('Wren Fairchild').click();
  await expect(ada.message('Psst.')).toBeVisible();
  await ada.say('What is it?');
  await expect(wren.message('What is it?')).toBeVisible();

  // The same people, the same room: from either side.
  await ada.row('general').click();
  await ada.people.getByRole('button', { name: 'Wren Fairchild' }).click();
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Write to Wren Fairchild' }).click();
  await expect(ada.message('Psst.')).toBeVisible();
  await expect(ada.row('Wren Fairchild')).toHaveCount(1);
});

test('a direct room is made by its first message: until then nobody has it in their list', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const lin = await guest(ada, '林晓雨');
  await wren.enter();
  await lin.enter();
  await ada.enter();
  await ada.people.getByRole('button', { name: 'Wren Fairchild' }).click();
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Write to Wren Fairchild' }).click();
  await expect(ada.field).toHaveAccessibleName('Write to Wren Fairchild');
  await expect(ada.field).toBeFocused();
  await expect(ada.page.getByText('This is the start of your talk with Wren Fairchild')).toBeVisible();
  // By the switcher, too; and what is written for one is not for the other.
  await ada.page.keyboard.press('Control+k');
  await ada.page.keyboard.type('林晓雨');
  await ada.page.keyboard.press('Enter');
  await expect(ada.field).toHaveAccessibleName('Write to 林晓雨');
  await ada.page.goBack();
  await expect(ada.field).toHaveAccessibleName('Write to Wren Fairchild');
  await ada.page.reload();
  await expect(ada.field).toHaveAccessibleName('Write to Wren Fairchild');
  const { rooms } = await wren.api<{ rooms: { kind: string }[] }>('GET', '/rooms');
  expect(rooms.map(({ kind }) => kind)).toEqual(['public']);

  await ada.say('The first word.');
  await ada.stored('The first word.');
  await expect(ada.page).toHaveURL(/\/rooms\/\d+$/);
  await expect(ada.row('Wren Fairchild')).toHaveCount(1);
  await wren.row('Ada Marlow').click();
  await expect(wren.message('The first word.')).toBeVisible();
  for (const person of [ada, wren]) {
    await expect(person.log.getByText(/brought|came in/)).toHaveCount(0);
  }
  await wren.page.reload();
  await expect(wren.message('The first word.')).toBeVisible();
  await expect(wren.log.getByText(/brought|came in/)).toHaveCount(0);
  await expect(lin.row('Ada Marlow')).toHaveCount(0);
});

test('a room is left, and is gone from the list', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await wren.enter();
  await wren.page.getByRole('button', { name: 'Room menu' }).click();
  await wren.page.getByRole('menuitem', { name: 'Leave the room' }).click();
  const dialog = wren.page.getByRole('dialog', { name: 'Leave #general?' });
  await expect(dialog.getByRole('button', { name: 'Stay' })).toBeFocused();
  await dialog.getByRole('button', { name: 'Leave' }).click();
  await expect(wren.page).toHaveURL(/\/$/);
  await expect(wren.row('general')).toHaveCount(0);
  await expect(wren.page.getByText('You are in no room yet. Browse the open ones.')).toBeVisible();
  await expect(ada.log).toContainText('Wren Fairchild left');
  await expect(ada.people.getByRole('button', { name: 'Wren Fairchild' })).toHaveCount(0);
});

test('the topic is set by whoever may, and seen by all', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await wren.enter();
  await wren.page.getByRole('button', { name: 'Room menu' }).click();
  await expect(wren.page.getByRole('menuitem', { name: 'Leave the room' })).toBeVisible();
  await expect(wren.page.getByRole('menuitem', { name: 'Set a topic' })).toHaveCount(0);
  await wren.page.keyboard.press('Escape');

  await ada.page.getByRole('button', { name: 'Room menu' }).click();
  await ada.page.getByRole('menuitem', { name: 'Set a topic' }).click();
  await ada.page.getByLabel('Topic', { exact: true }).fill('The weather on the mast');
  await ada.page.getByRole('button', { name: 'Save' }).click();
  await expect(ada.page.getByRole('dialog')).toHaveCount(0);
  await expect(wren.page.getByText('The weather on the mast', { exact: true }).first()).toBeVisible();
  await expect(wren.log).toContainText('Ada Marlow set the topic: The weather on the mast');
});

test('from room to room by address: back and forth in the history', async ({ owner }) => {
  const ada = await owner();
  const desk = await ada.makeRoom('desk');
  await ada.post(1, 'In general.');
  await ada.post(desk, 'At the desk.');
  await ada.enter('/rooms/1');
  await ada.row('desk').click();
  await expect(ada.message('At the desk.')).toBeVisible();
  await ada.page.goBack();
  await expect(ada.page).toHaveURL(/\/rooms\/1$/);
  await expect(ada.message('In general.')).toBeVisible();
  await expect(ada.message('At the desk.')).toHaveCount(0);
  await ada.page.goForward();
  await expect(ada.message('At the desk.')).toBeVisible();
});

test('the switcher finds rooms and people', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await wren.makeRoom('workshop');
  await ada.enter();
  await ada.page.keyboard.press('Control+k');
  const dialog = ada.page.getByRole('dialog', { name: 'Go to or search' });
  const box = dialog.getByRole('combobox');
  await expect(box).toBeFocused();
  await box.fill('work');
  await expect(dialog.getByRole('option')).toHaveText([/workshop/]);
  await box.fill('wren');
  await expect(dialog.getByRole('option', { name: /Wren Fairchild/ })).toHaveAttribute('aria-selected', 'true');
  await box.press('Enter');
  await expect(ada.field).toHaveAccessibleName('Write to Wren Fairchild');
  await ada.page.keyboard.press('Control+k');
  await box.fill('nobody of this name');
  await expect(dialog).toContainText('Nothing found for "nobody of this name".');
  await box.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(ada.field).toBeFocused();
});
