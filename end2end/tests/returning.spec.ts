// Back and Forward lead to where one read.

import type { Locator } from '@playwright/test';

import type { Person } from '../support/person';
import { expect, test } from '../support/test';

test.use({ settings: { HUBBUB_SEND_PER_S: '0', HUBBUB_HTTP_PER_S_ADDRESS: '0', HUBBUB_DURABILITY: 'normal' } });

const MANY = 400;

/** Lines of different heights. */
async function fill(person: Person, room: number, name: string, count: number): Promise<void> {
  for (let line = 1; line <= count; line++) {
    await person.post(room, `${name} ${line}.${line % 7 === 0 ? ` ${'and more of it '.repeat(line % 30)}` : ''}`);
  }
}

interface Place {
  text: string;
  top: number;
}

/** The first message that begins in view, and where. */
async function reading(log: Locator): Promise<Place> {
  return log.evaluate((list) => {
    const edge = list.getBoundingClientRect().top;
    const first = [...list.querySelectorAll('article')].find((one) => one.getBoundingClientRect().top >= edge);
    return { text: /(?:Line|Word) \d+\./.exec(first?.textContent ?? '')?.[0] ?? '', top: (first?.getBoundingClientRect().top ?? NaN) - edge };
  });
}

/** Scrolls up until so many lines are passed; tells where one is. */
async function readBack(person: Person, line: Locator): Promise<Place> {
  await person.log.hover();
  await expect
    .poll(
      async () => {
        await person.page.mouse.wheel(0, -1_500);
        return line.count();
      },
      { timeout: 60_000 },
    )
    .toBeGreaterThan(0);
  await line.first().scrollIntoViewIfNeeded();
  await person.page.mouse.wheel(0, -37);
  return still(person);
}

/** Where one is once nothing moves, and the history has it. */
async function still(person: Person): Promise<Place> {
  let before = await reading(person.log);
  await expect
    .poll(async () => {
      const [last, noted] = [before, await person.page.evaluate(() => history.state as unknown)];
      before = await reading(person.log);
      return before.text !== '' && before.text === last.text && before.top === last.top && noted !== null;
    })
    .toBe(true);
  return before;
}

async function returned(person: Person, to: Place): Promise<void> {
  await expect
    .poll(async () => {
      const { text, top } = await reading(person.log);
      return text === to.text ? Math.abs(top - to.top) : text;
    }, { timeout: 20_000 })
    .toBeLessThanOrEqual(2);
}

test('Back leads to where one read, far up; Forward to the end of the other room; a click to the usual place', async ({ owner }) => {
  test.slow();
  const ada = await owner();
  const desk = await ada.makeRoom('desk');
  await fill(ada, 1, 'Line', MANY);
  await fill(ada, desk, 'Word', 60);
  await ada.enter();
  const far = await readBack(ada, ada.message(/Line 90\./));
  await ada.row('desk').click();
  await expect(ada.message('Word 60.')).toBeInViewport();
  await ada.page.goBack();
  await returned(ada, far);
  await ada.page.goForward();
  await expect(ada.message('Word 60.')).toBeInViewport();
  // A click is no way back.
  await ada.row('general').click();
  await expect(ada.message(`Line ${MANY}.`)).toBeInViewport();
  // Another entry of the same room, with a place of its own.
  const near = await readBack(ada, ada.message(/Line 350\./));
  expect(near.text).not.toBe(far.text);
  await ada.page.goBack();
  await expect(ada.message('Word 60.')).toBeInViewport();
  await ada.page.goBack();
  await returned(ada, far);
  await ada.page.evaluate(() => history.go(2));
  await returned(ada, near);
  await ada.page.evaluate(() => history.go(-2));
  await returned(ada, far);
});

test('who was at the end is at the end again, with what came meanwhile', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const desk = await ada.makeRoom('desk');
  await fill(ada, 1, 'Line', 60);
  await fill(ada, desk, 'Word', 3);
  await ada.enter();
  await expect(ada.message('Line 60.')).toBeInViewport();
  await ada.log.hover();
  await ada.page.mouse.wheel(0, -30);
  await ada.row('desk').click();
  await expect(ada.message('Word 3.')).toBeInViewport();
  await wren.post(1, 'News.');
  await ada.page.goBack();
  await expect(ada.message('News.')).toBeInViewport();
});
