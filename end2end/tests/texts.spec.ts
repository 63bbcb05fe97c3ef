// What messages say, as it is drawn: links, mentions, emoji, directions.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from '@playwright/test';

import { expect, test } from '../support/test';

type Address = [text: string, links: [shown: string, href: string][]];
const corpus = JSON.parse(readFileSync(join(__dirname, '../../text/corpus/addresses.json'), 'utf8')) as Address[];

/** Every link of the timeline: what it shows, and where it goes. */
function links(page: Page): Promise<[string | null, string | null][]> {
  return page
    .locator('.what a.link')
    .evaluateAll((all) => all.map((link) => [link.textContent, link.getAttribute('href')] as [string | null, string | null]));
}

test('every address goes where it says, drawn by the server and by the page', async ({ owner, browser, server }) => {
  const ada = await owner();
  await ada.enter();
  // One line each: a message may have 8,000 characters.
  const lines = corpus.filter(([text]) => !text.includes('\n'));
  const expected = lines.flatMap(([, all]) => all);
  await ada.post(1, lines.map(([text]) => text).join('\n'));
  await expect(ada.message('https://a.example/b?c=d#e')).toHaveCount(1);
  expect(await links(ada.page)).toEqual(expected);

  const bare = await browser.newContext({
    baseURL: server.origin,
    javaScriptEnabled: false,
    storageState: await ada.context.storageState(),
  });
  const page = await bare.newPage();
  await page.goto('/rooms/1');
  await expect(page.locator('.what a.link').first()).toBeVisible();
  expect(await links(page)).toEqual(expected);
  await bare.close();

  // Taken over from the server's page, it is the same still.
  await ada.enter();
  expect(await links(ada.page)).toEqual(expected);
  // A host beyond ASCII is told in ASCII as well.
  await expect(ada.page.getByRole('link', { name: 'https://bücher.example/x' })).toHaveAttribute(
    'title',
    'https://xn--bcher-kva.example/x',
  );
});

test('who is shown as mentioned is counted, and nobody else', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren');
  const room = await ada.makeRoom('elsewhere');
  await ada.enter();
  await wren.enter();
  const counted = async (): Promise<number> => {
    const { rooms } = await wren.api<{ rooms: { id: number; mentions: number }[] }>('GET', '/rooms');
    return rooms.find(({ id }) => id === room)?.mentions ?? 0;
  };
  await wren.api('POST', `/rooms/${room}/members`, {});
  const texts: [string, number][] = [
    ['`@Wren` and `@here`', 0],
    ['```\n@Wren\n```', 0],
    ['https://social.example/@Wren', 0],
    ['mail@wren', 0],
    ['＠wren: a', 1],
    ['...@wren b', 1],
    ['_@Wren_ c', 1],
    ['@wren님 d', 1],
    ['`x` @here e', 1],
  ];
  let sum = 0;
  for (const [text, mentions] of texts) {
    await ada.post(room, text);
    sum += mentions;
    expect(await counted(), text).toBe(sum);
  }
  await expect(wren.row('elsewhere')).toContainText(String(sum));
  await wren.enter(`/rooms/${room}`);
  await expect(wren.log.getByRole('article')).toHaveCount(texts.length);
  expect(await wren.page.locator('.what .at-you').allTextContents()).toEqual(['＠wren', '@wren', '@Wren', '@wren', '@here']);
});

