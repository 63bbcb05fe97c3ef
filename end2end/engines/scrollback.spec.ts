// A long room: a link shows its message, and what one reads stays where it is.

import { expect, type Someone, test } from '../support/engines/test';
import { BELOW, SCROLL_AND_STALL, TO_END } from '../support/scrolling';

const MANY = 500;
const LINKED = 206;

async function fill(post: (text: string) => Promise<void>, from: number, to: number): Promise<void> {
  for (let line = from; line <= to; line++) {
    await post(`Line ${line}.${line % 7 === 0 ? ` ${'and more of it '.repeat(line % 30)}` : ''}`);
  }
}

interface Place {
  top: number;
  view: number;
}

/** Where a line stands, in pixels from the upper edge of the timeline; none while it is not drawn. */
async function place(person: Someone, line: number): Promise<Place | null> {
  return person.tab.run<Place | null>(
    `const timeline = document.getElementById('timeline');
     const message = [...document.querySelectorAll('article.msg')].find((one) => one.textContent.includes(arguments[0]));
     if (!timeline || !message) return null;
     return { top: message.getBoundingClientRect().top - timeline.getBoundingClientRect().top, view: timeline.clientHeight };`,
    `Line ${line}.`,
  );
}

/** Waits until a line stands still, inside of the view. */
async function inView(person: Someone, line: number): Promise<Place> {
  let before: Place | null = null;
  await expect
    .poll(
      async () => {
        const now = await place(person, line);
        const still = now !== null && now.top === before?.top;
        before = now;
        return still && now.top >= 0 && now.top < now.view;
      },
      { intervals: [200], message: `Line ${line} is in view` },
    )
    .toBe(true);
  return before!;
}

test('a link into a room of 500 shows its message, and two steps from there lead on', async ({ ada, bot }) => {
  await fill((text) => bot.post(1, text), 1, MANY);
  const { messages } = await bot.call<{ messages: { seq: number; text: string }[] }>('GET', `/rooms/1/messages?around=${LINKED}&limit=3`);
  const linked = messages.find(({ seq }) => seq === LINKED);
  const line = Number(/Line (\d+)\./.exec(linked?.text ?? '')?.[1]);
  await ada.tab.goto(`${ada.origin}/rooms/1?at=${LINKED}`);
  await inView(ada, line);
  // What is below comes as one scrolls, without leaving anything out.
  const lowest = `
    const timeline = document.getElementById('timeline').getBoundingClientRect();
    const seen = [...document.querySelectorAll('article.msg')].filter((one) => {
      const { top, bottom } = one.getBoundingClientRect();
      return bottom > timeline.top && top < timeline.bottom;
    });
    return Number(/Line (\\d+)\\./.exec(seen.at(-1)?.textContent ?? '')?.[1]);`;
  let last = await ada.tab.run<number>(lowest);
  for (let step = 0; step < 2; step++) {
    await ada.tab.run('document.getElementById("timeline").scrollBy(0, 400)');
    await expect.poll(() => ada.tab.run<number>(lowest), { message: 'one step down' }).toBeGreaterThan(last);
    const now = await ada.tab.run<number>(lowest);
    expect(now - last, 'lines that one step of 400 px passes').toBeLessThan(40);
    last = now;
  }
});

test('what one reads stays where it is while messages come and older ones are loaded', async ({ ada, bot }) => {
  await fill((text) => bot.post(1, text), 1, 120);
  await ada.tab.goto(`${ada.origin}/rooms/1`);
  await inView(ada, 120);
  await bot.post(1, 'The page is alive.');
  await ada.sees('The page is alive.');
  await ada.tab.run('document.getElementById("timeline").scrollBy(0, -700)');
  const seen = await ada.tab.run<number>(`
    const timeline = document.getElementById('timeline').getBoundingClientRect();
    const one = [...document.querySelectorAll('article.msg')].find((each) => each.getBoundingClientRect().top > timeline.top + 50);
    return Number(/Line (\\d+)\\./.exec(one?.textContent ?? '')?.[1]);`);
  const before = await inView(ada, seen);
  for (let n = 1; n <= 5; n++) {
    await bot.post(1, `News ${n}. ${'and more '.repeat(n * 20)}`);
    await ada.sees(`News ${n}.`);
    const now = await inView(ada, seen);
    expect(Math.abs(now.top - before.top), `pixels that Line ${seen} moved by news ${n}`).toBeLessThanOrEqual(1);
  }
  // Up to the oldest that is drawn: what is older comes, and what one reads then stays.
  const oldest = `return Number(/Line (\\d+)\\./.exec(document.querySelector('article.msg')?.textContent ?? '')?.[1])`;
  const had = await ada.tab.run<number>(oldest);
  const edge = await ada.tab.run<{ line: number; top: number }>(`
    const timeline = document.getElementById('timeline');
    const first = document.querySelector('article.msg');
    timeline.scrollBy(0, first.getBoundingClientRect().top - timeline.getBoundingClientRect().top - 100);
    const one = [...document.querySelectorAll('article.msg')].find((each) => each.getBoundingClientRect().top > timeline.getBoundingClientRect().top + 150);
    return { line: Number(/Line (\\d+)\\./.exec(one.textContent)?.[1]), top: one.getBoundingClientRect().top - timeline.getBoundingClientRect().top };`);
  await expect.poll(() => ada.tab.run<number>(oldest), { message: 'older ones are there' }).toBeLessThan(had);
  const then = await inView(ada, edge.line);
  expect(Math.abs(then.top - edge.top), `pixels that Line ${edge.line} moved by older ones`).toBeLessThanOrEqual(1);
});

test('whoever scrolls away just when a message comes is not put back to the end', async ({ ada, bot }) => {
  await fill((text) => bot.post(1, text), 1, 120);
  await ada.tab.goto(`${ada.origin}/rooms/1`);
  await inView(ada, 120);
  await bot.post(1, 'The page is alive.');
  await ada.sees('The page is alive.');
  const away = () => ada.tab.run<boolean>('return !!document.querySelector(".to-end")');
  for (let round = 1; round <= 10; round++) {
    await ada.tab.run(TO_END);
    await expect.poll(away, { message: 'at the end' }).toBe(false);
    await ada.tab.run(SCROLL_AND_STALL, 700, 100);
    await bot.post(1, `News ${round}.`);
    await ada.sees(`News ${round}.`);
    await expect.poll(away, { message: `away from the end, with news ${round}` }).toBe(true);
    expect(await ada.tab.run<number>(BELOW), 'pixels from the end').toBeGreaterThanOrEqual(700);
  }
});
