// The browser's own network goes, frames are lost, pages are reloaded and closed.

import { expect, test } from '../support/test';
import { NOBODY_LISTENS, NO_NETWORK, status } from '../support/watch';
import { Wire } from '../support/wire';

test('offline and online again: what was written waits, and goes out once', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  ada.watch.expect(NO_NETWORK);
  await ada.enter();
  await wren.enter();
  await ada.context.setOffline(true);
  await expect(ada.banner('You are offline.')).toContainText('We reconnect as soon as your network is back.');
  await ada.say('From the tunnel.');
  await expect(ada.message('From the tunnel.')).toContainText('Waiting');
  await wren.say('Where are you?');
  await wren.stored('Where are you?');

  await ada.context.setOffline(false);
  await expect(ada.banner(/^Back\./)).toBeVisible();
  await ada.stored('From the tunnel.');
  await expect(ada.message('Where are you?')).toHaveCount(1);
  await expect(wren.message('From the tunnel.')).toHaveCount(1);
  expect(await ada.texts(1)).toEqual(['Where are you?', 'From the tunnel.']);
});

test('a send that never reached the server survives a reload', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await wren.enter();
  const wire = await Wire.of(ada.page);
  await ada.page.goto('/rooms/1');
  await wire.welcomed();
  wire.holdUp((frame) => frame.t === 'send');
  await ada.say('On its way.');
  await expect(ada.message('On its way.')).toContainText(/Sending|Waiting/);
  await expect.poll(() => wire.holding).toBe(true);
  wire.holdUp(() => false);
  await ada.page.reload();
  await ada.stored('On its way.');
  await expect(wren.message('On its way.')).toHaveCount(1);
  expect(await ada.texts(1)).toEqual(['On its way.']);
});

test('a send whose answer was lost goes out again after a reload, and is one message', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await wren.enter();
  const wire = await Wire.of(ada.page);
  await ada.page.goto('/rooms/1');
  await wire.welcomed();
  wire.holdDown((frame) => frame.t === 'ack' || frame.t === 'event');
  await ada.say('Did you get this?');
  await expect(wren.message('Did you get this?')).toBeVisible();
  await expect(ada.message('Did you get this?')).toContainText(/Sending|Waiting/);
  wire.holdDown(() => false);
  await ada.page.reload();
  await ada.stored('Did you get this?');
  await expect(ada.message('Did you get this?')).toHaveCount(1);
  await expect(wren.message('Did you get this?')).toHaveCount(1);
  expect(await ada.texts(1)).toEqual(['Did you get this?']);
});

test('a connection that breaks between send and answer sends again, and is one message', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await wren.enter();
  const wire = await Wire.of(ada.page);
  await ada.page.goto('/rooms/1');
  await wire.welcomed();
  wire.holdDown((frame) => frame.t === 'ack' || frame.t === 'event');
  await ada.say('Once.');
  await expect(wren.message('Once.')).toBeVisible();
  wire.holdDown(() => false);
  await wire.cut();
  await wire.welcomed(1);
  await ada.stored('Once.');
  const sends = wire.sent.filter((frame) => frame.t === 'send');
  expect(sends.map((frame) => frame['id'])).toEqual(Array(2).fill(sends[0]?.['id']));
  expect(await ada.texts(1)).toEqual(['Once.']);
});

test('what is written in a page that is closed goes out when one comes back', async ({ owner, server }) => {
  const ada = await owner();
  ada.watch.expect(NOBODY_LISTENS);
  await ada.enter();
  await server.kill();
  await expect(ada.banner('Connection lost.')).toBeVisible();
  await ada.say('Good night.');
  await expect(ada.message('Good night.')).toContainText('Waiting');
  await ada.page.close();
  await server.restart();
  const page = await ada.context.newPage();
  await page.goto('/rooms/1');
  await expect(page.getByRole('article').filter({ hasText: 'Good night.' }).getByRole('link', { name: /permalink/ })).toHaveCount(1);
  expect(await ada.texts(1)).toEqual(['Good night.']);
});

