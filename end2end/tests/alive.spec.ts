// The server's page becomes a living one without a word on the console.

import { expect, test } from '../support/test';
import { status } from '../support/watch';

test('every page is taken over in silence', async ({ visitor, owner, guest }) => {
  const first = await visitor();
  await first.page.goto('/', { waitUntil: 'networkidle' });
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const invite = await ada.invite();
  const seq = await ada.post(1, '@Wren-Fairchild look: https://example.org `code` 👩‍🚀\n\n```rust\nfn main() {}\n```\nand on');
  await wren.post(1, 'شكرا، 谢谢, thanks', { reply_to: seq });
  const deleted = await ada.post(1, 'to be deleted');
  await ada.enter();
  await ada.message('to be deleted').focus();
  await ada.page.keyboard.press('Delete');
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(ada.message('Deleted by its author')).toHaveCount(1);
  ada.watch.expect(status(404));
  const paths = ['/', '/rooms/1', `/rooms/1?at=${seq}`, `/rooms/1?at=${deleted}`, '/rooms/1/people', '/devices', '/you', '/nowhere', '/rooms/999'];
  for (const path of paths) {
    await ada.page.goto(path, { waitUntil: 'networkidle' });
    await expect(ada.page.getByRole('main'), path).toBeVisible();
    expect(ada.watch.faults(), path).toEqual([]);
  }
  const stranger = await visitor();
  for (const path of ['/sign-in', '/sign-in?next=/rooms/1', invite, '/join/nothing']) {
    await stranger.page.goto(path, { waitUntil: 'networkidle' });
    await expect(stranger.page.getByRole('main'), path).toBeVisible();
    expect(stranger.watch.faults(), path).toEqual([]);
  }
});

test('what the server drew stays where it is: hydration moves nothing', async ({ owner }) => {
  const ada = await owner();
  for (let n = 1; n <= 19; n++) {
    await ada.post(1, `Line ${n}.\n${'and more '.repeat(n * 3)}`);
  }
  // Seen once, so that the zone and the like are known.
  await ada.enter();
  const release = await ada.holdAlive();
  await ada.page.goto('/rooms/1', { waitUntil: 'commit' });
  const last = ada.message('Line 19.');
  await expect(last).toBeInViewport();
  const before = await last.boundingBox();
  const text = await ada.log.innerText();
  const welcomed = ada.welcome();
  release();
  await welcomed;
  expect(await last.boundingBox()).toEqual(before);
  expect(await ada.log.innerText()).toBe(text);
});

test.describe('what was pressed before the page is alive is done when it is', () => {
  test('a button', async ({ owner }) => {
    const ada = await owner();
    const release = await ada.holdAlive();
    await ada.page.goto('/rooms/1', { waitUntil: 'commit' });
    const menu = ada.page.getByRole('menu', { name: 'Room menu' });
    await ada.page.getByRole('button', { name: 'Room menu' }).click();
    await expect(menu).toBeHidden();
    release();
    await expect(menu).toBeVisible();
  });

  test('a message sent with Enter, once; Shift+Enter breaks its line', async ({ owner }) => {
    const ada = await owner();
    const release = await ada.holdAlive();
    await ada.page.goto('/rooms/1', { waitUntil: 'commit' });
    await ada.field.fill('I could not');
    await ada.field.press('Shift+Enter');
    await ada.field.pressSequentially('wait.');
    await ada.field.press('Enter');
    await ada.field.press('Enter');
    await expect(ada.field).toHaveValue('I could not\nwait.');
    release();
    await ada.stored('I could not');
    await expect(ada.field).toHaveValue('');
    expect(await ada.texts(1)).toEqual(['I could not\nwait.']);
  });

  test('what is typed on after Enter is not sent: it has no end yet', async ({ owner }) => {
    const ada = await owner();
    const release = await ada.holdAlive();
    await ada.page.goto('/rooms/1', { waitUntil: 'commit' });
    await ada.field.fill('Hello.');
    await ada.field.press('Enter');
    await ada.field.pressSequentially(' How are y');
    release();
    await expect(ada.page.locator('html[data-alive]')).toHaveCount(1);
    await expect(ada.field).toHaveValue('Hello. How are y');
    await ada.field.pressSequentially('ou?');
    await ada.field.press('Enter');
    await ada.stored('Hello. How are you?');
    expect(await ada.texts(1)).toEqual(['Hello. How are you?']);
  });

  test('a message, once', async ({ owner }) => {
    const ada = await owner();
    const release = await ada.holdAlive();
    await ada.page.goto('/rooms/1', { waitUntil: 'commit' });
    await ada.field.fill('I could not wait.');
    const send = ada.page.getByRole('button', { name: 'Send' });
    await send.click({ force: true });
    await send.click({ force: true });
    release();
    await ada.stored('I could not wait.');
    await expect(ada.field).toHaveValue('');
    expect(await ada.texts(1)).toEqual(['I could not wait.']);
  });
});
