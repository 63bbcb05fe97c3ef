// The field grows with what is in it.

import { expect, type Someone, test } from '../support/engines/test';

async function height(person: Someone): Promise<number> {
  return person.tab.run('return document.getElementById("composer").getBoundingClientRect().height');
}

/** Nothing of the text is hidden, and no line is empty below it. */
async function fits(person: Someone): Promise<void> {
  const hidden = 'const field = document.getElementById("composer"); return field.scrollHeight - field.clientHeight';
  await expect.poll(() => person.tab.run<number>(hidden), { message: 'hidden pixels of the field' }).toBeLessThanOrEqual(1);
}

test('it grows where the text wraps and with Shift+Enter, and is small again when it is sent', async ({ ada }) => {
  await ada.write('A short line.');
  const one = await height(ada);
  await ada.tab.type(' and more of it'.repeat(20));
  await expect.poll(() => height(ada), { message: 'the height of a text that wraps' }).toBeGreaterThan(one + 10);
  await fits(ada);
  const wrapped = await height(ada);
  await ada.tab.press('Enter', 'Shift');
  await expect.poll(() => height(ada), { message: 'the height with one more line' }).toBeGreaterThan(wrapped + 10);
  await ada.tab.type('The end.');
  await fits(ada);
  await ada.tab.press('Enter');
  await ada.sees('The end.');
  await expect.poll(() => height(ada), { message: 'the height of the empty field' }).toBe(one);
});
