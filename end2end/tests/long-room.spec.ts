// A room that grows while it is open, and one that is read far back: what is drawn is bounded, and what one reads stays where
// it is, whether or not the browser can hold it there by itself.

import type { Locator, Page } from '@playwright/test';

import type { Person } from '../support/person';
import { expect, test } from '../support/test';
import { Wire } from '../support/wire';

test.use({ settings: { HUBBUB_SEND_PER_S: '0', HUBBUB_HTTP_PER_S_ADDRESS: '0', HUBBUB_DURABILITY: 'normal' } });

const MAX_ROWS = 300;
const MAX_NODES = 12_000;

/** Lines from one number to another, twenty at once: in which order of those they are stored does not matter. */
async function fill(person: Person, room: number, from: number, to: number): Promise<void> {
  for (let first = from; first <= to; first += 20) {
    const last = Math.min(first + 19, to);
    await Promise.all(Array.from({ length: last - first + 1 }, (_, at) => person.post(room, `Line ${first + at}.`)));
  }
}

async function drawn(page: Page): Promise<{ rows: number; nodes: number }> {
  return page.evaluate(() => ({
    rows: document.querySelectorAll('#timeline .log > *').length,
    nodes: document.querySelectorAll('*').length,
  }));
}

async function bounded(page: Page): Promise<void> {
  const { rows, nodes } = await drawn(page);
  expect(rows).toBeLessThanOrEqual(MAX_ROWS);
  expect(nodes).toBeLessThanOrEqual(MAX_NODES);
}

/** The browser holds nothing by itself, as Safari before 27. */
async function withoutAnchoring(page: Page): Promise<void> {
  await page.locator('#timeline').evaluate((element) => element.style.setProperty('overflow-anchor', 'none'));
}

/** The message in the middle of the view, once nothing moves any more: a wheel turns on for some frames. */
async function middle(person: Person): Promise<Locator> {
  await still(person.log.getByRole('article').last());
  const id = await person.log.evaluate((log) => {
    const view = log.getBoundingClientRect();
    const at = document.elementFromPoint(view.left + view.width / 2, view.top + view.height / 2);
    return at?.closest('article')?.id ?? '';
  });
  return person.page.locator(`[id="${id}"]`);
}

async function top(of: Locator): Promise<number> {
  return of.evaluate((element) => element.getBoundingClientRect().top);
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

/** Turns the wheel until something holds. */
async function wheel(person: Person, by: number, until: () => Promise<boolean>): Promise<void> {
  await person.log.hover();
  await expect
    .poll(
      async () => {
        await person.page.mouse.wheel(0, by);
        return until();
      },
      { timeout: 60_000, intervals: [50] },
    )
    .toBe(true);
}

test('a room in which a thousand messages come draws no more for it, and one stays at the end', async ({ owner, guest }) => {
  test.slow();
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await fill(wren, 1, 1, 1_000);
  await wren.post(1, 'The last of all.');
  await expect(ada.message('The last of all.')).toBeInViewport();
  await bounded(ada.page);
  await expect.poll(() => ada.unread(1)).toBe(0);
  // Up through all of it: what goes out of view is not drawn, what comes into view is.
  await wheel(ada, -4_000, async () => {
    await bounded(ada.page);
    return ada.message(/Line 1\./).isVisible();
  });
  // And down again: the rows of before are there, without a request.
  const wire: string[] = [];
  ada.page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => wire.push(String(payload))));
  await wheel(ada, 4_000, async () => {
    await bounded(ada.page);
    return ada.message('The last of all.').isVisible();
  });
  expect(wire.filter((frame) => frame.includes('"history"'))).toEqual([]);
});

