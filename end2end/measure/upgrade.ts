// A page of an earlier release that stays open while its server is replaced by this one, on the same data:
// `HUBBUB_BIN=the-earlier-one NEW_BIN=this-one npm run measure -- upgrade`. It needs a binary that no test has at hand.

import { expect, test } from '../support/test';

const NEW_BIN = process.env['NEW_BIN'];

test('a page of an earlier release lives on when its server is replaced', async ({ owner, guest, server }) => {
  test.skip(NEW_BIN === undefined, 'NEW_BIN names the newer binary');
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await ada.say('Before the upgrade.');
  await ada.stored('Before the upgrade.');
  await server.stop();
  await ada.field.fill('Written while it was away.');
  await ada.field.press('Enter');
  server.program = NEW_BIN ?? '';
  await server.restart();
  // What was written goes out by itself, and what others do with the newer one's means arrives.
  await ada.stored('Written while it was away.');
  await wren.enter();
  await wren.post(1, 'From the **newer** page, with `code`.');
  await expect(ada.message('newer')).toBeVisible();
  const root = await wren.post(1, 'A first message.');
  await wren.post(1, 'A reply beside it.', { thread: root });
  await wren.post(1, 'A reply for all.', { thread: root, also: true });
  await expect(ada.message('A first message.')).toBeVisible();
  await expect(ada.message('A reply for all.')).toBeVisible();
  await ada.say('Said by the older page.');
  await ada.stored('Said by the older page.');
  await expect(wren.message('Said by the older page.')).toBeVisible();
  await ada.field.press('ArrowUp');
  await ada.field.fill('Edited by the older page.');
  await ada.field.press('Enter');
  await expect(wren.message('Edited by the older page.')).toBeVisible();
  await ada.page.screenshot({ path: 'test-results/upgrade.png' });
  // Loaded again it is the newer one.
  await ada.page.reload();
  await expect(ada.message('Edited by the older page.')).toBeVisible();
});
