// One pane at a time; panes are addresses, so back works.

import type { Page } from '@playwright/test';

import { expect, test } from '../support/test';
import { status } from '../support/watch';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
const narrow = { ...phone, viewport: { width: 320, height: 568 } };

test('rooms, room, people: each a page of its own, with a way back', async ({ owner, guest }) => {
  const ada = await owner('Ada Marlow', phone);
  const wren = await guest(ada, 'Wren Fairchild');
  await wren.post(1, 'Good morning.');
  await ada.enter('/');
  await expect(ada.row('general')).toContainText('1 unread');
  await expect(ada.log).toHaveCount(0);
  await ada.row('general').tap();
  await expect(ada.page).toHaveURL(/\/rooms\/1$/);
  await expect(ada.message('Good morning.')).toBeInViewport();
  await expect(ada.rooms).toBeHidden();

  await ada.field.tap();
  await ada.field.pressSequentially('Morning, Wren.');
  await ada.page.getByRole('button', { name: 'Send', exact: true }).tap();
  await ada.stored('Morning, Wren.');

  await ada.page.getByRole('link', { name: 'People, 2' }).tap();
  await expect(ada.page).toHaveURL(/\/rooms\/1\/people$/);
  await expect(ada.people.getByRole('button', { name: 'Wren Fairchild' })).toBeVisible();
  await expect(ada.field).toBeHidden();
  await ada.page.goBack();
  await expect(ada.page).toHaveURL(/\/rooms\/1$/);
  await expect(ada.message('Morning, Wren.')).toBeInViewport();
  await ada.page.getByRole('link', { name: 'People, 2' }).tap();
  await ada.page.getByRole('link', { name: 'Back to the room' }).tap();
  await expect(ada.message('Morning, Wren.')).toBeInViewport();

  await ada.page.getByRole('link', { name: 'Back to rooms' }).tap();
  await expect(ada.page).toHaveURL(/\/$/);
  await expect(ada.row('general')).toBeVisible();
  await expect(ada.row('general')).not.toContainText('unread');
  await ada.page.getByRole('link', { name: 'You', exact: true }).tap();
  await expect(ada.page.getByRole('heading', { level: 1 })).toHaveText('You');
});

test('pages loaded anew at each address are the same panes', async ({ owner }) => {
  const ada = await owner('Ada Marlow', phone);
  await ada.post(1, 'Hello.');
  await ada.enter('/rooms/1/people');
  await expect(ada.people).toBeVisible();
  await expect(ada.log).toBeHidden();
  await ada.enter('/rooms/1');
  await expect(ada.message('Hello.')).toBeInViewport();
  await expect(ada.people).toBeHidden();
  await expect(ada.rooms).toBeHidden();
});

test('a long press opens what can be done with a message', async ({ owner }) => {
  const ada = await owner('Ada Marlow', phone);
  await ada.post(1, 'Hold me.');
  await ada.enter();
  const message = ada.message('Hold me.');
  const finger = { pointerType: 'touch', isPrimary: true, pointerId: 1 };
  await message.dispatchEvent('pointerdown', finger);
  await expect(ada.page.getByRole('menuitem', { name: 'Reply' })).toBeVisible();
  await message.dispatchEvent('pointerup', finger);
  await ada.page.getByRole('menuitem', { name: 'Reply' }).tap();
  await expect(ada.page.getByText('Replying to Ada Marlow')).toBeVisible();
});

test('the drawer of a tablet shows the people over the room', async ({ owner }) => {
  const ada = await owner('Ada Marlow', { viewport: { width: 820, height: 1180 } });
  await ada.enter();
  await expect(ada.rooms).toBeVisible();
  await expect(ada.people).toBeHidden();
  await ada.page.getByRole('link', { name: /^People, / }).click();
  await expect(ada.people).toBeVisible();
  await ada.page.getByRole('link', { name: 'Back to the room' }).click();
  await expect(ada.people).toBeHidden();
});

