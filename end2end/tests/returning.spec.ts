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

/** Where one is once nothing moves, and the history has just that: it is noted within 350 ms. */
async function still(person: Person): Promise<Place> {
  let before = { ...(await reading(person.log)), noted: null as unknown };
  await expect
    .poll(
      async () => {
        const last = before;
        before = { ...(await reading(person.log)), noted: await person.page.evaluate(() => history.state as unknown) };
        return before.text !== '' && before.text === last.text && before.top === last.top && before.noted !== null && before.noted === last.noted;
      },
      { intervals: [500] },
    )
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

for (const height of [720, 2_400]) {
  test(`a page that is loaded again shows where one read, and so does Back from the settings, in a window of ${height} px`, async ({ owner }) => {
    test.slow();
    const ada = await owner();
    await fill(ada, 1, 'Line', 300);
    await ada.page.setViewportSize({ width: 1_400, height });
    await ada.enter();
    const far = await readBack(ada, ada.message(/Line 60\./));
    await ada.page.reload();
    await returned(ada, far);
    // It was not shown to stay there a moment only.
    await still(ada);
    await returned(ada, far);
    await ada.page.getByRole('link', { name: 'Settings' }).click();
    await expect(ada.page).toHaveURL(/\/you$/);
    await ada.page.goBack();
    await returned(ada, far);
    await ada.page.reload();
    await returned(ada, far);
    // What is below goes on from there.
    await ada.page.getByRole('button', { name: 'To the newest message' }).click();
    await expect(ada.message('Line 300.')).toBeInViewport();
    await expect.poll(() => ada.page.evaluate(() => history.state as unknown)).toBeNull();
    await ada.page.reload();
    await expect(ada.message('Line 300.')).toBeInViewport();
  });
}

for (const how of ['is loaded again', 'opens its address again'] as const) {
  test(`a page that ${how} just after one scrolled shows that place, and not the one that was noted before`, async ({ owner }) => {
    const ada = await owner();
    await fill(ada, 1, 'Line', 200);
    await ada.enter();
    const before = await readBack(ada, ada.message(/Line 150\./));
    // Noted within 350 ms: the page goes sooner.
    const goes = ada.page.waitForEvent('framenavigated');
    const now = await ada.log.evaluate(async (list, how) => {
      const view = list.closest('#timeline') as HTMLElement;
      const edge = list.getBoundingClientRect().top;
      view.scrollTop -= 500;
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      const first = [...list.querySelectorAll('article')].find((one) => one.getBoundingClientRect().top >= edge);
      const top = (first?.getBoundingClientRect().top ?? NaN) - edge;
      const text = /Line \d+\./.exec(first?.textContent ?? '')?.[0] ?? '';
      setTimeout(() => (how === 'is loaded again' ? location.reload() : location.assign(location.href)));
      return { text, top };
    }, how);
    await goes;
    expect(now.text).not.toBe(before.text);
    await returned(ada, now);
    await still(ada);
    await returned(ada, now);
  });
}

test('what is unread stays so while the page that is loaded again goes to where one read', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await fill(ada, 1, 'Line', 200);
  await ada.enter();
  const far = await readBack(ada, ada.message(/Line 60\./));
  await wren.post(1, 'News.');
  await expect.poll(() => ada.unread(1)).toBe(1);
  await ada.page.reload();
  await returned(ada, far);
  await still(ada);
  expect(await ada.unread(1)).toBe(1);
});

test('an entry of the history that was at the end of the same room leads there', async ({ owner }) => {
  const ada = await owner();
  const desk = await ada.makeRoom('desk');
  await fill(ada, 1, 'Line', 60);
  await fill(ada, desk, 'Word', 3);
  await ada.enter();
  await expect(ada.message('Line 60.')).toBeInViewport();
  await ada.row('desk').click();
  await expect(ada.message('Word 3.')).toBeInViewport();
  await ada.row('general').click();
  await expect(ada.message('Line 60.')).toBeInViewport();
  const near = await readBack(ada, ada.message(/Line 20\./));
  await ada.page.evaluate(() => history.go(-2));
  await expect(ada.message('Line 60.')).toBeInViewport();
  await ada.page.goForward();
  await expect(ada.message('Word 3.')).toBeInViewport();
  await ada.page.goForward();
  await returned(ada, near);
  // A link to a part of the page is no way to another place.
  await ada.page.evaluate(async () => {
    location.hash = 'composer';
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  });
  await returned(ada, near);
  await ada.page.goBack();
  await returned(ada, near);
});
