// Two people sign up by the pages and talk; the server is killed between them and comes back.

import { Bot, expect, test } from '../support/engines/test';

/** What a browser prints while nobody listens at the server's port. */
const NOBODY_LISTENS = /connect|WebSocket|network|load failed|refused|readyz/i;

test('sign-up, a message, a kill: one copy of each, and back within three seconds', async ({ ada, bot, someone, server }) => {
  const wren = await someone();
  await wren.signUp(await bot.invite(), 'Wren');
  await ada.say('Good morning, Wren.');
  await wren.sees('Good morning, Wren.');
  await wren.say('早上好, Ada 👋');
  await ada.sees('早上好, Ada 👋');
  await ada.sees('Good morning, Wren.');

  for (const person of [ada, wren]) {
    person.expected.push(NOBODY_LISTENS);
  }
  await server.kill();
  await expect.poll(() => ada.banner(), { intervals: [50] }).toContain('Connection lost.');
  await ada.say('Written while you were away.');
  // Long enough for a browser that counts failed sockets to hold the next ones back.
  const away = Date.now() + 8_000;
  await expect.poll(() => Date.now() >= away, { timeout: 10_000 }).toBe(true);
  await server.restart();
  const up = Date.now();
  await ada.sees('Written while you were away.');
  await wren.sees('Written while you were away.');
  expect(Date.now() - up, 'milliseconds from the server to both pages').toBeLessThan(3_000);

  const texts = ['Good morning, Wren.', '早上好, Ada 👋', 'Written while you were away.'];
  const again = await Bot.signIn(server.origin, 'Ada');
  expect(await again.texts(1)).toEqual(texts);
  for (const person of [ada, wren]) {
    for (const text of texts) {
      expect(await person.count(text), text).toBe(1);
    }
  }
});

test('four tabs are back within five seconds of a server that was away for long', async ({ ada, bot, server }, { project }) => {
  test.skip(project.name !== 'firefox', 'it is Firefox that holds sockets back after failed ones, and all tabs together');
  ada.expected.push(NOBODY_LISTENS);
  const tabs = [ada.tab];
  for (let more = 0; more < 3; more++) {
    const tab = await ada.tab.another();
    tabs.push(tab);
    await tab.goto(`${ada.origin}/rooms/1`);
  }
  const shows = `return [...document.querySelectorAll('article.msg')].filter((one) => one.textContent.includes(arguments[0])).length`;
  const all = async (text: string): Promise<number[]> => Promise.all(tabs.map((tab) => tab.run<number>(shows, text)));
  await bot.post(1, 'Before.');
  await expect.poll(() => all('Before.')).toEqual([1, 1, 1, 1]);
  await server.kill();
  const away = Date.now() + 25_000;
  await expect.poll(() => Date.now() >= away, { timeout: 30_000 }).toBe(true);
  await server.restart();
  const up = Date.now();
  await bot.post(1, 'After.');
  await expect.poll(() => all('After.'), { intervals: [50], timeout: 30_000 }).toEqual([1, 1, 1, 1]);
  expect(Date.now() - up, 'milliseconds from the server to all four').toBeLessThan(5_000);
});
