// Long messages: their beginning is shown, and the rest to whoever asks for it.

import type { Locator } from '@playwright/test';

import type { Person } from '../support/person';
import { expect, test } from '../support/test';

test.use({ settings: { HUBBUB_SEND_PER_S: '0', HUBBUB_HTTP_PER_S_ADDRESS: '0', HUBBUB_DURABILITY: 'normal' } });

const rows = (count: number, word = 'row'): string => Array.from({ length: count }, (_, row) => `${word} ${row}`).join('\n');

async function fill(person: Person, name: string, count: number): Promise<void> {
  for (let n = 1; n <= count; n++) await person.post(1, `${name} ${n}.`);
}

const height = (of: Locator): Promise<number> => of.evaluate((one) => one.getBoundingClientRect().height);
const top = (of: Locator): Promise<number> => of.evaluate((one) => one.getBoundingClientRect().top - document.getElementById('timeline')!.getBoundingClientRect().top);
const button = (of: Locator): Locator => of.getByRole('button', { name: /^Show (all|less)$/ });

test('what is long is folded: by lines, by length, and in code; what is not is whole', async ({ owner, visitor }) => {
  const ada = await owner();
  const long = {
    'row 249': rows(250),
    word: 'word '.repeat(1_600).trim(),
    ['m'.repeat(50)]: 'm'.repeat(8_000),
    'fn f0': `\`\`\`rust\n${Array.from({ length: 90 }, (_, n) => `fn f${n}() {\n    \n}`).join('\n')}\n\`\`\``,
    ['长'.repeat(20)]: '长'.repeat(8_000),
    'سطر 39': rows(40, 'سطر'),
  };
  const short = { 'line 29': rows(30, 'line'), xxxx: `\`\`\`\n${'x'.repeat(7_900)}\n\`\`\`` };
  for (const text of Object.values({ ...short, ...long })) await ada.post(1, text);
  const plain = await visitor({ javaScriptEnabled: false, storageState: await ada.context.storageState() });
  await plain.page.goto('/rooms/1');
  expect(await height(plain.message('row 249'))).toBeGreaterThan(5_000);
  await expect(button(plain.log)).toHaveCount(0);

  await ada.enter();
  for (const name of Object.keys(short)) {
    await expect(button(ada.message(name)), name.slice(0, 20)).toHaveCount(0);
  }
  for (const width of [1_400, 320]) {
    await ada.page.setViewportSize({ width, height: 800 });
    for (const name of Object.keys(long)) {
      await expect(button(ada.message(name)), name.slice(0, 20)).toHaveCount(1);
      await expect.poll(() => height(ada.message(name)), `${name.slice(0, 20)} at ${width}`).toBeLessThan(720);
      const cut = ada.message(name).locator('.cut');
      const hidden = await cut.evaluate((one) => one.scrollHeight - one.clientHeight);
      expect(hidden, `hidden of ${name.slice(0, 20)} at ${width}`).toBeGreaterThan(20);
    }
    const sideways = await ada.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(sideways).toBeLessThanOrEqual(0);
  }
});

test('opened by the keyboard and closed again, a long message keeps its place; what is below does not matter', async ({ owner }) => {
  const ada = await owner();
  await fill(ada, 'Before', 20);
  await ada.post(1, rows(250));
  await fill(ada, 'After', 40);
  await ada.enter();
  const long = ada.message('row 249');
  await long.evaluate((one) => one.scrollIntoView({ block: 'end' }));
  // What stands below is nearer to the middle of the view than the long one's upper edge.
  await ada.log.hover();
  await ada.page.mouse.wheel(0, 250);
  await expect.poll(() => top(long)).toBeLessThan(100);
  const all = button(long);
  await expect(all).toHaveAttribute('aria-expanded', 'false');
  await long.focus();
  for (let press = 0; press < 8 && !(await all.evaluate((one) => one === document.activeElement)); press++) {
    await ada.page.keyboard.press('Tab');
  }
  await expect(all).toBeFocused();
  const focused = await top(long);
  await ada.page.keyboard.press('Enter');
  await expect(all).toHaveAccessibleName('Show less');
  await expect(all).toHaveAttribute('aria-expanded', 'true');
  await expect(all).toBeFocused();
  await expect.poll(() => height(long)).toBeGreaterThan(5_000);
  expect(Math.abs((await top(long)) - focused), 'its upper edge').toBeLessThanOrEqual(1);
  // The way back stays in view, wherever one reads.
  await ada.log.hover();
  await ada.page.mouse.wheel(0, 3_000);
  await expect.poll(() => top(long)).toBeLessThan(-2_000);
  await expect(all).toBeInViewport();
  await all.click();
  await expect(all).toHaveAccessibleName('Show all');
  await expect.poll(() => height(long)).toBeLessThan(720);
  await expect.poll(async () => Math.abs(await top(long)), 'its upper edge is in view').toBeLessThanOrEqual(1);
});

