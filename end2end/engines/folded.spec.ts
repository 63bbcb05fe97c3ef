// A long message opens and closes without what one reads moving.

import { expect, type Someone, test } from '../support/engines/test';

interface Long {
  top: number;
  height: number;
  says: string | undefined;
}

/** How the long message stands, in pixels from the upper edge of the timeline. */
async function long(person: Someone): Promise<Long | null> {
  return person.tab.run<Long | null>(
    `const timeline = document.getElementById('timeline');
     const message = [...document.querySelectorAll('article.msg')].find((one) => one.textContent.includes('row 199'));
     if (!timeline || !message) return null;
     const { top, height } = message.getBoundingClientRect();
     return { top: top - timeline.getBoundingClientRect().top, height, says: message.querySelector('.unfold')?.textContent };`,
  );
}

const press = 'document.querySelector(".unfold").click()';

test('a long message is opened and closed, and its upper edge stays', async ({ ada, bot }) => {
  for (let n = 1; n <= 30; n++) await bot.post(1, `Before ${n}.`);
  await bot.post(1, Array.from({ length: 200 }, (_, row) => `row ${row}`).join('\n'));
  for (let n = 1; n <= 12; n++) await bot.post(1, `After ${n}.`);
  await ada.tab.goto(`${ada.origin}/rooms/1`);
  await bot.post(1, 'The page is alive.');
  await ada.sees('The page is alive.');
  await expect.poll(async () => (await long(ada))?.height).toBeLessThan(720);
  await ada.tab.run('document.querySelector(".unfold").closest("article").scrollIntoView({ block: "center" })');
  const before = await long(ada);
  expect(before?.says).toBe('Show all');
  await ada.tab.run(press);
  await expect.poll(async () => (await long(ada))?.height).toBeGreaterThan(4_000);
  const open = await long(ada);
  expect(open?.says).toBe('Show less');
  expect(Math.abs((open?.top ?? NaN) - (before?.top ?? NaN))).toBeLessThanOrEqual(1);
  await ada.tab.run('document.getElementById("timeline").scrollBy(0, 2500)');
  await expect.poll(async () => (await long(ada))?.top).toBeLessThan(-1_000);
  await ada.tab.run(press);
  await expect.poll(async () => (await long(ada))?.height).toBeLessThan(720);
  await expect.poll(async () => Math.abs((await long(ada))?.top ?? NaN), { message: 'its upper edge is in view' }).toBeLessThanOrEqual(1);
});
