// No page and no state of it has a fault that axe knows, light or dark.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import type { Person } from '../support/person';
import { expect, test } from '../support/test';
import { NOBODY_LISTENS, NO_NETWORK, status } from '../support/watch';
import { Wire } from '../support/wire';

const still = { reducedMotion: 'reduce' } as const;

/** Looks at a page as it is now, in both themes. */
async function clean(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(settled);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`));
    expect.soft(found, `${what}, ${colorScheme}`).toEqual([]);
  }
}

/** Colours that are on their way to others are nobody's. */
async function settled(): Promise<void> {
  const ends = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity);
  await Promise.allSettled(ends.map(({ finished }) => finished));
}

test('sign-in and first run', async ({ visitor, owner }) => {
  const stranger = await visitor(still);
  stranger.watch.expect(status(401), status(422));
  const { page } = stranger;
  await page.goto('/');
  await clean(page, 'first run');
  await page.getByLabel('Your name').fill('Ada\u202e');
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Open the doors' }).click();
  await expect(page.getByLabel('Your name')).toHaveAttribute('aria-invalid', 'true');
  await clean(page, 'first run with mistakes');

  const ada = await owner();
  await page.goto('/sign-in');
  await clean(page, 'sign-in');
  await stranger.signIn('Ada Marlow', 'not my password');
  await expect(page.getByRole('alert')).toBeVisible();
  await clean(page, 'sign-in refused');
  await page.goto(await ada.invite());
  await clean(page, 'invite');
  await page.goto('/join/nothing');
  await clean(page, 'an invite that is over');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/sign-in');
  await clean(page, 'sign-in on a phone');
});

/** A room with everything that can stand in one. */
async function busy(ada: Person, wren: Person): Promise<void> {
  const first = await wren.post(1, 'The mast inspection is done. **Nothing loose.**');
  await ada.post(1, '早。昨晚备份推流掉了三次。 https://example.org/log', { reply_to: first });
  await wren.post(1, '@Ada-Marlow can you be at the desk at 17:30? `tcp_keepalive` is set.');
  await wren.post(1, '@Wren-Fairchild is me.\n```sh\nffmpeg -re -i "$STUDIO" -c:a libopus\n```');
  await ada.post(1, 'Yes.');
}

test('a room, and everything in it', async ({ owner, guest }) => {
  test.slow();
  const ada = await owner('Ada Marlow', still);
  const wren = await guest(ada, 'Wren Fairchild');
  const { page } = ada;
  await ada.enter();
  await clean(page, 'an empty room');
  await ada.makeRoom('desk');
  await ada.makeRoom('board', 'private');
  await busy(ada, wren);
  await wren.enter();
  await expect(ada.message('Yes.')).toBeVisible();
  const first = ada.log.getByRole('article').first();
  await first.hover();
  await first.getByRole('button', { name: 'React with thumbs up' }).click();
  await expect(first.getByRole('button', { name: /you too/ })).toBeVisible();
  await wren.field.pressSequentially('I am wri');
  await expect(page.getByText('Wren Fairchild is writing…')).toBeVisible();
  await clean(page, 'a room');
  await ada.message('17:30').hover();
  await clean(page, 'with the toolbar');
  await ada.message('17:30').getByRole('button', { name: 'More' }).click();
  await clean(page, 'with the menu of a message');
  await page.keyboard.press('Escape');
  await ada.message('17:30').getByRole('toolbar').getByRole('button', { name: 'React', exact: true }).click();
  await expect(page.getByRole('gridcell')).toHaveCount(27);
  await clean(page, 'with the choice of emoji');
  await page.keyboard.type('xyzzy');
  await clean(page, 'with no emoji of that name');
  await page.keyboard.press('Escape');
  await ada.message('17:30').focus();
  await page.keyboard.press('r');
  await clean(page, 'with a reply');
  await page.keyboard.press('Escape');
  await ada.field.pressSequentially(':ta');
  await expect(page.getByRole('option')).toHaveCount(8);
  await clean(page, 'with emoji offered');
  await ada.field.fill('x'.repeat(8_100));
  await clean(page, 'with a text that is too long');
  await ada.field.fill('');
  await page.emulateMedia({ contrast: 'more', reducedMotion: 'reduce' });
  await clean(page, 'in high contrast');
});

test('dialogs and the switcher', async ({ owner, guest }) => {
  test.slow();
  const ada = await owner('Ada Marlow', still);
  await guest(ada, 'Wren Fairchild');
  await ada.makeRoom('desk');
  const { page } = ada;
  const board = await ada.makeRoom('board', 'private');
  await ada.post(board, 'A message.');
  await ada.enter(`/rooms/${board}`);

  const dialog = page.getByRole('dialog');
  const close = async (): Promise<void> => {
    await page.keyboard.press('Escape');
    // Gone from the page, not only from view: until then keys are the dialog's.
    await expect(page.locator('dialog')).toHaveCount(0);
  };
  await page.getByRole('button', { name: 'New room or message' }).click();
  await clean(page, 'the menu of new things');
  await page.getByRole('menuitem', { name: 'Make a room' }).click();
  await page.getByRole('button', { name: 'Make the room' }).click();
  await clean(page, 'make a room, with a mistake');
  await close();
  await page.getByRole('button', { name: 'Browse or make rooms' }).click();
  await expect(dialog).toContainText('desk');
  await clean(page, 'open rooms');
  await close();
  await page.getByRole('button', { name: 'Write to somebody' }).click();
  await expect(dialog).toContainText('Wren Fairchild');
  await clean(page, 'write to somebody');
  await close();
  await page.getByRole('button', { name: 'Add people' }).click();
  await expect(dialog).toContainText('Wren Fairchild');
  await clean(page, 'add people');
  await close();
  for (const item of ['Pinned messages', 'Invite people', 'Set a topic', 'Leave the room', 'Delete the room']) {
    await page.getByRole('button', { name: 'Room menu' }).click();
    if (item === 'Invite people') {
      await clean(page, 'the menu of a room');
    }
    await page.getByRole('menuitem', { name: item }).click();
    if (item === 'Invite people') {
      await page.getByRole('button', { name: 'Make the link' }).click();
      await expect(page.getByLabel('Invite link')).toBeVisible();
    }
    await expect(dialog).toBeVisible();
    await clean(page, item);
    await close();
  }
  await ada.people.getByRole('button', { name: 'Ada Marlow' }).click();
  await expect(dialog).toBeVisible();
  await clean(page, 'the card of a person');
  await close();
  await ada.message('A message.').focus();
  await page.keyboard.press('Delete');
  await expect(dialog).toBeVisible();
  await clean(page, 'delete?');
  await close();
  await page.keyboard.press('Control+k');
  await expect(dialog.getByRole('option').first()).toBeVisible();
  await clean(page, 'the switcher');
  await dialog.getByRole('combobox').fill('nobody of this name');
  await clean(page, 'the switcher, nothing found');
  await close();
  await page.getByRole('button', { name: 'Room menu' }).click();
  await page.getByRole('menuitem', { name: 'Delete the room' }).click();
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
  await clean(page, 'a room was deleted');
});

test('what is for one, what is saved, and what a room tells', async ({ owner, guest }) => {
  test.slow();
  const ada = await owner('Ada Marlow', still);
  const wren = await guest(ada, 'Wren Fairchild');
  const { page } = ada;
  for (const path of ['/for-you', '/saved']) {
    await page.goto(path);
    await clean(page, `${path}, nothing in it`);
  }
  await busy(ada, wren);
  await wren.post(1, '\u05d4\u05de\u05e4\u05ea\u05d7 @Ada-Marlow \u05db\u05d0\u05df.');
  const gone = await ada.post(1, 'Gone soon.');
  for (const seq of [gone, gone - 1]) {
    await ada.context.request.put(`${ada.origin}/api/v1/saved/1/${seq}`, { headers: { origin: ada.origin } });
  }
  await ada.enter();
  await ada.message('Gone soon.').focus();
  await page.keyboard.press('Delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(ada.message('Gone soon.')).toHaveCount(0);
  for (const path of ['/for-you', '/saved']) {
    await ada.enter(path);
    await expect(page.locator('.items li').first()).toBeVisible();
    await clean(page, path);
    await page.locator('.items a').first().focus();
    await clean(page, `${path}, with the focus in it`);
  }
  await page.getByRole('button', { name: /^Remove the message/ }).first().click();
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
  await clean(page, 'no longer saved');
  await page.route('**/api/v1/for-you', (route) => route.fulfill({ status: 500, body: 'no' }));
  ada.watch.expect(status(500));
  await ada.row('For you').click();
  await expect(page.getByRole('alert').filter({ hasText: 'could not be loaded' })).toBeVisible();
  await clean(page, 'a list that could not be had');
  await ada.row('general').click();
  for (const item of ['Add to favourites', 'Notifications']) {
    await page.getByRole('button', { name: 'Room menu' }).click();
    await page.getByRole('menuitem', { name: item, exact: true }).click();
  }
  await expect(page.getByRole('radio', { name: 'Everything' })).toBeChecked();
  await clean(page, 'the levels of a room');
  await page.getByRole('radio', { name: 'Nothing' }).check();
  await page.keyboard.press('Escape');
  await expect(ada.row('general')).toContainText('tells nothing');
  await clean(page, 'a favourite that tells nothing');
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of ['/for-you', '/saved', '/']) {
    await page.goto(path);
    await clean(page, `${path} on a phone`);
  }
});

test('the states of the connection, of a send, and of a room that is read', async ({ owner, guest, server }) => {
  test.slow();
  const ada = await owner('Ada Marlow', still);
  const wren = await guest(ada, 'Wren Fairchild', still);
  ada.watch.expect(NOBODY_LISTENS, NO_NETWORK);
  wren.watch.expect(NOBODY_LISTENS, NO_NETWORK, status(404));
  const desk = await ada.makeRoom('desk');
  await wren.enter(`/rooms/${desk}`);
  await clean(wren.page, 'a room that one only reads');
  await ada.enter();
  await ada.context.setOffline(true);
  await expect(ada.banner('You are offline.')).toBeVisible();
  await ada.say('Waits.');
  await clean(ada.page, 'offline');
  await ada.context.setOffline(false);
  await ada.stored('Waits.');
  await server.kill();
  await expect(ada.banner('Connection lost.')).toBeVisible();
  await ada.say('Waits too.');
  await clean(ada.page, 'connection lost');
  await server.restart();
  await ada.stored('Waits too.');

  const mine = await ada.makeRoom('board', 'private');
  const { user } = await wren.api<{ user: { id: number } }>('GET', '/users/me');
  await ada.api('POST', `/rooms/${mine}/members`, { user: user.id });
  const wire = await Wire.of(wren.page);
  await wren.page.goto(`/rooms/${mine}`);
  await wire.welcomed();
  wire.holdDown((frame) => frame.t === 'gone' || frame.t === 'event');
  await ada.api('DELETE', `/rooms/${mine}/members/${user.id}`);
  await wren.say('Too late?');
  await expect(wren.message('Too late?')).toContainText('Not sent');
  await clean(wren.page, 'a message that was not sent');

  const { sessions } = await ada.api<{ sessions: { id: number }[] }>('GET', '/sessions');
  await ada.api('DELETE', `/sessions/${sessions[0]?.id ?? 0}`);
  await expect(ada.banner('Signed out on this device.')).toBeVisible();
  await clean(ada.page, 'signed out');
});

test('settings, pages that are not there, and the phone', async ({ owner, guest }) => {
  test.slow();
  const ada = await owner('Ada Marlow', still);
  const wren = await guest(ada, 'Wren Fairchild');
  await busy(ada, wren);
  ada.watch.expect(status(404));
  const { page } = ada;
  for (const path of ['/', '/you', '/devices', '/people', '/people/2', '/people/2/ban', '/invites', '/nowhere', '/rooms/1/people']) {
    await page.goto(path);
    await clean(page, path);
  }
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of ['/', '/rooms/1', '/rooms/1/people', '/you', '/devices', '/people', '/people/2', '/invites', '/nowhere']) {
    await page.goto(path);
    await clean(page, `${path} on a phone`);
  }
});

test('people, roles and invites', async ({ owner, guest }) => {
  test.slow();
  const ada = await owner('Ada Marlow', still);
  const wren = await guest(ada, 'Wren Fairchild', still);
  ada.watch.expect(status(409));
  wren.watch.expect(status(403));
  const { page } = ada;
  await page.goto('/people?changed=2');
  await clean(page, 'a role was changed');
  await page.goto('/people/1');
  await page.getByRole('radio', { name: /^Member/ }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await clean(page, 'the only owner stays one');
  await page.goto('/people/2');
  await page.getByRole('button', { name: 'Make a reset link' }).click();
  await expect(page.getByLabel('Reset link')).toBeVisible();
  await clean(page, 'a reset link');
  await wren.page.goto('/people');
  await clean(wren.page, 'for owners and admins only');
  await page.goto('/people/2/ban');
  await page.getByRole('button', { name: 'Ban Wren Fairchild' }).click();
  await clean(page, 'somebody who is banned');
  await page.goto('/people?show=banned');
  await clean(page, 'those who are banned');
  await page.goto('/invites');
  await page.getByRole('button', { name: 'Make the link' }).click();
  await expect(page.getByRole('region', { name: 'Invite link' })).toBeVisible();
  await clean(page, 'an invite with its QR code');
  await page.setViewportSize({ width: 390, height: 844 });
  await clean(page, 'an invite with its QR code on a phone');
  await page.getByRole('button', { name: /^Revoke/ }).first().click();
  await clean(page, 'an invite was revoked');
});

test('in Chinese', async ({ owner }) => {
  const ada = await owner('Ada Marlow', { ...still, locale: 'zh-CN' });
  await ada.post(1, '早上好。');
  for (const path of ['/rooms/1', '/', '/you', '/people', '/people/1', '/invites']) {
    await ada.page.goto(path);
    await clean(ada.page, `${path} in Chinese`);
  }
});