test('the last message is opened and closed where it stands, and then the newest is seen again', async ({ owner }) => {
  const ada = await owner();
  await fill(ada, 'Before', 30);
  await ada.post(1, rows(90));
  await ada.enter();
  const long = ada.message('row 89');
  await expect(button(long)).toBeInViewport();
  const before = await top(long);
  await button(long).click();
  await expect.poll(() => height(long)).toBeGreaterThan(2_000);
  expect(Math.abs((await top(long)) - before)).toBeLessThanOrEqual(1);
  await button(long).click();
  await expect.poll(() => height(long)).toBeLessThan(720);
  expect(Math.abs((await top(long)) - before)).toBeLessThanOrEqual(1);
  await ada.post(1, 'News.');
  await expect(ada.message('News.')).toBeInViewport();
});

test('what is open stays open: with a reaction, an edit, and when its row was taken out meanwhile', async ({ owner, guest }) => {
  test.slow();
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const seq = await wren.post(1, rows(100));
  await fill(wren, 'After', 400);
  await ada.enter(`/rooms/1?at=${seq}`);
  const long = ada.message('row 99');
  await button(long).click();
  await expect.poll(() => height(long)).toBeGreaterThan(2_000);
  const before = await top(long);
  await wren.enter(`/rooms/1?at=${seq}`);
  await wren.message('row 99').hover();
  await wren.message('row 99').getByRole('button', { name: 'React with thumbs up' }).click();
  await expect(long.getByRole('button', { name: /^👍/ })).toHaveCount(1);
  await button(long).focus();
  await wren.message('row 99').focus();
  await wren.page.keyboard.press('e');
  await expect(wren.field).toHaveValue(rows(100));
  await wren.field.fill(`${rows(100)}\nand more`);
  await wren.field.press('Enter');
  await expect(ada.message('and more')).toHaveCount(1);
  await expect(button(long)).toBeFocused();
  await expect(button(long)).toHaveAccessibleName('Show less');
  expect(Math.abs((await top(long)) - before)).toBeLessThanOrEqual(1);
  await ada.page.getByRole('button', { name: 'To the newest message' }).click();
  await expect(ada.message('After 400.')).toBeInViewport();
  await expect(long).toHaveCount(0);
  await ada.log.hover();
  await expect
    .poll(async () => {
      await ada.page.mouse.wheel(0, -2_000);
      return long.count();
    }, { timeout: 30_000 })
    .toBe(1);
  expect(await height(long)).toBeGreaterThan(2_000);
});

test('what the browser finds or focuses in the hidden part is shown, where it found it', async ({ owner }) => {
  const ada = await owner();
  await fill(ada, 'Before', 20);
  await ada.post(1, `${rows(100)}\nhttps://example.org/far\n${rows(50)}`);
  await fill(ada, 'After', 3);
  await ada.enter();
  const long = ada.message('row 99');
  const link = long.getByRole('link', { name: 'example.org/far' });
  await expect(button(long)).toBeVisible();
  await link.focus();
  await expect(button(long)).toHaveAccessibleName('Show less');
  await expect(link).toBeInViewport();
  await expect(link).toBeFocused();
  await button(long).click();
  await expect(button(long)).toHaveAccessibleName('Show all');
  // It is the beginning again that is shown.
  expect(await long.locator('.cut').evaluate((one) => one.scrollTop)).toBe(0);
  // So is what is scrolled to without taking the focus, as the browser does to what it finds; and a second time.
  await link.evaluate((one) => {
    one.blur();
    one.scrollIntoView({ block: 'center' });
  });
  await expect(button(long)).toHaveAccessibleName('Show less');
  await expect(link).toBeInViewport();
});

test('the way to close a long message is not under the way to the newest message, on a phone and with news below', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await fill(wren, 'Before', 20);
  await wren.post(1, rows(250));
  await fill(wren, 'After', 40);
  await ada.enter();
  const long = ada.message('row 249');
  await button(long).click();
  await expect.poll(() => height(long)).toBeGreaterThan(5_000);
  for (let n = 1; n <= 12; n++) await wren.post(1, `News ${n}.`);
  const news = ada.page.getByRole('button', { name: /^12 new messages/ });
  for (const width of [1_400, 700, 320]) {
    await ada.page.setViewportSize({ width, height: 700 });
    await long.evaluate((one) => one.scrollIntoView({ block: 'start' }));
    await expect(button(long)).toBeInViewport({ ratio: 1 });
    await expect(news).toBeInViewport({ ratio: 1 });
    const [close, down] = [await button(long).boundingBox(), await news.boundingBox()];
    expect(close!.y + close!.height, `lower edge at ${width}`).toBeLessThanOrEqual(down!.y);
  }
});