test('nothing is wider than 320 pixels, on any page', async ({ visitor, owner, guest }) => {
  const fits = async (page: Page, what: string): Promise<void> => {
    await expect(page.getByRole('main'), what).toBeVisible();
    const [whole, view] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(view, what).toBe(320);
    expect(whole, what).toBeLessThanOrEqual(320);
  };
  const stranger = await visitor(narrow);
  await stranger.page.goto('/');
  await fits(stranger.page, 'first run');
  const ada = await owner('Ada Marlow', narrow);
  const wren = await guest(ada, 'Bartholomew Featherstonehaugh-Cholmondeley');
  ada.watch.expect(status(404));
  const long = await ada.makeRoom('workshop-and-spare-parts-exchange-of-the-north');
  await ada.api('PATCH', `/rooms/${long}`, { topic: 'a topic without end '.repeat(20).trim() });
  await wren.api('POST', `/rooms/${long}/members`, {});
  const word = 'Donaudampfschifffahrtsgesellschaftskapitän'.repeat(6);
  const seq = await wren.post(long, word);
  await wren.post(long, `https://example.org/${'path/'.repeat(60)}`, { reply_to: seq });
  await ada.post(long, `\`\`\`sh\n${'a line of code that does not end '.repeat(10)}\n\`\`\``);
  await ada.post(long, '中文'.repeat(120));

  for (const path of ['/', '/rooms/1', `/rooms/${long}`, `/rooms/${long}/people`, '/devices', '/you', '/rooms/999']) {
    await ada.page.goto(path);
    await fits(ada.page, path);
  }
  await ada.enter(`/rooms/${long}`);
  await expect(ada.field).toBeInViewport();
  for (const act of [ada.page.getByRole('link', { name: /^People, / }), ada.page.getByRole('button', { name: 'Room menu' })]) {
    await expect(act).toBeInViewport({ ratio: 1 });
  }
  const log = await ada.log.evaluate((log) => [log.scrollWidth, log.clientWidth]);
  expect(log[0], 'the timeline scrolls one way only').toBeLessThanOrEqual(log[1] ?? 0);
  for (const path of ['/sign-in', await ada.invite()]) {
    await stranger.page.goto(path);
    await fits(stranger.page, path);
  }
});

for (const [dir, way] of [['ltr', -1], ['rtl', 1]] as const) {
  test(`a message that is swiped towards the line's beginning is answered: ${dir}`, async ({ owner }) => {
    const ada = await owner('Ada Marlow', phone);
    await ada.post(1, 'Swipe me.');
    await ada.enter();
    await ada.page.evaluate((dir) => (document.documentElement.dir = dir), dir);
    const message = ada.message('Swipe me.');
    const box = await message.boundingBox();
    if (!box) throw new Error('not shown');
    const [middle, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const devtools = await ada.context.newCDPSession(ada.page);
    const touch = async (type: 'touchStart' | 'touchMove' | 'touchEnd', x = 0, at = y): Promise<void> => {
      await devtools.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y: at }] });
    };
    const drag = async (from: number, across: number, down = 0): Promise<void> => {
      await touch('touchStart', from);
      for (const part of [0.25, 0.5, 0.75, 1]) await touch('touchMove', from + across * part, y + down * part);
    };
    const replying = ada.page.getByText('Replying to');
    // Not far enough, the other way, from the edge of the window where the browser has its own, and along the timeline.
    const edge = way < 0 ? 390 - 8 : 8;
    for (const [from, across, down] of [[middle, way * 40, 0], [middle, -way * 120, 0], [edge, way * 120, 0], [middle, way * 20, -120]] as const) {
      await drag(from, across, down);
      await touch('touchEnd');
      await expect(message).not.toHaveClass(/swiped/);
    }
    await drag(middle, way * 40);
    await expect(message).toHaveClass(/swiped/);
    await expect(message).not.toHaveClass(/far/);
    const moved = async (): Promise<number> => ((await message.locator('.what').boundingBox())?.x ?? 0);
    const near = await moved();
    await touch('touchMove', middle + way * 90);
    await expect(message).toHaveClass(/far/);
    expect(Math.sign((await moved()) - near), 'it follows the finger').toBe(way);
    await expect(replying).toHaveCount(0);
    await touch('touchEnd');
    await expect(replying).toBeVisible();
    await expect(ada.field).toBeFocused();
    await expect(message).not.toHaveClass(/swiped/);
    await expect(ada.page.getByRole('menu')).toHaveCount(0);
    await ada.field.pressSequentially('Swiped.');
    await ada.page.getByRole('button', { name: 'Send', exact: true }).tap();
    await ada.stored('Swiped.');
    await expect(ada.message('Swiped.')).toContainText('Swipe me.');
  });
}

test('where less motion is wanted, a swiped message stays where it is and only shows the mark', async ({ owner }) => {
  const ada = await owner('Ada Marlow', { ...phone, reducedMotion: 'reduce' });
  await ada.post(1, 'Swipe me.');
  await ada.enter();
  const box = await ada.message('Swipe me.').boundingBox();
  if (!box) throw new Error('not shown');
  const what = ada.message('Swipe me.').locator('.what');
  const before = await what.boundingBox();
  const devtools = await ada.context.newCDPSession(ada.page);
  const point = (x: number): { x: number; y: number }[] => [{ x, y: box.y + box.height / 2 }];
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: point(250) });
  for (const x of [230, 200, 160]) await devtools.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: point(x) });
  await expect(ada.message('Swipe me.')).toHaveClass(/far/);
  expect(await what.boundingBox()).toEqual(before);
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await expect(ada.page.getByText('Replying to')).toBeVisible();
});