test('two tabs of one person are one person', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const desk = await ada.makeRoom('desk');
  await wren.api('POST', `/rooms/${desk}/members`, {});
  await ada.enter('/rooms/1');
  const second = await ada.context.newPage();
  await ada.enter('/rooms/1', second);
  await wren.enter('/rooms/1');
  const there = second.getByRole('log').getByRole('article');

  await ada.say('From the first tab.');
  await expect(there).toHaveText([/From the first tab\./]);
  await second.getByRole('textbox', { name: 'Write to #general' }).fill('From the second tab.');
  await second.getByRole('textbox', { name: 'Write to #general' }).press('Enter');
  await ada.stored('From the second tab.');
  await expect(wren.log.getByRole('article')).toHaveText([/first tab/, /second tab/]);

  // What is read in one is read in the other.
  await wren.post(desk, 'Anybody?');
  await expect(ada.row('desk')).toContainText('1 unread');
  const row = second.getByRole('navigation', { name: 'Rooms' }).getByRole('link').filter({ hasText: 'desk' });
  await expect(row).toContainText('1 unread');
  await second.bringToFront();
  await row.click();
  await expect(second.getByRole('article').filter({ hasText: 'Anybody?' })).toBeVisible();
  await expect(ada.row('desk')).not.toContainText('unread');
  expect(await ada.texts(1)).toEqual(['From the first tab.', 'From the second tab.']);
});

test('a tab that is closed leaves its unsent messages to the other one', async ({ owner }) => {
  const ada = await owner();
  await ada.enter('/rooms/1');
  const second = await ada.context.newPage();
  const wire = await Wire.of(second);
  await second.goto('/rooms/1');
  await wire.welcomed();
  wire.holdUp((frame) => frame.t === 'send');
  await second.getByRole('textbox', { name: 'Write to #general' }).fill('Take care of this.');
  await second.getByRole('textbox', { name: 'Write to #general' }).press('Enter');
  await expect.poll(() => wire.holding).toBe(true);
  await second.close();
  // One looks at the other tab again.
  await ada.page.evaluate(() => dispatchEvent(new Event('focus')));
  await ada.stored('Take care of this.');
  expect(await ada.texts(1)).toEqual(['Take care of this.']);
});

test.describe('a server that refuses', () => {
  test.use({ settings: { HUBBUB_SEND_PER_S: '1', HUBBUB_SEND_BURST: '1' } });

  test('too many at once: they wait, and go out by themselves, in order', async ({ owner }) => {
    const ada = await owner();
    await ada.enter();
    const lines = ['one of four', 'two of four', 'three of four', 'four of four'];
    for (const line of lines) {
      await ada.say(line);
    }
    for (const line of lines) {
      await ada.stored(line);
    }
    expect(await ada.texts(1)).toEqual(lines);
  });
});

test('a message into a room that one was taken out of fails for good: copy or discard', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild', { permissions: ['clipboard-read', 'clipboard-write'] });
  const desk = await ada.makeRoom('desk', 'private');
  const { user } = await wren.api<{ user: { id: number } }>('GET', '/users/me');
  await ada.api('POST', `/rooms/${desk}/members`, { user: user.id });
  const wire = await Wire.of(wren.page);
  await wren.page.goto(`/rooms/${desk}`);
  await wire.welcomed();
  // The page does not hear of it before it sends; it may ask for the room's people all the same.
  wren.watch.expect(status(404));
  wire.holdDown((frame) => frame.t === 'gone' || frame.t === 'event');
  await ada.api('DELETE', `/rooms/${desk}/members/${user.id}`);
  await wren.field.fill('Too late?');
  await wren.field.press('Enter');
  const message = wren.message('Too late?');
  await expect(message).toContainText('Not sent');
  await expect(message).toContainText('This room is gone, or you are no longer in it.');
  await message.getByRole('button', { name: 'Copy' }).click();
  await expect(wren.page.getByRole('status').filter({ hasText: 'Copied' })).toBeVisible();
  await message.getByRole('button', { name: 'Discard' }).click();
  await expect(message).toHaveCount(0);
});

