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
