// What is typed in a page is that page's: no other page of the browser writes over it.

import type { Page } from '@playwright/test';

import type { Person } from '../support/person';
import { expect, test } from '../support/test';

const field = (page: Page) => page.getByRole('textbox', { name: /^Write to/ });

async function second(ada: Person): Promise<Page> {
  const page = await ada.context.newPage();
  await ada.enter('/rooms/1', page);
  return page;
}

test('two pages, one room: each keeps its own draft over a reload, whatever the other sends or writes', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  const other = await second(ada);
  await ada.field.pressSequentially('mine, half');
  await field(other).fill('said at once');
  await field(other).press('Enter');
  await ada.stored('said at once');
  await ada.page.reload();
  await expect(ada.field).toHaveValue('mine, half');
  await field(other).pressSequentially('the other');
  await ada.field.press('End');
  await ada.field.pressSequentially(' and more');
  await Promise.all([ada.page.reload(), other.reload()]);
  await expect(ada.field).toHaveValue('mine, half and more');
  await expect(field(other)).toHaveValue('the other');
  await ada.field.press('Enter');
  await ada.stored('mine, half and more');
  await other.reload();
  await expect(field(other)).toHaveValue('the other');
  await ada.page.reload();
  await expect(ada.message('mine, half and more')).toBeVisible();
  await expect(ada.field).toHaveValue('');
});

test('the draft of a page that is gone is offered to the next', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  const other = await second(ada);
  await field(other).pressSequentially('left behind');
  await other.close();
  // This one had nothing there.
  await expect(ada.field).toHaveValue('left behind');
  await ada.page.reload();
  await expect(ada.field).toHaveValue('left behind');
  await ada.page.close();
  const next = await second(ada);
  await expect(field(next)).toHaveValue('left behind');
});

test('the draft of a page that is gone waits while something else is written in its room', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  const other = await second(ada);
  await ada.field.pressSequentially('mine');
  await field(other).pressSequentially('left behind');
  await other.close();
  await ada.field.press('Enter');
  await ada.stored('mine');
  await ada.field.pressSequentially('mine again');
  await ada.page.reload();
  await expect(ada.field).toHaveValue('mine again');
  await ada.page.close();
  const next = await second(ada);
  await expect(field(next)).toHaveValue(/^(mine again|left behind)$/);
  await field(next).press('Enter');
  await next.reload();
  await expect(field(next)).toHaveValue(/^(mine again|left behind)$/);
});

test('a copied tab does not write over the draft of the first', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  await ada.field.pressSequentially('the first');
  // As the browser copies a tab: with what the first one's tab keeps.
  const [copy] = await Promise.all([
    ada.context.waitForEvent('page'),
    ada.page.evaluate(() => void window.open('/rooms/1', '_blank', 'opener')),
  ]);
  await expect(field(copy)).toBeVisible();
  await expect(copy.locator('html[data-alive]')).toHaveCount(1);
  await field(copy).fill('the copy');
  await copy.reload();
  await expect(field(copy)).toHaveValue('the copy');
  await ada.page.reload();
  await expect(ada.field).toHaveValue('the first');
});

test('without locks, as on plain http, a page takes up its own draft and no other one\'s', async ({ owner }) => {
  const ada = await owner();
  await ada.context.addInitScript(() => Object.defineProperty(navigator, 'locks', { value: undefined }));
  await ada.enter();
  const other = await second(ada);
  await ada.field.pressSequentially('mine');
  await field(other).pressSequentially('the other');
  await ada.page.reload();
  await expect(ada.field).toHaveValue('mine');
  await expect(field(other)).toHaveValue('the other');
  await other.reload();
  await expect(field(other)).toHaveValue('the other');
  await ada.field.press('Enter');
  await ada.stored('mine');
  await ada.page.reload();
  await expect(ada.message('mine')).toBeVisible();
  await expect(ada.field).toHaveValue('');
  await expect(field(other)).toHaveValue('the other');
});

const reply = (page: Page) => page.getByRole('textbox', { name: 'Reply in the thread' });

test('what is written in a thread outlives the page, beside what is written in its room and in another thread', async ({ owner }) => {
  const ada = await owner();
  const [root, other] = [await ada.post(1, 'Who has the key?'), await ada.post(1, 'And the ladder?')];
  await ada.enter(`/rooms/1/thread/${root}`);
  await ada.field.pressSequentially('for all');
  await reply(ada.page).pressSequentially('for who asked');
  await ada.page.reload();
  await expect(reply(ada.page)).toHaveValue('for who asked');
  await expect(ada.field).toHaveValue('for all');
  await ada.enter(`/rooms/1/thread/${other}`);
  await expect(ada.field).toHaveValue('for all');
  await expect(reply(ada.page)).toHaveValue('');
  await ada.enter(`/rooms/1/thread/${root}`);
  await expect(reply(ada.page)).toHaveValue('for who asked');
  await reply(ada.page).press('Enter');
  await expect(ada.page.getByRole('region', { name: 'Thread' }).getByRole('article').filter({ hasText: 'for who asked' })).toBeVisible();
  await ada.page.reload();
  await expect(ada.field).toHaveValue('for all');
  await expect(reply(ada.page)).toHaveValue('');
});

test('what is typed in a thread before the page is alive is its draft, and no other one\'s', async ({ owner }) => {
  const ada = await owner();
  const root = await ada.post(1, 'Who has the key?');
  const release = await ada.holdAlive();
  await ada.page.goto(`/rooms/1/thread/${root}`, { waitUntil: 'commit' });
  await reply(ada.page).pressSequentially('early');
  release();
  await expect(ada.page.locator('html[data-alive]')).toHaveCount(1);
  await reply(ada.page).pressSequentially(' bird');
  await expect(reply(ada.page)).toHaveValue('early bird');
  await ada.page.reload();
  await expect(reply(ada.page)).toHaveValue('early bird');
  await expect(ada.field).toHaveValue('');
});

test('what a version without drafts of threads kept is the room\'s', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  await ada.page.evaluate(async () => {
    const page = sessionStorage['hubbub-page'] as string;
    const [{ name }] = (await indexedDB.databases()) as [{ name: string }];
    const open = indexedDB.open(name);
    await new Promise((done) => (open.onsuccess = done));
    const writing = open.result.transaction('drafts', 'readwrite');
    const text = JSON.stringify({ page, room: 1, text: 'of old', at: Date.now() });
    writing.objectStore('drafts').put(text, `${page}/1`);
    await new Promise((done) => (writing.oncomplete = done));
    open.result.close();
  });
  await ada.page.reload();
  await expect(ada.field).toHaveValue('of old');
});
