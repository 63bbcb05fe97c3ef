// A long room: one reads back without what one reads moving.

import type { Locator } from '@playwright/test';

import type { Person } from '../support/person';
import { BELOW, SCROLL_AND_STALL, TO_END } from '../support/scrolling';
import { expect, test } from '../support/test';
import { NO_NETWORK } from '../support/watch';
import { Wire } from '../support/wire';

test.use({ settings: { HUBBUB_SEND_PER_S: '0', HUBBUB_HTTP_PER_S_ADDRESS: '0', HUBBUB_DURABILITY: 'normal' } });

const MANY = 320;

/** Lines of different heights, so that a jump cannot hide. */
async function fill(person: Person, room: number, count: number): Promise<void> {
  for (let line = 1; line <= count; line++) {
    const more = line % 7 === 0 ? `\n${'and more of it '.repeat(line % 30)}` : '';
    await person.post(room, `Line ${line}.${more}`);
  }
}

function line(person: Person, n: number): Locator {
  return person.message(new RegExp(`Line ${n}\\.`));
}

async function top(of: Locator): Promise<number> {
  const box = await of.boundingBox();
  if (!box) {
    throw new Error('it is not drawn');
  }
  return box.y;
}

test('320 messages are read back to the first, and nothing jumps', async ({ owner }) => {
  test.slow();
  const ada = await owner();
  await fill(ada, 1, MANY);
  const wire = await Wire.of(ada.page);
  await ada.page.goto('/rooms/1');
  await wire.welcomed();
  await expect(line(ada, MANY)).toBeInViewport();
  await expect(line(ada, MANY - 49)).toHaveCount(1);
  await expect(line(ada, MANY - 50)).toHaveCount(0);

  // Older pages are held back until the view stands still; then they come, and what one reads must not move.
  await ada.log.hover();
  let first = MANY - 49;
  while (first > 1) {
    wire.holdDown((frame) => frame.t === 'page');
    await expect
      .poll(async () => {
        await ada.page.mouse.wheel(0, -600);
        return wire.holding;
      })
      .toBe(true);
    // The very first of those that were there may lose its author's name: it is not the first of its group any more.
    const reading = line(ada, first + 3);
    await reading.scrollIntoViewIfNeeded();
    await still(reading);
    const before = await top(reading);
    wire.release();
    const next = Math.max(1, first - 50);
    await expect(line(ada, next)).toHaveCount(1);
    expect(Math.abs((await top(reading)) - before), `Line ${first + 3} moved when older ones came`).toBeLessThanOrEqual(1);
    first = next;
  }
  await expect
    .poll(async () => {
      await ada.page.mouse.wheel(0, -2_000);
      return line(ada, 1).isVisible();
    })
    .toBe(true);
  await expect(line(ada, 1)).toBeInViewport();
  const numbers = await shown(ada);
  expect(numbers, 'no hole and no double').toEqual(numbers.map((_, at) => at + 1));
});

/** The lines that are drawn, from above. */
async function shown(person: Person): Promise<number[]> {
  const texts = await person.log.getByRole('article').allInnerTexts();
  return texts.flatMap((text) => Number(/Line (\d+)\./.exec(text)?.[1] ?? NaN)).filter(Number.isFinite);
}

/** Waits until an element stands where it stood a frame ago. */
async function still(of: Locator): Promise<void> {
  await of.evaluate(async (element) => {
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    let before = NaN;
    for (let same = 0; same < 5; ) {
      const now = element.getBoundingClientRect().top;
      same = now === before ? same + 1 : 0;
      before = now;
      await frame();
    }
  });
}

test('the message in use keeps the focus when older ones come', async ({ owner }) => {
  const ada = await owner();
  await fill(ada, 1, 120);
  const wire = await Wire.of(ada.page);
  wire.holdDown((frame) => frame.t === 'page');
  await ada.page.goto('/rooms/1');
  await wire.welcomed();
  await line(ada, 80).focus();
  await ada.log.hover();
  await expect
    .poll(async () => {
      await ada.page.mouse.wheel(0, -300);
      return wire.holding;
    })
    .toBe(true);
  wire.release();
  await expect(line(ada, 40)).toHaveCount(1);
  await expect(line(ada, 80)).toBeFocused();
});

test('a new message does not move what one reads further up, and a button leads to it', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await fill(ada, 1, 60);
  await ada.enter();
  await wren.enter();
  await ada.log.hover();
  await ada.page.mouse.wheel(0, -900);
  const toEnd = ada.page.getByRole('button', { name: 'To the newest message' });
  await expect(toEnd).toBeVisible();
  const reading = ada.log.getByRole('article').filter({ visible: true }).nth(30);
  await still(reading);
  const before = await top(reading);

  await wren.say('News from below.');
  const news = ada.page.getByRole('button', { name: '1 new message' });
  await expect(news).toBeVisible();
  expect(Math.abs((await top(reading)) - before)).toBeLessThanOrEqual(1);
  await expect(ada.message('News from below.')).not.toBeInViewport();
  await news.click();
  await expect(ada.message('News from below.')).toBeInViewport();
  await expect(news).toHaveCount(0);
  await expect(toEnd).toHaveCount(0);
});

