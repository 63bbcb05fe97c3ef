// What did not go out: its state is told as it is, and its words are never lost.

import { expect, test } from '../support/test';
import { Wire } from '../support/wire';

test('a send without an answer tells so, and can be tried again, edited or discarded', async ({ owner }) => {
  const ada = await owner();
  const wire = await Wire.of(ada.page);
  await ada.enter();
  wire.holdDown((frame) => frame.t === 'ack' || frame.t === 'event');
  wire.holdUp((frame) => frame.t === 'send');
  await ada.say('the first');
  await ada.say('the second');
  await expect(ada.message('the first')).toContainText('Sending');
  await expect(ada.message('the first')).toContainText('Still sending', { timeout: 15_000 });
  await expect(ada.message('the first')).toContainText('The server has not answered yet.');
  await expect(ada.message('the second')).toContainText('Waiting');
  for (const act of ['Try again', 'Edit', 'Discard']) {
    await expect(ada.message('the first').getByRole('button', { name: act })).toBeVisible();
  }
  // Trying again does not send it twice.
  await ada.message('the first').getByRole('button', { name: 'Try again' }).click();
  await expect(ada.message('the first')).toContainText('Still sending');
  wire.release();
  await ada.stored('the first');
  await ada.stored('the second');
  expect(await ada.texts(1)).toEqual(['the first', 'the second']);

  wire.holdUp((frame) => frame.t === 'send');
  await ada.say('a thurd');
  await ada.say('a fourth');
  await ada.message('a thurd').getByRole('button', { name: 'Edit' }).click({ timeout: 15_000 });
  await expect(ada.field).toHaveValue('a thurd');
  await expect(ada.message('a thurd')).toHaveCount(0);
  await ada.message('a fourth').getByRole('button', { name: 'Discard' }).click({ timeout: 15_000 });
  await expect(ada.message('a fourth')).toHaveCount(0);
});

test('what waits for a room that one was taken out of can be copied, sent elsewhere or discarded', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const { user } = await wren.api<{ user: { id: number } }>('GET', '/users/me');
  const board = await ada.makeRoom('board', 'private');
  await ada.api('POST', `/rooms/${board}/members`, { user: user.id });
  await wren.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const wire = await Wire.of(wren.page);
  await wren.enter(`/rooms/${board}`);
  wire.holdUp((frame) => frame.t === 'send');
  await wren.say('a word for the board');
  await wren.say('and one more');
  await ada.api('DELETE', `/rooms/${board}/members/${user.id}`);
  const head = wren.page.getByRole('heading', { level: 2, name: 'board' });
  await expect(wren.page.getByText('This room is gone, or you are no longer in it.')).toBeVisible();
  await expect(head).toBeVisible();
  wire.release();
  const card = wren.page.getByRole('group', { name: /You are no longer in board\. 2 messages were not sent/ });
  await expect(card).toContainText('a word for the board');
  await expect(card).toContainText('and one more');
  await expect(wren.log.getByText('Waiting')).toHaveCount(0);
  await card.getByRole('button', { name: 'Copy' }).click();
  expect(await wren.page.evaluate(() => navigator.clipboard.readText())).toBe('a word for the board\n\nand one more');

  // After a reload the room is nobody's to see; the words are where the rooms are.
  await wren.enter('/');
  await wren.rooms.getByRole('button', { name: '2 not sent' }).click();
  const dialog = wren.page.getByRole('dialog');
  await expect(dialog).toContainText('a word for the board');
  await dialog.getByRole('button', { name: 'Send elsewhere' }).click();
  await wren.page.getByRole('dialog').getByRole('button', { name: '#general' }).click();
  await wren.stored('a word for the board');
  await wren.stored('and one more');
  expect(await ada.texts(1)).toEqual(['a word for the board', 'and one more']);
  await expect(wren.rooms.getByRole('button', { name: 'not sent' })).toHaveCount(0);
});

for (const first of ['answer', 'room'] as const) {
  test(`a public room that one was taken out of takes what waited, whether the ${first} comes first`, async ({ owner, guest }) => {
    const ada = await owner();
    const wren = await guest(ada, 'Wren Fairchild');
    const { user } = await wren.api<{ user: { id: number } }>('GET', '/users/me');
    const wire = await Wire.of(wren.page);
    await wren.enter();
    wire.holdUp((frame) => frame.t === 'send');
    await wren.say('a word');
    await wren.say('and another');
    await ada.api('DELETE', `/rooms/1/members/${user.id}`);
    await expect(wren.page.getByRole('button', { name: 'Join the room' })).toBeVisible();
    wire.release();
    const card = wren.page.getByRole('group', { name: /You are no longer in #general\. 2 messages/ });
    // Joining is answered over HTTP, and the room is told over the socket: either may come first.
    if (first === 'answer') {
      wire.holdDown((frame) => frame.t === 'room' || frame.t === 'event');
    }
    await wren.page.route('**/api/v1/rooms/1/members', async (route) => {
      const answer = await route.fetch();
      if (first === 'room') {
        await expect(wren.field).toBeVisible();
      }
      await route.fulfill({ response: answer });
    });
    await card.getByRole('button', { name: 'Join again' }).click();
    if (first === 'answer') {
      await expect.poll(() => ada.texts(1)).toEqual(['a word', 'and another']);
      await expect(card).toHaveCount(0);
      wire.release();
    }
    await wren.stored('a word');
    await wren.stored('and another');
    expect(await ada.texts(1)).toEqual(['a word', 'and another']);
    await wren.say('and on');
    await wren.stored('and on');
  });
}