for (const anchoring of [true, false]) {
  test.describe(anchoring ? 'in a browser that anchors' : 'in a browser that does not anchor', () => {
    test('what one reads does not move by a pixel while messages come', async ({ owner, guest }) => {
      const ada = await owner();
      const wren = await guest(ada, 'Wren Fairchild');
      await fill(ada, 1, 1, 200);
      await ada.enter();
      if (!anchoring) {
        await withoutAnchoring(ada.page);
      }
      await ada.log.hover();
      await ada.page.mouse.wheel(0, -1_500);
      const reading = await middle(ada);
      await still(reading);
      const before = await top(reading);
      await fill(wren, 1, 201, 420);
      await expect(ada.page.getByRole('button', { name: '220 new messages' })).toBeVisible();
      expect(Math.abs((await top(reading)) - before)).toBeLessThanOrEqual(1);
      await bounded(ada.page);
    });

    test('a reaction, an edit and a deletion above what one reads do not move it', async ({ owner, guest }) => {
      const ada = await owner();
      const wren = await guest(ada, 'Wren Fairchild');
      for (let line = 1; line <= 60; line++) {
        await ada.post(1, `Line ${line}.`);
      }
      await wren.enter();
      if (!anchoring) {
        await withoutAnchoring(wren.page);
      }
      await wren.log.hover();
      await wren.page.mouse.wheel(0, -600);
      await expect(wren.page.getByRole('button', { name: 'To the newest message' })).toBeVisible();
      const reading = await middle(wren);
      await still(reading);
      const before = await top(reading);
      const stays = async (what: string): Promise<void> => {
        expect(Math.abs((await top(reading)) - before), `pixels after ${what}`).toBeLessThanOrEqual(1);
      };
      const at = Number(/Line (\d+)\./.exec((await reading.textContent()) ?? '')?.[1]);
      const [reacted, edited, deleted] = [2, 3, 4].map((up) => `Line ${at - up}.`) as [string, string, string];
      await ada.enter();
      await ada.message(reacted).hover();
      await ada.message(reacted).getByRole('button', { name: 'React with thumbs up' }).click();
      await expect(wren.message(reacted).getByRole('button', { name: /^👍/ })).toHaveCount(1);
      await stays('a reaction');
      await ada.message(edited).focus();
      await ada.page.keyboard.press('e');
      await ada.field.fill('Many lines.\n'.repeat(6));
      await ada.field.press('Enter');
      await expect(wren.message('Many lines.')).toHaveCount(1);
      await stays('an edit');
      await ada.message(deleted).focus();
      await ada.page.keyboard.press('Delete');
      await ada.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await expect(wren.message(deleted)).toHaveCount(0);
      await stays('a deletion');
    });

    test('a wider window breaks lines anew, and what one reads stays', async ({ owner }) => {
      const ada = await owner();
      for (let line = 1; line <= 60; line++) {
        await ada.post(1, `Line ${line}. ${'and more of it '.repeat(12)}`);
      }
      await ada.enter();
      if (!anchoring) {
        await withoutAnchoring(ada.page);
      }
      await ada.log.hover();
      await ada.page.mouse.wheel(0, -900);
      await expect(ada.page.getByRole('button', { name: 'To the newest message' })).toBeVisible();
      const reading = await middle(ada);
      await still(reading);
      await ada.page.setViewportSize({ width: 700, height: 800 });
      await still(reading);
      await expect(reading).toBeInViewport();
    });

    test('a link far back opens at its message, and older and newer ones come without a jump', async ({ owner }) => {
      const ada = await owner();
      await fill(ada, 1, 1, 500);
      await ada.enter('/');
      const { messages } = await ada.api<{ messages: { seq: number; text: string }[] }>(
        'GET',
        '/rooms/1/messages?around=250&limit=1',
      );
      const linked = messages[0];
      const wire = await Wire.of(ada.page);
      await ada.enter(`/rooms/1?at=${linked?.seq}`);
      if (!anchoring) {
        await withoutAnchoring(ada.page);
      }
      const target = ada.message(linked?.text ?? '');
      await expect(target).toBeInViewport();
      await expect(target).toBeFocused();
      for (const by of [-500, 500]) {
        for (let turn = 0; turn < 12; turn++) {
          const reading = await middle(ada);
          const before = await top(reading);
          await ada.scroll(by);
          await still(reading);
          // As far as one scrolled, and not by what was loaded meanwhile.
          expect(Math.abs((await top(reading)) - before + by)).toBeLessThanOrEqual(2);
        }
      }
      await bounded(ada.page);
      expect(wire.sent.filter(({ t }) => t === 'history').length).toBeLessThan(20);
    });
  });
}

test('to the newest takes a page, and the gap stays until one scrolls to it', async ({ owner }) => {
  const ada = await owner();
  await fill(ada, 1, 1, 900);
  await ada.post(1, 'The last of all.');
  const wire = await Wire.of(ada.page);
  await ada.enter('/rooms/1?at=40');
  await wire.welcomed();
  await expect(ada.message(/Line \d+\./).first()).toBeVisible();
  const before = wire.sent.filter(({ t }) => t === 'history').length;
  await ada.page.getByRole('button', { name: 'To the newest message' }).click();
  await expect(ada.message('The last of all.')).toBeInViewport();
  await expect(ada.page.getByRole('button', { name: 'To the newest message' })).toHaveCount(0);
  expect(wire.sent.filter(({ t }) => t === 'history').length - before).toBeLessThanOrEqual(2);
  await bounded(ada.page);
  // Up from there: the gap is torn paper until it is near, and then it fills.
  await wheel(ada, -1_200, () => ada.message(/Line 700\./).isVisible());
  await bounded(ada.page);
});

test('rows that are gone leave no memory behind', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.page.addInitScript(keepMemory);
  await ada.enter();
  // More than the page keeps of the open room: from here on one goes for each that comes.
  await fill(wren, 1, 1, 1_200);
  await expect(ada.message('Line 1200.')).toBeVisible();
  const before = await memory(ada.page);
  await fill(wren, 1, 1_201, 2_600);
  await expect(ada.message('Line 2600.')).toBeVisible();
  // Of pages of 64 KiB. With every row's owner and the signals that it read kept, it was 1.2 MB.
  expect((await memory(ada.page)) - before).toBeLessThanOrEqual(600_000);
});

/** Runs in the page before its scripts. */
function keepMemory(): void {
  const { instantiateStreaming } = WebAssembly;
  WebAssembly.instantiateStreaming = async (...sources) => {
    const made = await instantiateStreaming(...sources);
    Object.assign(window, { memory: made.instance.exports['memory'] });
    return made;
  };
}

/** The page's Wasm memory, in bytes; it never shrinks. */
async function memory(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { memory: WebAssembly.Memory }).memory.buffer.byteLength);
}
