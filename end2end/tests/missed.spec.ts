// What was missed, what came and went, what is answered and who said it: the same live and after a reload.

import type { Person } from '../support/person';
import { expect, test } from '../support/test';

test.use({ settings: { HUBBUB_SEND_PER_S: '0', HUBBUB_HTTP_PER_S_ADDRESS: '0', HUBBUB_DURABILITY: 'normal' } });

async function fill(person: Person, from: number, to: number, more = ''): Promise<void> {
  for (let n = from; n <= to; n++) {
    await person.post(1, `Line ${n}.${more}`);
  }
}

test('far more than a page is missed: a bar tells it and leads there; only what was seen is read', async ({ owner, guest }) => {
  test.slow();
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await fill(wren, 1, 40);
  await fill(wren, 41, 41, ' @Ada-Marlow, come.');
  await fill(wren, 42, 130);
  await fill(wren, 131, 131, ' @here too.');
  await fill(wren, 132, 200);
  await ada.enter();
  const bar = ada.page.getByRole('region', { name: 'Missed messages' });
  await expect(bar).toContainText(/200 new since \d\d?:\d\d/);
  await expect(bar).toContainText('2 mentions');
  await expect(ada.message('Line 200.')).toBeInViewport();
  expect(await ada.unread(1)).toBe(200);
  await bar.getByRole('button', { name: 'Jump to first' }).click();
  await expect(ada.message(/Line 1\./)).toBeInViewport();
  await expect(ada.log.getByRole('separator')).toHaveAccessibleName('New messages, 200');
  await expect.poll(() => ada.unread(1)).toBeLessThan(200);
  expect(await ada.unread(1)).toBeGreaterThan(150);
  await bar.getByRole('button', { name: 'Next mention' }).click();
  await expect(ada.message(/Line 41\./)).toBeFocused();
  await ada.page.keyboard.press('n');
  await expect(ada.message(/Line 131\./)).toBeFocused();
  await ada.page.keyboard.press('n');
  await expect(ada.message(/Line 41\./)).toBeFocused();
  // A reload tells what is left.
  const left = await ada.unread(1);
  await ada.enter();
  await expect(bar).toContainText(`${left} new`);
  await bar.getByRole('button', { name: 'Mark read' }).click();
  await expect(bar).toHaveCount(0);
  await expect.poll(() => ada.unread(1)).toBe(0);
});

test('a room opens at what is new, where that is near', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await fill(wren, 1, 60);
  await ada.enter();
  await ada.page.getByRole('button', { name: 'Mark read' }).click();
  await expect.poll(() => ada.unread(1)).toBe(0);
  await ada.page.goto('/you');
  await fill(wren, 61, 100);
  await ada.enter();
  await expect(ada.log.getByRole('separator')).toBeInViewport();
  await expect(ada.message('Line 61.')).toBeInViewport();
  await expect(ada.message('Line 100.')).not.toBeInViewport();
  await expect(ada.page.getByRole('region', { name: 'Missed messages' })).toHaveCount(0);
  await ada.page.getByRole('button', { name: 'To the newest message' }).click();
  await expect(ada.message('Line 100.')).toBeInViewport();
});

test('who came, who went and what the topic became stands there after a reload as before', async ({ owner, guest }) => {
  const ada = await owner();
  await ada.post(1, 'First.');
  await ada.enter();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.api('PATCH', '/rooms/1', { topic: 'Mast and mixer' });
  await ada.post(1, 'Second.');
  await expect(ada.message('Second.')).toBeVisible();
  const notes = ada.log.locator('.note p');
  // Who came is new to the page: it asks for the name, and draws the note before the answer.
  await expect(notes).toHaveText([/Ada Marlow/, /Wren Fairchild/, /Mast and mixer/]);
  const live = await notes.allInnerTexts();
  await ada.enter();
  await expect(notes).toHaveText(live);
  await wren.enter();
  await expect(wren.log.locator('.note p')).toHaveText(live);
});

test('an answer to something far back shows who said it and what, live and after a reload', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const far = await wren.post(1, 'The very first words.');
  await fill(ada, 1, 120);
  await ada.enter();
  await ada.post(1, 'An answer.', { reply_to: far });
  const quote = ada.message('An answer.').getByRole('link', { name: /In reply to/ });
  await expect(quote).toContainText('Wren Fairchild');
  await expect(quote).toContainText('The very first words.');
  await ada.enter();
  await expect(quote).toContainText('The very first words.');
});

test('three messages with the same words are three announcements', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await ada.page.evaluate(() => {
    const region = document.querySelector('[aria-live="polite"]#announcer');
    const said: string[] = [];
    Object.assign(window, { said });
    new MutationObserver((changes) => {
      for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
        if (node.textContent) {
          said.push(node.textContent);
        }
      }
    }).observe(region as Element, { childList: true, subtree: true, characterData: true });
  });
  const said = (): Promise<string[]> => ada.page.evaluate(() => (window as unknown as { said: string[] }).said);
  for (const [at, text] of ['ok', 'ok', 'other'].entries()) {
    await wren.post(1, text);
    await expect.poll(async () => (await said()).length).toBe(at + 1);
  }
  expect(await said()).toEqual(['Wren Fairchild: ok', 'Wren Fairchild: ok', 'Wren Fairchild: other']);
});
