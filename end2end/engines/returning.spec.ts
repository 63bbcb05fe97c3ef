// Back, and a page that is loaded again, lead to where one read.

import { expect, type Someone, test } from '../support/engines/test';

interface Place {
  text: string;
  top: number;
}

/** The first message that begins in view, and where; nothing while none does. */
const READING = `
  const timeline = document.getElementById('timeline');
  const edge = timeline?.getBoundingClientRect().top;
  const first = [...document.querySelectorAll('article.msg')].find((one) => one.getBoundingClientRect().top >= edge);
  return first ? { text: /(?:Line|Word) \\d+\\./.exec(first.textContent)?.[0] ?? '', top: first.getBoundingClientRect().top - edge } : null;`;

/** Scrolls up until a line is there and in the middle; where one is, once nothing moves and the history has it. */
async function readBack(person: Someone, line: string): Promise<Place> {
  const up = `
    const line = [...document.querySelectorAll('article.msg')].find((one) => one.textContent.includes(arguments[0]));
    if (line) line.scrollIntoView({ block: 'center' });
    else document.getElementById('timeline').scrollBy(0, -1000);
    return !!line;`;
  await expect.poll(() => person.tab.run<boolean>(up, line), { intervals: [50], timeout: 20_000 }).toBe(true);
  let before: Place | null = null;
  let noted: unknown = null;
  // The history has just that place: it is noted within 350 ms.
  await expect
    .poll(async () => {
      const [last, had] = [before, noted];
      before = await person.tab.run<Place | null>(READING);
      noted = await person.tab.run<unknown>('return history.state');
      return noted !== null && noted === had && before !== null && before.text !== '' && before.text === last?.text && before.top === last.top;
    }, { intervals: [500] })
    .toBe(true);
  return before!;
}

async function returned(person: Someone, to: Place): Promise<void> {
  await expect
    .poll(async () => {
      const now = await person.tab.run<Place | null>(READING).catch(() => null);
      return now?.text === to.text ? Math.abs(now.top - to.top) : now?.text;
    }, { timeout: 20_000 })
    .toBeLessThanOrEqual(2);
}

test('Back from another room and from the settings leads to where one read, and so does loading the page again', async ({ ada, bot }) => {
  const { room } = await bot.call<{ room: { id: number } }>('POST', '/rooms', { kind: 'public', name: 'desk' });
  for (let line = 1; line <= 300; line++) await bot.post(1, `Line ${line}.${line % 7 === 0 ? ` ${'and more of it '.repeat(line % 30)}` : ''}`);
  await bot.post(room.id, 'Word 1.');
  await ada.tab.goto(`${ada.origin}/rooms/1`);
  await bot.post(1, 'The page is alive.');
  await ada.sees('The page is alive.');
  const far = await readBack(ada, 'Line 120.');
  await ada.tab.run('document.querySelector(`a[href="/rooms/${arguments[0]}"]`).click()', room.id);
  await ada.sees('Word 1.');
  await ada.tab.run('history.back()');
  await returned(ada, far);
  await ada.tab.run('document.querySelector(`a[href="/you"]`).click()');
  await expect.poll(() => ada.tab.run<string>('return location.pathname')).toBe('/you');
  await ada.tab.run('history.back()');
  await returned(ada, far);
  await ada.tab.run('location.reload()');
  await returned(ada, far);
});