test('a message that is refused for good: edit or discard; for now: also try again', async ({ owner }) => {
  const ada = await owner();
  const wire = await Wire.of(ada.page);
  await ada.page.goto('/rooms/1');
  await wire.welcomed();
  wire.refuse({ code: 'invalid' });
  await ada.say('No good.');
  const message = ada.message('No good.');
  await expect(message).toContainText('Not sent');
  await expect(message.getByRole('button', { name: 'Try again' })).toHaveCount(0);
  await message.getByRole('button', { name: 'Edit' }).click();
  await expect(message).toHaveCount(0);
  await expect(ada.field).toHaveValue('No good.');
  await expect(ada.field).toBeFocused();

  // Refused for now, over and over: then its author decides, here and after a reload.
  wire.refuse({ code: 'unavailable', retry_after_ms: 1 });
  await ada.field.press('Enter');
  await expect(message).toContainText('Not sent', { timeout: 15_000 });
  await ada.page.reload();
  await wire.welcomed(1);
  await expect(message).toContainText('Not sent');
  wire.release();
  await message.getByRole('button', { name: 'Try again' }).click();
  await ada.stored('No good.');
  expect(await ada.texts(1)).toEqual(['No good.']);
});

test('a browser that keeps nothing says that it does, when a message has to wait', async ({ owner }) => {
  const ada = await owner();
  ada.watch.expect(NO_NETWORK);
  await ada.context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('not here', 'SecurityError');
    };
  });
  await ada.enter();
  await ada.context.setOffline(true);
  await expect(ada.banner('You are offline.')).toBeVisible();
  await ada.say('Has to wait.');
  await expect(ada.page.getByRole('alert').filter({ hasText: 'Your browser keeps nothing for this site.' })).toBeVisible();
  await ada.context.setOffline(false);
  await ada.stored('Has to wait.');
});

test.describe('a browser whose database takes nothing', () => {
  const full = (): void => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  };

  test('says so when a message has to wait, and sends it all the same', async ({ owner }) => {
    const ada = await owner();
    ada.watch.expect(NO_NETWORK);
    await ada.context.addInitScript(full);
    await ada.enter();
    await ada.say('Goes out at once.');
    await ada.stored('Goes out at once.');
    const says = ada.page.getByRole('alert').filter({ hasText: 'Your browser cannot keep more unsent messages.' });
    await expect(says).toHaveCount(0);
    await ada.context.setOffline(true);
    await expect(ada.banner('You are offline.')).toBeVisible();
    await ada.say('Has to wait.');
    await expect(says).toBeVisible();
    await ada.context.setOffline(false);
    await ada.stored('Has to wait.');
  });

  test('what it could not write goes out from the next page', async ({ owner, server }) => {
    const ada = await owner();
    ada.watch.expect(NOBODY_LISTENS);
    await ada.context.addInitScript(full);
    await ada.enter();
    await server.kill();
    await expect(ada.banner('Connection lost.')).toBeVisible();
    await ada.say('One.');
    await ada.say('Two.');
    await ada.page.close({ runBeforeUnload: true });
    await server.restart();
    const page = await ada.context.newPage();
    await page.goto('/rooms/1');
    await expect(page.getByRole('article').getByRole('link', { name: /permalink/ })).toHaveCount(2);
    expect(await ada.texts(1)).toEqual(['One.', 'Two.']);
    // Once, and never again.
    await page.reload();
    await expect(page.getByRole('article')).toHaveCount(2);
    const left = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('hubbub-journal')));
    await expect.poll(left).toEqual([]);
  });
});