test('at the end one stays at the end: own and others messages are seen at once', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await fill(ada, 1, 60);
  await ada.enter();
  await wren.enter();
  for (let n = 1; n <= 5; n++) {
    await wren.say(`From Wren ${n}.`);
    await expect(ada.message(`From Wren ${n}.`)).toBeInViewport();
  }
  await ada.page.mouse.move(600, 300);
  await ada.page.mouse.wheel(0, -900);
  await expect(ada.page.getByRole('button', { name: 'To the newest message' })).toBeVisible();
  await ada.say('Mine.');
  await expect(ada.message('Mine.')).toBeInViewport();
});

test('what one reads stays where it is when something comes above the timeline just as a message does', async ({ owner }) => {
  const ada = await owner();
  await fill(ada, 1, 120);
  await ada.enter();
  await expect(line(ada, 120)).toBeInViewport();
  await ada.log.hover();
  await ada.page.mouse.wheel(0, -900);
  await expect(ada.page.getByRole('button', { name: 'To the newest message' })).toBeVisible();
  const reading = line(ada, 95);
  await reading.evaluate((row) => row.scrollIntoView({ block: 'center' }));
  await still(reading);
  const before = await top(reading);
  // As the banner that tells of the connection comes and goes, in the very moment that rows change.
  await ada.log.evaluate((log) => {
    const header = document.querySelector<HTMLElement>('.room-head');
    if (!header) throw new Error('there is no header of the room');
    let news = 0;
    const grow = (changes: MutationRecord[]): void => {
      if (changes.some(({ addedNodes }) => [...addedNodes].some(({ nodeName }) => nodeName === 'ARTICLE'))) {
        header.style.marginBottom = `${(news += 1) % 2 ? 40 : 0}px`;
      }
    };
    new MutationObserver(grow).observe(log, { childList: true, subtree: true });
  });
  for (let round = 1; round <= 4; round++) {
    await ada.post(1, `News ${round}.`);
    await expect(ada.message(`News ${round}.`)).toHaveCount(1);
    await still(reading);
    expect(Math.abs((await top(reading)) - before), `pixels after news ${round}`).toBeLessThanOrEqual(1);
  }
});

test('whoever scrolls away just when a message comes is not put back to the end', async ({ owner }) => {
  const ada = await owner();
  await fill(ada, 1, 120);
  await ada.enter();
  await expect(line(ada, 120)).toBeInViewport();
  const run = (body: string, ...given: number[]): Promise<unknown> => ada.page.evaluate(`(function () { ${body} })(${given.join()})`);
  const toEnd = ada.page.getByRole('button', { name: /To the newest message|new message/ });
  for (let round = 1; round <= 10; round++) {
    await run(TO_END);
    await expect(toEnd).toHaveCount(0);
    await run(SCROLL_AND_STALL, 700, 100);
    await ada.post(1, `News ${round}.`);
    await expect(ada.message(`News ${round}.`)).toHaveCount(1);
    await expect(toEnd).toBeVisible();
    expect(await run(BELOW), 'pixels from the end').toBeGreaterThanOrEqual(700);
  }
});

test('a link far back opens there, and both ways on load as one reads', async ({ owner }) => {
  const ada = await owner();
  await fill(ada, 1, 200);
  await ada.enter('/');
  const messages = await ada.api<{ messages: { seq: number; text: string }[] }>('GET', '/rooms/1/messages?limit=100');
  const last = messages.messages.at(-1);
  const seq = (last?.seq ?? 0) - 140;
  await ada.enter(`/rooms/1?at=${seq}`);
  await expect(line(ada, 60)).toBeInViewport();
  await expect(line(ada, 200)).toHaveCount(0);
  await ada.log.hover();
  await expect
    .poll(async () => {
      await ada.page.mouse.wheel(0, 1_500);
      return line(ada, 200).isVisible();
    }, { timeout: 20_000 })
    .toBe(true);
  const numbers = await shown(ada);
  expect(numbers, 'no hole and no double').toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at));
});

test('whoever was away for more than a thousand messages finds them all, without a hole', async ({ owner, guest }) => {
  test.setTimeout(240_000);
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  ada.watch.expect(NO_NETWORK);
  await fill(wren, 1, 5);
  await ada.enter();
  await expect(line(ada, 5)).toBeVisible();
  await ada.context.setOffline(true);
  await expect(ada.banner('You are offline.')).toBeVisible();
  const missed = 1_050;
  for (let from = 6; from <= missed; from += 50) {
    // Fifty at once: in which order they are stored does not matter here.
    await Promise.all(Array.from({ length: 50 }, (_, at) => wren.post(1, `Line ${from + at}.`)));
  }
  await ada.say('I am still here.');
  await ada.context.setOffline(false);
  await ada.stored('I am still here.');
  await expect(ada.message('I am still here.')).toBeInViewport();
  // What is missing loads when it comes near the view: up to the first line.
  await ada.log.hover();
  const found = new Set<number>();
  await expect
    .poll(
      async () => {
        await ada.page.mouse.wheel(0, -1_500);
        const numbers = await shown(ada);
        expect(new Set(numbers).size, 'none twice').toBe(numbers.length);
        numbers.forEach((number) => found.add(number));
        return line(ada, 1).count();
      },
      { timeout: 180_000, intervals: [100] },
    )
    .toBe(1);
  // What came between the last look and the first line.
  (await shown(ada)).forEach((number) => found.add(number));
  await expect(ada.page.getByText(/messages? between/)).toHaveCount(0);
  const all = [...found].toSorted((one, other) => one - other);
  expect(all).toEqual(Array.from({ length: 1_055 }, (_, at) => at + 1));
});
