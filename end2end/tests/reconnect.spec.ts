// The server goes and comes back. Nothing is lost, nothing comes twice.

import type { Person } from '../support/person';
import { expect, test } from '../support/test';
import { NOBODY_LISTENS } from '../support/watch';

/** The strip counts down to a try that is at least this many seconds away. */
async function countsDown(person: Person, from: number): Promise<void> {
  const timer = person.strip('Connection lost.').getByRole('timer');
  const seconds = async (): Promise<number> => {
    const text = (await timer.count()) ? await timer.innerText() : '';
    return Number(/Next try in (\d+) s/.exec(text)?.[1] ?? 0);
  };
  await expect.poll(seconds, { timeout: 30_000, intervals: [200] }).toBeGreaterThanOrEqual(from);
  const now = await seconds();
  await expect.poll(seconds, { intervals: [200] }).toBeLessThan(now);
}

test('killed and started again: the strip, catching up, what was written goes out once', async ({ owner, guest, server }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  ada.watch.expect(NOBODY_LISTENS);
  wren.watch.expect(NOBODY_LISTENS);
  await ada.enter();
  await wren.enter();
  await ada.say('Before.');
  await expect(wren.message('Before.')).toBeVisible();

  await server.kill();
  await expect(ada.strip('Connection lost.')).toContainText('Messages wait here and go out once.');
  await ada.field.fill('Meanwhile.');
  await expect(ada.field).toHaveAccessibleDescription('Goes out when the connection is back.');
  await ada.page.getByRole('button', { name: 'Send when the connection is back' }).click();
  await expect(ada.message('Meanwhile.')).toContainText('Waiting');
  await expect(ada.page.getByText('Not connected')).toBeVisible();
  await countsDown(ada, 6);

  await server.restart();
  // Others were quicker, and said something that Ada missed.
  await wren.page.getByRole('button', { name: 'Try now' }).click();
  await wren.say('You missed this, Ada.');
  await wren.stored('You missed this, Ada.');
  const tryNow = ada.page.getByRole('button', { name: 'Try now' });
  await tryNow.click();

  await expect(ada.strip(/^Back\./)).toContainText('Nothing was lost.');
  await ada.stored('Meanwhile.');
  await expect(ada.message('You missed this, Ada.')).toHaveCount(1);
  await expect(wren.message('Meanwhile.')).toHaveCount(1);
  await expect(ada.strip(/^Back\./)).toHaveCount(0);
  expect(await ada.texts(1)).toEqual(['Before.', 'You missed this, Ada.', 'Meanwhile.']);
  for (const reader of [ada, wren]) {
    await expect(reader.log.getByRole('article')).toHaveText([/Before\./, /You missed this/, /Meanwhile\./]);
  }
});

for (const { where, options } of [
  { where: 'beside the list', options: {} },
  { where: 'under the list of a phone', options: { viewport: { width: 390, height: 844 } } },
]) {
  test(`where no room is open, the strip stands ${where}`, async ({ owner, server }) => {
    const ada = await owner('Ada Marlow', options);
    ada.watch.expect(NOBODY_LISTENS);
    await ada.enter('/');
    await server.kill();
    await expect(ada.strip('Connection lost.')).toBeInViewport({ ratio: 1 });
    await server.restart();
    await ada.page.getByRole('button', { name: 'Try now' }).click();
    await expect(ada.strip(/^Back\./)).toBeVisible();
    await expect(ada.strip(/^Back\./)).toHaveCount(0);
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
    await expect(ada.strip('Connection lost.')).toBeVisible();
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
  await countsDown(ada, 6);
  await server.restart();
  await wren.page.getByRole('button', { name: 'Try now' }).click();
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
  await ada.page.getByRole('button', { name: 'Try now' }).click();
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
      said.add(document.querySelector('.strip')?.textContent?.replace(/\s+/g, ' ') ?? '');
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

test('after ten tries it looks once a minute, and at once when asked', async ({ owner, server }) => {
  const ada = await owner();
  ada.watch.expect(NOBODY_LISTENS);
  await ada.page.clock.install();
  await ada.enter();
  await server.kill();
  await expect(ada.strip('Connection lost.')).toBeVisible();
  await expect
    .poll(async () => {
      await ada.page.clock.fastForward('00:11');
      return ada.strip('Still no connection.').count();
    }, { intervals: [300] })
    .toBe(1);
  await expect(ada.strip('Still no connection.')).toContainText(/Next look in \d+ s\. We look again every minute; your messages are kept\./);
  await server.restart();
  await ada.page.getByRole('button', { name: 'Try now' }).click();
  await expect(ada.strip(/^Back\./)).toBeVisible();
});
