// The server goes and comes back. Nothing is lost, nothing comes twice.

import type { Person } from '../support/person';
import { expect, test } from '../support/test';
import { NOBODY_LISTENS } from '../support/watch';

/** The banner says when the next try is. */
async function countsDown(person: Person): Promise<void> {
  await expect(person.banner('Connection lost.').getByRole('timer')).toHaveText(/Next try in [0-2] s\./);
}

/** For this person's page the server stays away, until the function that this gives is called. */
async function holdAway({ page }: Person): Promise<() => Promise<void>> {
  await page.route('**/readyz', (route) => route.abort('connectionrefused'));
  return () => page.unroute('**/readyz');
}

test('killed and started again: the banner, catching up, what was written goes out once', async ({ owner, guest, server }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  ada.watch.expect(NOBODY_LISTENS);
  wren.watch.expect(NOBODY_LISTENS);
  await ada.enter();
  await wren.enter();
  await ada.say('Before.');
  await expect(wren.message('Before.')).toBeVisible();

  await server.kill();
  await expect(ada.banner('Connection lost.')).toContainText('Messages wait here and go out once.');
  await ada.field.fill('Meanwhile.');
  await expect(ada.field).toHaveAccessibleDescription('Goes out when the connection is back.');
  await ada.page.getByRole('button', { name: 'Send when the connection is back' }).click();
  await expect(ada.message('Meanwhile.')).toContainText('Waiting');
  await expect(ada.page.getByText('Not connected')).toBeVisible();
  await countsDown(ada);

  const release = await holdAway(ada);
  await server.restart();
  // Others were quicker, and said something that Ada missed.
  await wren.say('You missed this, Ada.');
  await wren.stored('You missed this, Ada.');
  await release();

  await expect(ada.banner(/^Back\./)).toContainText('Nothing was lost.');
  await ada.stored('Meanwhile.');
  await expect(ada.message('You missed this, Ada.')).toHaveCount(1);
  await expect(wren.message('Meanwhile.')).toHaveCount(1);
  await expect(ada.banner(/^Back\./)).toHaveCount(0);
  expect(await ada.texts(1)).toEqual(['Before.', 'You missed this, Ada.', 'Meanwhile.']);
  for (const reader of [ada, wren]) {
    await expect(reader.log.getByRole('article')).toHaveText([/Before\./, /You missed this/, /Meanwhile\./]);
  }
});

for (const { where, options } of [
  { where: 'beside the list', options: {} },
  { where: 'under the list of a phone', options: { viewport: { width: 390, height: 844 } } },
]) {
  test(`where no room is open, the banner stands ${where}`, async ({ owner, server }) => {
    const ada = await owner('Ada Marlow', options);
    ada.watch.expect(NOBODY_LISTENS);
    await ada.enter('/');
    await server.kill();
    await expect(ada.banner('Connection lost.')).toBeInViewport({ ratio: 1 });
    await server.restart();
    await expect(ada.banner(/^Back\./)).toBeVisible();
    await expect(ada.banner(/^Back\./)).toHaveCount(0);
  });
}

test('it comes back by itself, again and again', async ({ owner, guest, server }) => {
  test.slow();
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  ada.watch.expect(NOBODY_LISTENS);
  wren.watch.expect(NOBODY_LISTENS);
  await ada.enter();
  await wren.enter();
  const lines: string[] = [];
  for (let round = 1; round <= 3; round++) {
    await server.kill();
    await expect(ada.banner('Connection lost.')).toBeVisible();
    for (const person of [ada, wren]) {
      const line = `round ${round} of ${person === ada ? 'Ada' : 'Wren'}`;
      await person.say(line);
      lines.push(line);
    }
    await server.restart();
    for (const line of lines) {
      await ada.stored(line);
      await wren.stored(line);
    }
  }
  expect((await ada.texts(1)).toSorted()).toEqual(lines.toSorted());
});

test('edits, deletions and reactions that were missed are caught up with', async ({ owner, guest, server }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  ada.watch.expect(NOBODY_LISTENS);
  wren.watch.expect(NOBODY_LISTENS);
  await ada.enter();
  await wren.enter();
  for (const text of ['Stays.', 'Changes.', 'Goes.']) {
    await wren.say(text);
    await wren.stored(text);
    await expect(ada.message(text)).toBeVisible();
  }
  await server.kill();
  const release = await holdAway(ada);
  await countsDown(ada);
  await server.restart();
  await wren.message('Changes.').hover();
  await wren.page.keyboard.press('Tab');
  await wren.message('Changes.').focus();
  await wren.page.keyboard.press('e');
  await wren.field.fill('Changed.');
  await wren.field.press('Enter');
  await wren.message('Goes.').focus();
  await wren.page.keyboard.press('Delete');
  await wren.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await wren.message('Stays.').hover();
  await wren.message('Stays.').getByRole('button', { name: 'React with thumbs up' }).click();
  await release();
  await expect(ada.message('Changed.')).toContainText('edited');
  await expect(ada.message('Goes.')).toHaveCount(0);
  await expect(ada.message('Deleted by its author')).toHaveCount(1);
  await expect(ada.message('Stays.').getByRole('button', { name: '👍, 1 person' })).toBeVisible();
});