test('one emoji is one reaction, however it is written', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren');
  await ada.enter();
  const seq = await ada.post(1, 'a heart');
  const react = (who: typeof ada, emoji: string): Promise<void> =>
    who.page.evaluate(
      ([emoji, seq]) =>
        new Promise<void>((resolve, reject) => {
          const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/ws`);
          const id = crypto.randomUUID();
          socket.onopen = () => socket.send(JSON.stringify({ t: 'hello', v: 1, device: 'a-device-of-its-own-1', client: 'test' }));
          socket.onmessage = ({ data }: MessageEvent<string>) => {
            const frame = JSON.parse(data) as { t: string; id?: string; code?: string };
            if (frame.t === 'welcome') {
              socket.send(JSON.stringify({ t: 'react', id, room: 1, of: seq, emoji, on: true }));
            } else if (frame.id === id) {
              socket.close();
              if (frame.t === 'ack') resolve();
              else if (frame.t === 'nack') reject(new Error(frame.code));
            }
          };
        }),
      [emoji, seq] as const,
    );
  await wren.enter();
  await react(ada, '❤');
  await react(wren, '❤️');
  await expect(ada.message('a heart').getByRole('button', { name: /❤️.*2|2.*❤️/ })).toHaveCount(1);
  for (const bad of ['👍\u200d', '🏽', '🇩']) {
    await expect(react(ada, bad), bad).rejects.toThrow('invalid');
  }
});

test('a sequence is one picture, tall letters keep to their line, and each line has its own direction', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  for (const emoji of ['✌🏽', '🧑‍⚖', '🏳‍🌈', '1️⃣']) {
    await ada.post(1, `look ${emoji} there`);
    await expect(ada.message(`look ${emoji} there`).locator('.emoji')).toHaveText(emoji);
  }
  const marks = '\u0335\u0321\u030d\u0334'.repeat(12);
  await ada.post(1, `above\nz${marks}a${marks}lgo\nbelow`);
  const tall = ada.page.locator('.tall');
  await expect(tall).toHaveText(`z${marks}a${marks}`);
  const style = await tall.evaluate((at) => {
    const line = parseFloat(getComputedStyle(at.parentElement as Element).lineHeight);
    return { clipped: getComputedStyle(at).overflow, lines: at.getBoundingClientRect().height / line };
  });
  expect(style.clipped).toBe('clip');
  expect(style.lines).toBeLessThanOrEqual(1.05);

  await ada.post(1, 'שלום one\nEnglish שלום');
  const message = ada.message('English');
  await expect(message).toHaveCount(1);
  const places = await message.locator('.what p').evaluate((p) => {
    const text = p.firstChild as Text;
    const left = (at: number): number => {
      const range = document.createRange();
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      return range.getBoundingClientRect().left;
    };
    const says = text.data;
    const middle = p.getBoundingClientRect().left + p.getBoundingClientRect().width / 2;
    return [left(0), left(says.indexOf('one')), left(says.indexOf('English')), left(says.lastIndexOf('ש')), middle];
  });
  const [hebrew, one, english, last, middle] = places as [number, number, number, number, number];
  expect(hebrew, 'and stands on the right').toBeGreaterThan(middle);
  expect(english, 'and stands on the left').toBeLessThan(middle);
  expect(hebrew, 'a line that begins in Hebrew goes to the left').toBeGreaterThan(one);
  expect(english, 'a line that begins in English goes to the right').toBeLessThan(last);
});

for (const [locale, comma] of [['en-GB', ', '], ['zh-CN', '、']] as const) {
  test(`names from right to left turn nothing round: in a group, in a title, in a label (${locale})`, async ({ owner, guest }) => {
    const ada = await owner('Ada Marlow', { locale });
    const ids: number[] = [];
    for (const name of ['دانا', 'שירה']) {
      const one = await guest(ada, name);
      ids.push((await one.api<{ user: { id: number } }>('GET', '/users/me')).user.id);
    }
    const { room } = await ada.api<{ room: { id: number; name: string } }>('POST', '/direct', { users: ids });
    expect(room.name, 'the server knows no language').toBe('دانا, שירה');

    const group = `\u2068دانا\u2069${comma}\u2068שירה\u2069`;
    await ada.enter(`/rooms/${room.id}`);
    const drawn = ada.page.locator('.row .name').filter({ hasText: 'שירה' });
    await expect(drawn).toHaveText(group);
    // The first of them stands on the left, as the page's language lists them.
    const [first, second] = await drawn.evaluate((one) => {
      const text = document.createTreeWalker(one, NodeFilter.SHOW_TEXT).nextNode() as Text;
      const left = (c: string): number => {
        const range = document.createRange();
        range.setStart(text, text.data.indexOf(c));
        range.setEnd(text, text.data.indexOf(c) + 1);
        return range.getBoundingClientRect().left;
      };
      return [left('ا'), left('ש')] as const;
    });
    expect(first).toBeLessThan(second);
    expect(await ada.page.title()).toContain(`${group} · `);
    await expect(ada.page.locator('textarea')).toHaveAttribute('placeholder', new RegExp(group));
  });
}
