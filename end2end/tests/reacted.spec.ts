// Who reacted, told beside a reaction; and the way from "edited" to what a message said before.

import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';

import type { Person } from '../support/person';
import { expect, test } from '../support/test';

test.use({ settings: { HUBBUB_SEND_PER_S: '0', HUBBUB_HTTP_PER_S_ADDRESS: '0', HUBBUB_DURABILITY: 'normal' } });

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 } as const;

function tip(page: Page): Locator {
  return page.getByRole('tooltip');
}

function party(person: Person): Locator {
  return person.message('Shall we?').getByRole('button', { name: /^🎉/ });
}

/** Chooses an emoji, once it is found: what it is found by is fetched when the picker opens. */
async function choose(page: Page, emoji: string): Promise<void> {
  await page.keyboard.press('+');
  await page.getByRole('dialog').getByRole('combobox').fill(emoji === '🎉' ? 'tada' : 'eyes');
  await expect(page.getByRole('dialog').getByRole('gridcell', { selected: true })).toContainText(emoji);
  await page.keyboard.press('Enter');
}

async function react(person: Person, emoji = '🎉'): Promise<void> {
  await person.enter();
  await person.message('Shall we?').focus();
  await choose(person.page, emoji);
  await expect(person.message('Shall we?').getByRole('button', { name: new RegExp(`^${emoji}.*you too`) })).toBeVisible();
}

/** How many times the page asked who reacted. */
function asked(page: Page): () => number {
  let count = 0;
  page.on('request', (request) => {
    count += Number(request.url().endsWith('/reactions'));
  });
  return () => count;
}

async function clean(page: Page, what: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`));
    expect.soft(found, `${what}, ${colorScheme}`).toEqual([]);
  }
}

test('who reacted is told where the pointer rests, asked for once, over the reaction; Escape closes it', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const zhou = await guest(ada, '周明');
  await ada.post(1, 'Shall we?');
  for (const person of [wren, zhou, ada]) {
    await react(person);
  }
  const times = asked(ada.page);
  await ada.page.mouse.move(0, 0);
  await party(ada).hover();
  await expect(tip(ada.page)).toHaveText('You, Wren Fairchild and 周明');
  await expect(party(ada)).toHaveAccessibleDescription('You, Wren Fairchild and 周明');
  const [over, under] = [await tip(ada.page).boundingBox(), await party(ada).boundingBox()];
  expect(over!.y + over!.height, 'nothing is covered').toBeLessThanOrEqual(under!.y);
  // One may read it with the pointer on it: it stays for as long as all of the page is looked at.
  await tip(ada.page).hover();
  await clean(ada.page, 'who reacted');
  await expect(tip(ada.page)).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await expect(tip(ada.page)).toHaveCount(0);
  await ada.page.mouse.move(0, 0);
  await party(ada).hover();
  await expect(tip(ada.page)).toBeVisible();
  expect(times()).toBe(1);
  await ada.page.mouse.move(0, 0);
  await expect(tip(ada.page)).toHaveCount(0);
  // What changed is asked for again.
  await party(wren).click();
  await expect(party(ada)).toHaveAccessibleName(/2 people/);
  await party(ada).hover();
  await expect(tip(ada.page)).toHaveText('You and 周明');
  expect(times()).toBe(2);
});

test('who reacted is told to the keyboard; the focus takes it along, and a thread stays open behind it', async ({ owner }) => {
  const ada = await owner();
  const root = await ada.post(1, 'Shall we?');
  await react(ada);
  await ada.enter(`/rooms/1/thread/${root}`);
  const message = ada.page.getByRole('region', { name: 'Thread' }).getByRole('article').filter({ hasText: 'Shall we?' });
  await message.focus();
  const button = message.getByRole('button', { name: /^🎉/ });
  for (let step = 0; step < 6 && !(await button.evaluate((it) => it === document.activeElement)); step += 1) {
    await ada.page.keyboard.press('Tab');
  }
  await expect(button).toBeFocused();
  await expect(tip(ada.page)).toHaveText('You');
  await ada.page.keyboard.press('Escape');
  await expect(tip(ada.page)).toHaveCount(0);
  await expect(button).toBeFocused();
  await expect(ada.page).toHaveURL(/thread/);
  await ada.page.keyboard.press('Shift+Tab');
  await ada.page.keyboard.press('Tab');
  await expect(tip(ada.page)).toBeVisible();
  await ada.page.keyboard.press('Tab');
  await expect(tip(ada.page)).toHaveCount(0);
});

test('of more than ten people the others are a number', async ({ owner, guest }) => {
  const ada = await owner();
  await ada.post(1, 'Shall we?');
  await ada.enter();
  for (let n = 1; n <= 12; n += 1) {
    const one = await guest(ada, `Guest Number${n}`);
    await one.enter();
    await one.message('Shall we?').hover();
    await one.message('Shall we?').getByRole('button', { name: 'React with thumbs up' }).click();
    await expect(ada.message('Shall we?').getByRole('button', { name: new RegExp(`^👍, ${n} `) })).toBeVisible();
    await one.context.close();
  }
  await ada.message('Shall we?').getByRole('button', { name: /^👍, 12/ }).hover();
  await expect(tip(ada.page)).toHaveText(/^Guest Number1, .*Guest Number10 and 2 more$/);
});

test('on touch a long press on a reaction opens the list, and gives none', async ({ owner }) => {
  const ada = await owner('Ada Marlow', phone);
  await ada.post(1, 'Shall we?');
  await ada.enter();
  await ada.message('Shall we?').focus();
  await choose(ada.page, '🎉');
  await expect(party(ada)).toBeVisible();
  const box = (await party(ada).boundingBox())!;
  const touch = await ada.context.newCDPSession(ada.page);
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] });
  const dialog = ada.page.getByRole('dialog', { name: 'Who reacted' });
  await expect(dialog).toBeVisible();
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await expect(dialog.getByText('Ada Marlow')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(party(ada)).toHaveAccessibleName(/you too/);
  await expect(tip(ada.page)).toHaveCount(0);
});

test('"edited" is the way to what a message said before', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  await ada.say('At nine.');
  await ada.stored('At nine.');
  await ada.field.press('ArrowUp');
  await ada.field.fill('At ten.');
  await ada.field.press('Enter');
  const mark = ada.message('At ten.').getByRole('button', { name: /^Edited .*, show earlier versions$/ });
  await expect(mark).toHaveText('edited');
  await mark.click();
  const dialog = ada.page.getByRole('dialog', { name: 'Earlier versions' });
  await expect(dialog.locator('.what')).toHaveText(['At nine.']);
  await clean(ada.page, 'earlier versions');
  await ada.page.keyboard.press('Escape');
  await expect(mark).toBeFocused();
});