test('a stop that was announced says so, and the page comes back by itself', async ({ owner, guest, server }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  ada.watch.expect(NOBODY_LISTENS);
  wren.watch.expect(NOBODY_LISTENS);
  await ada.enter();
  await wren.enter();
  await ada.say('Before.');
  await ada.stored('Before.');
  // It says so only until its first try, which may be half a second: nothing that is looked for now and then.
  await ada.page.evaluate(() => {
    const said = new Set<string>();
    const look = (): void => {
      said.add(document.querySelector('.banner')?.textContent?.replace(/\s+/g, ' ') ?? '');
      document.documentElement.dataset['said'] = JSON.stringify([...said]);
    };
    new MutationObserver(look).observe(document.querySelector('.dock') ?? document.body, { subtree: true, childList: true, characterData: true });
  });
  expect(await server.stop()).toBe(0);
  await expect(ada.page.locator('html')).toHaveAttribute('data-said', /The server is being updated\. Back in about \d+ s\./);
  await ada.say('While you were away.');
  await server.restart();
  await expect(wren.message('While you were away.')).toHaveCount(1);
  await ada.stored('While you were away.');
  expect(await ada.texts(1)).toEqual(['Before.', 'While you were away.']);
});

test('while the server is away the page asks whether it is ready, and opens no socket', async ({ owner, server }) => {
  const ada = await owner();
  ada.watch.expect(NOBODY_LISTENS);
  await ada.enter();
  let sockets = 0;
  ada.page.on('websocket', () => sockets++);
  const asked = (): Promise<unknown> => ada.page.waitForEvent('request', (request) => request.url().endsWith('/readyz'));
  const first = asked();
  await server.kill();
  await first;
  for (let times = 0; times < 3; times++) {
    await asked();
  }
  expect(sockets).toBe(0);
  await server.restart();
  const up = Date.now();
  await expect(ada.banner(/^Back\./)).toBeVisible();
  expect(Date.now() - up, 'milliseconds from the server to the page').toBeLessThan(3_000);
  expect(sockets).toBe(1);
});

test('of four tabs one asks at a time, and all are back', async ({ owner, server }) => {
  const ada = await owner();
  ada.watch.expect(NOBODY_LISTENS);
  await ada.enter();
  const pages = [ada.page];
  for (let more = 0; more < 3; more++) {
    const page = await ada.context.newPage();
    await ada.enter('/rooms/1', page);
    pages.push(page);
  }
  let asked = 0;
  ada.context.on('request', (request) => {
    asked += Number(request.url().endsWith('/readyz'));
  });
  await server.kill();
  for (const page of pages) {
    await expect(page.getByRole('status').filter({ hasText: 'Connection lost.' })).toBeVisible();
  }
  // Each may have asked once before it heard of another's answer; after that, one asks for all.
  await expect.poll(() => asked, { timeout: 20_000 }).toBeGreaterThanOrEqual(8);
  const [before, since] = [asked, Date.now()];
  await expect.poll(() => asked, { timeout: 20_000 }).toBeGreaterThanOrEqual(before + 4);
  expect(Date.now() - since, 'four tabs that ask by themselves need 2 s for four questions').toBeGreaterThan(3_500);
  await server.restart();
  const up = Date.now();
  for (const page of pages) {
    await expect(page.getByRole('status').filter({ hasText: /^Back\./ })).toBeVisible();
  }
  expect(Date.now() - up, 'milliseconds from the server to the last tab').toBeLessThan(5_000);
});

test('after ten minutes it asks less often, and at once when the person does', async ({ owner, server }) => {
  const ada = await owner();
  ada.watch.expect(NOBODY_LISTENS);
  await ada.page.clock.install();
  await ada.enter();
  await server.kill();
  await expect(ada.banner('Connection lost.')).toBeVisible();
  await expect
    .poll(async () => {
      await ada.page.clock.fastForward('01:00');
      return ada.banner('Still no connection.').count();
    }, { intervals: [300], timeout: 20_000 })
    .toBe(1);
  await expect(ada.banner('Still no connection.')).toContainText(/Next look in \d+ s\. We keep looking; your messages are kept\./);
  await server.restart();
  await ada.page.getByRole('button', { name: 'Try now' }).click();
  await expect(ada.banner(/^Back\./)).toBeVisible();
});
