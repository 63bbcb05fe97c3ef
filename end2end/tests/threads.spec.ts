// Threads: replies that stand beside the room, what is unread of them, and who follows them.

import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';

import type { Person } from '../support/person';
import { expect, test } from '../support/test';

test.use({ settings: { HUBBUB_SEND_PER_S: '0', HUBBUB_HTTP_PER_S_ADDRESS: '0', HUBBUB_DURABILITY: 'normal' } });

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2, reducedMotion: 'reduce' } as const;

/** The pane of the open thread. */
function thread(page: Page): Locator {
  return page.getByRole('region', { name: 'Thread' });
}

/** A message of the room, not of the thread beside it. */
function inRoom(person: Person, text: string): Locator {
  return person.page.locator('#timeline').getByRole('article').filter({ hasText: text });
}

function inThread(person: Person, text: string): Locator {
  return thread(person.page).getByRole('article').filter({ hasText: text });
}

function field(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Reply in the thread' });
}

function entry(person: Person): Locator {
  return person.rooms.getByRole('button', { name: /^Threads/ });
}

async function clean(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`));
    expect.soft(found, `${what}, ${colorScheme}`).toEqual([]);
  }
}

test('a thread by the keyboard alone: begun with T, answered, left with Escape', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.post(1, 'Who has the key?');
  await ada.enter();
  await wren.enter();
  const message = inRoom(wren, 'Who has the key?');
  await message.focus();
  await message.press('t');
  await expect(wren.page).toHaveURL(/\/rooms\/1\/thread\/\d+$/);
  await expect(field(wren.page)).toBeFocused();
  await expect(inThread(wren, 'Who has the key?')).toBeVisible();
  await wren.page.keyboard.type('I do.');
  await wren.page.keyboard.press('Enter');
  await expect(inThread(wren, 'I do.')).toBeVisible();
  await expect(inRoom(wren, 'I do.')).toHaveCount(0);
  await expect(message.getByRole('link', { name: '1 reply' })).toBeVisible();
  await clean(wren.page, 'a thread');
  await expect(thread(wren.page).getByRole('button', { name: 'Following' })).toHaveAttribute('aria-pressed', 'true');
  await field(wren.page).focus();
  await wren.page.keyboard.press('Escape');
  await expect(thread(wren.page)).toHaveCount(0);
  await expect(wren.page).toHaveURL(/\/rooms\/1$/);
  await expect(message).toBeFocused();

  // Its author follows it: the number stands at the room, at the entry of threads, and under the message.
  await expect(entry(ada)).toHaveAccessibleName(/1 unread message in threads/);
  await expect(ada.row('general')).toContainText('1 unread message in threads');
  await expect(ada.row('For you')).toContainText('1 unread');
  await expect(inRoom(ada, 'I do.')).toHaveCount(0);
  await inRoom(ada, 'Who has').getByRole('link', { name: '1 reply' }).click();
  await expect(inThread(ada, 'I do.')).toBeVisible();
  await expect(entry(ada)).not.toHaveAccessibleName(/unread/);
  await expect(ada.row('For you')).not.toContainText('unread');
  await field(ada.page).fill('Please bring it.');
  await thread(ada.page).getByRole('checkbox', { name: 'Also send to #general' }).check();
  await field(ada.page).press('Enter');
  await expect(inRoom(ada, 'Please bring it.')).toHaveCount(1);
  await expect(inRoom(wren, 'Please bring it.')).toContainText('In a thread');
  await expect(inThread(ada, 'Please bring it.')).toBeVisible();
});

test('who follows a thread, in step over two tabs', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const root = await ada.post(1, 'Dinner?');
  await wren.post(1, 'Yes.', { thread: root });
  await ada.enter(`/rooms/1/thread/${root}`);
  const other = await ada.context.newPage();
  await ada.enter(`/rooms/1/thread/${root}`, other);
  const follows = (page: Page): Locator => thread(page).getByRole('button', { name: /^Follow/ });
  await expect(follows(other)).toHaveText('Following');
  await follows(ada.page).click();
  await expect(follows(ada.page)).toHaveText('Follow');
  await expect(follows(other)).toHaveText('Follow');
  await follows(other).click();
  await expect(follows(ada.page)).toHaveText('Following');
  await other.close();
});

test('a reply that is written without a connection goes out once there is one', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const root = await ada.post(1, 'Dinner?');
  await wren.enter(`/rooms/1/thread/${root}`);
  await expect(field(wren.page)).toBeVisible();
  wren.watch.expect(/ERR_INTERNET_DISCONNECTED/, /WebSocket connection/);
  await wren.context.setOffline(true);
  await field(wren.page).fill('With pleasure.');
  await field(wren.page).press('Enter');
  await expect(inThread(wren, 'With pleasure.')).toContainText('Waiting');
  await wren.context.setOffline(false);
  await expect(inThread(wren, 'With pleasure.').getByRole('link', { name: /permalink/ })).toHaveCount(1);
  await expect(inRoom(wren, 'With pleasure.')).toHaveCount(0);
});

test('the list of threads, those with something unread first, and the way into one', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await entry(ada).click();
  const list = ada.page.getByRole('dialog', { name: 'Threads' });
  await expect(list).toContainText('You follow no threads');
  await clean(ada.page, 'no threads');
  await ada.page.keyboard.press('Escape');
  await expect(list).toHaveCount(0);
  const root = await ada.post(1, 'Dinner?');
  await wren.post(1, '@Ada-Marlow yes.', { thread: root });
  await expect(entry(ada)).toHaveAccessibleName(/1 unread/);
  await entry(ada).press('Enter');
  const link = list.getByRole('link', { name: /Dinner\?/ });
  await expect(link).toBeFocused();
  await expect(link).toContainText('1 reply');
  await expect(link).toContainText('1 unread');
  await clean(ada.page, 'a list of threads');
  await link.press('Enter');
  await expect(inThread(ada, '@Ada-Marlow yes.')).toBeVisible();
});

test('a thread whose first message was deleted stands, and takes nothing more', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const root = await ada.post(1, 'Dinner?');
  await wren.post(1, 'Yes.', { thread: root });
  await wren.enter(`/rooms/1/thread/${root}`);
  await expect(field(wren.page)).toBeVisible();
  await ada.enter();
  await inRoom(ada, 'Dinner?').focus();
  await ada.page.keyboard.press('Delete');
  await ada.page.getByRole('dialog', { name: 'Delete this message?' }).getByRole('button', { name: 'Delete' }).click();
  await expect(thread(wren.page)).toContainText('Nothing can be added to its thread.');
  await expect(inThread(wren, 'Yes.')).toBeVisible();
  await expect(field(wren.page)).toHaveCount(0);
});

test('a link to a reply, and a thread that is not there', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const root = await ada.post(1, 'Dinner?');
  const reply = await wren.post(1, 'Yes.', { thread: root });
  await ada.enter(`/rooms/1/thread/${root}?at=${reply}`);
  await expect(inThread(ada, 'Yes.')).toBeFocused();
  await ada.page.goBack();
  const { status } = await ada.context.request.get(`${ada.origin}/rooms/1/thread/${reply}`).then((answer) => ({ status: answer.status() }));
  expect(status).toBe(404);
});

for (const [where, options] of [['wide', {}], ['on a phone', phone]] as const) {
  test(`a quote of a reply that stands in its thread alone leads to it there, ${where}`, async ({ owner, guest }) => {
    const ada = await owner('Ada Marlow', options);
    const wren = await guest(ada, 'Wren Fairchild');
    const root = await ada.post(1, 'Dinner?');
    const reply = await wren.post(1, 'Yes.', { thread: root });
    await wren.post(1, 'As I said there', { reply_to: reply });
    await ada.enter();
    await ada.field.fill('Not sent yet');
    const loads: string[] = [];
    ada.page.on('request', (request) => request.isNavigationRequest() && loads.push(request.url()));
    await inRoom(ada, 'As I said').getByRole('link', { name: /In reply to/ }).press('Enter');
    await expect(inThread(ada, 'Yes.')).toBeFocused();
    await expect(ada.page).toHaveURL(`${ada.origin}/rooms/1/thread/${root}?at=${reply}`);
    await expect(ada.page.getByText('This message is gone')).toHaveCount(0);
    expect(loads, 'pages that were loaded').toEqual([]);
    // One step back leads to where the quote was, and what was written is there.
    await ada.page.goBack();
    await expect(ada.page).toHaveURL(`${ada.origin}/rooms/1`);
    await expect(thread(ada.page)).toHaveCount(0);
    await expect(ada.field).toHaveValue('Not sent yet');
  });

  test(`from For you a reply that stands in its thread alone opens the thread at it, ${where}`, async ({ owner, guest }) => {
    const ada = await owner('Ada Marlow', options);
    const wren = await guest(ada, 'Wren Fairchild');
    const root = await wren.post(1, 'Dinner?');
    const reply = await wren.post(1, '@Ada-Marlow come too.', { thread: root });
    const link = ada.page.getByRole('region', { name: 'For you' }).getByRole('link', { name: /come too/ });
    await ada.enter('/for-you');
    await expect(link).toHaveAttribute('href', `/rooms/1/thread/${root}?at=${reply}`);
    await link.press('Enter');
    await expect(inThread(ada, 'come too')).toBeFocused();
    await ada.page.goBack();
    await expect(ada.page).toHaveURL(/\/for-you$/);
  });

  test(`the address of a reply in its room leads into its thread without a load, back leads away from it, ${where}`, async ({ owner, guest }) => {
    const ada = await owner('Ada Marlow', options);
    const wren = await guest(ada, 'Wren Fairchild');
    const root = await wren.post(1, 'Dinner?');
    const reply = await wren.post(1, 'Yes.', { thread: root });
    const desk = await ada.makeRoom('desk');
    await ada.enter(`/rooms/${desk}`);
    const follow = (path: string): Promise<void> =>
      ada.page.evaluate((to) => {
        const link = Object.assign(document.createElement('a'), { href: to });
        document.body.append(link);
        link.click();
        link.remove();
      }, path);
    await follow(`/rooms/1?at=${reply}`);
    await expect(inThread(ada, 'Yes.')).toBeFocused();
    await expect(ada.page).toHaveURL(`${ada.origin}/rooms/1/thread/${root}?at=${reply}`);
    await ada.page.goBack();
    await expect(ada.page).toHaveURL(`${ada.origin}/rooms/${desk}`);
    await follow('/rooms/1?at=9999');
    await expect(ada.page.getByText('This message is gone')).toBeVisible();
    await expect(ada.page).toHaveURL(`${ada.origin}/rooms/1?at=9999`);
  });
}

test('on a phone a thread is a page of its own with a way back', async ({ owner, guest }) => {
  const ada = await owner('Ada Marlow', phone);
  const wren = await guest(ada, 'Wren Fairchild');
  const root = await ada.post(1, 'Dinner?');
  await wren.post(1, 'Yes.', { thread: root });
  await ada.enter();
  await inRoom(ada, 'Dinner?').getByRole('link', { name: '1 reply' }).click();
  await expect(inThread(ada, 'Yes.')).toBeVisible();
  await expect(ada.page.locator('#timeline')).toBeHidden();
  await clean(ada.page, 'a thread on a phone');
  await ada.page.setViewportSize({ width: 320, height: 640 });
  const wide = await ada.page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  expect(wide).toBe(false);
  await thread(ada.page).getByRole('link', { name: 'Back to the room' }).click();
  await expect(thread(ada.page)).toHaveCount(0);
  await expect(inRoom(ada, 'Dinner?')).toBeVisible();
});

test('without JavaScript a thread is read', async ({ owner, guest }) => {
  const ada = await owner('Ada Marlow', { javaScriptEnabled: false });
  const wren = await guest(ada, 'Wren Fairchild');
  const root = await ada.post(1, 'Dinner?');
  await wren.post(1, 'Yes.', { thread: root });
  await ada.page.goto('/rooms/1');
  await inRoom(ada, 'Dinner?').getByRole('link', { name: '1 reply' }).click();
  await expect(inThread(ada, 'Dinner?')).toBeVisible();
  await expect(inThread(ada, 'Yes.')).toBeVisible();
  await thread(ada.page).getByRole('link', { name: /Back to the room|Close the thread/ }).filter({ visible: true }).click();
  await expect(ada.page).toHaveURL(/\/rooms\/1$/);
});

/** A thread of so many replies, each with its number; its first message. */
async function long(ada: Person, wren: Person, count: number): Promise<number> {
  const root = await ada.post(1, 'Who comes to dinner?');
  for (let n = 1; n <= count; n++) {
    await wren.post(1, `Reply ${n}.`, { thread: root });
  }
  return root;
}

/** The numbers of the replies that are drawn, from above. */
async function numbers(page: Page): Promise<number[]> {
  const texts = await thread(page).getByRole('article').allInnerTexts();
  return texts.flatMap((text) => /Reply (\d+)\./.exec(text)?.[1] ?? []).map(Number);
}

for (const [where, options] of [['wide', {}], ['on a phone', phone]] as const) {
  test(`a long thread begins with its first message, and reads on from there, ${where}`, async ({ owner, guest }) => {
    const ada = await owner('Ada Marlow', options);
    const wren = await guest(ada, 'Wren Fairchild');
    const root = await long(ada, wren, 230);
    const { page } = ada;
    await ada.enter(`/rooms/1/thread/${root}`);
    const first = thread(page).getByRole('article').first();
    const last = inThread(ada, 'Reply 230.');
    await expect(last).toBeInViewport();
    await expect(first).toContainText('Who comes to dinner?');
    const gap = thread(page).getByRole('status').filter({ hasText: /Loading \d+ messages between/ });
    await expect(gap).toHaveCount(1);
    await clean(page, 'a long thread');

    // Home leads to it, and what was said first follows. What is between the first and the last replies is torn paper.
    await last.focus();
    await last.press('Home');
    await expect(first).toBeFocused();
    await expect(inThread(ada, 'Reply 1.').first()).toBeInViewport();
    await expect(first).toBeInViewport();
    await expect.poll(async () => (await numbers(page)).slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    await expect(first).toContainText('Who comes to dinner?');
    await expect(inThread(ada, 'Who comes to dinner?')).toHaveCount(1);
    await first.press('End');
    await expect(last).toBeInViewport();
    await expect(first).toContainText('Who comes to dinner?');
  });

  test(`who scrolls up from the end of a long thread meets every reply, and its first message, ${where}`, async ({ owner, guest }) => {
    const ada = await owner('Ada Marlow', options);
    const wren = await guest(ada, 'Wren Fairchild');
    const root = await long(ada, wren, 130);
    const { page } = ada;
    await ada.enter();
    await inRoom(ada, 'Who comes to dinner?').getByRole('link', { name: '130 replies' }).click();
    await expect(inThread(ada, 'Reply 130.')).toBeInViewport();
    await expect(thread(page).getByRole('article').first()).toContainText('Who comes to dinner?');
    const met = new Set<number>();
    const list = page.locator('#thread-timeline');
    await expect
      .poll(async () => {
        const shown = await list.evaluate((view) => {
          const box = view.getBoundingClientRect();
          const rows = [...view.querySelectorAll('article')].filter((row) => {
            const { top, bottom } = row.getBoundingClientRect();
            return bottom > box.top && top < box.bottom;
          });
          view.scrollBy(0, -box.height / 2);
          return rows.map((row) => row.textContent ?? '');
        });
        for (const text of shown) {
          met.add(Number(/Reply (\d+)\./.exec(text)?.[1] ?? 0));
        }
        return met.has(0) && met.has(1);
      }, { intervals: [50] })
      .toBe(true);
    expect([...met].sort((a, b) => a - b)).toEqual(Array.from({ length: 131 }, (_, at) => at));
    await expect(page).toHaveURL(new RegExp(`/thread/${root}$`));
    await expect(thread(page).getByRole('status').filter({ hasText: 'between' })).toHaveCount(0);
  });
}

test('without JavaScript a long thread begins with its first message, and older replies are a page of their own', async ({ owner, guest }) => {
  const ada = await owner('Ada Marlow', { javaScriptEnabled: false });
  const wren = await guest(ada, 'Wren Fairchild');
  const root = await long(ada, wren, 60);
  const { page } = ada;
  await page.goto(`/rooms/1/thread/${root}`);
  await expect(thread(page).getByRole('article').first()).toContainText('Who comes to dinner?');
  await expect(thread(page).getByText('between')).toBeHidden();
  const older = thread(page).getByRole('link', { name: 'Older messages' });
  expect((await older.boundingBox())?.height, 'in one line').toBeLessThan(30);
  await older.click();
  await expect(page).toHaveURL(new RegExp(`/thread/${root}\\?at=\\d+$`));
  await expect(inThread(ada, 'Reply 1.').first()).toBeVisible();
  await expect(thread(page).getByRole('article').first()).toContainText('Who comes to dinner?');
});
