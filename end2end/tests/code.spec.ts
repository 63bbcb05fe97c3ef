// Code is coloured: by a module that is fetched when there first is some, over the text as it stands, and only as long as it is there.

import { readFileSync } from 'node:fs';

import type { Page } from '@playwright/test';

import { expect, test } from '../support/test';

test.use({ settings: { HUBBUB_SEND_PER_S: '0', HUBBUB_HTTP_PER_S_ADDRESS: '0', HUBBUB_DURABILITY: 'normal' } });

const RUST = '```rust\n// what it is for\nfn main() { let n = 42; say("hi"); }\n```';

/** What is coloured, by kind. */
function coloured(page: Page): Promise<Record<string, string[]>> {
  return page.evaluate(() => {
    const all: Record<string, string[]> = {};
    for (const [name, ranges] of CSS.highlights) {
      const texts = [...ranges].map(({ startContainer, startOffset, endOffset }) => startContainer.textContent?.slice(startOffset, endOffset) ?? '');
      if (texts.length > 0) {
        all[name.replace('code-', '')] = texts;
      }
    }
    return all;
  });
}

/** The module, in this program. */
async function module(): Promise<{ read: (text: string, family: string, now?: () => number) => [string, number, number][]; MAX_LENGTH: number }> {
  const source = readFileSync('../public/code.js', 'utf8');
  return import(`data:text/javascript;base64,${Buffer.from(source).toString('base64')}`);
}

test('code is coloured where it stands, from the server and as it comes, and nothing is kept of what left', async ({ owner }) => {
  const ada = await owner();
  const fetched: string[] = [];
  ada.page.on('request', (request) => {
    if (request.url().includes('/code.')) {
      fetched.push(request.url());
    }
  });
  const other = await ada.makeRoom('plain');
  await ada.post(other, '```\nlet it = "be";\n```');
  await ada.enter(`/rooms/${other}`);
  await expect(ada.message('let it')).toBeVisible();
  expect(fetched).toEqual([]);
  await ada.post(1, RUST);
  await ada.enter();
  const kinds = {
    comment: ['// what it is for'],
    keyword: ['fn', 'let'],
    string: ['"hi"'],
    name: ['main', 'say'],
    number: ['42'],
  };
  await expect.poll(() => coloured(ada.page)).toEqual(kinds);
  expect(fetched).toHaveLength(1);
  expect(await ada.message('what it is for').locator('pre').evaluate((pre) => pre.childNodes.length)).toBe(1);
  await ada.post(1, '```py\nreturn None\n```');
  await expect.poll(() => coloured(ada.page)).toEqual({ ...kinds, keyword: ['fn', 'let', 'return', 'None'] });
  // Changed, it is drawn anew: nothing is left of what it was.
  await ada.message('return None').focus();
  await ada.page.keyboard.press('e');
  await ada.field.fill('```py\nraise\n```');
  await ada.page.getByRole('button', { name: /^(Save|Send)/ }).click();
  await expect.poll(() => coloured(ada.page)).toEqual({ ...kinds, keyword: ['fn', 'let', 'raise'] });
  await ada.row('plain').click();
  await expect(ada.message('let it')).toBeVisible();
  await expect.poll(() => coloured(ada.page)).toEqual({});
  expect(fetched).toHaveLength(1);
});

test('a browser without highlights shows code plain', async ({ owner }) => {
  const ada = await owner();
  await ada.page.addInitScript(() => Object.defineProperty(CSS, 'highlights', { value: undefined }));
  await ada.post(1, RUST);
  const module = ada.page.waitForResponse(/\/code\./);
  await ada.enter();
  await module;
  await expect(ada.message('what it is for').locator('pre')).toHaveText(/fn main/);
});

test('each kind of token has a colour of its own, in light and in dark', async ({ owner }) => {
  const ada = await owner();
  await ada.post(1, RUST);
  await ada.enter();
  await expect.poll(async () => Object.keys(await coloured(ada.page)).length).toBe(5);
  const pre = ada.message('what it is for').locator('pre');
  const colours = new Set<string>();
  for (const colorScheme of ['light', 'dark'] as const) {
    await ada.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const kind of ['comment', 'keyword', 'string', 'name', 'number']) {
      colours.add(await pre.evaluate((it, name) => getComputedStyle(it, `::highlight(code-${name})`).color, kind));
    }
  }
  expect(colours.size).toBe(10);
});

test('whatever is in a block, reading it takes no longer than it is long', async () => {
  const { read, MAX_LENGTH } = await module();
  const families = ['rust', 'js', 'python', 'go', 'c', 'sh', 'sql', 'json', 'toml', 'yaml', 'css', 'html', 'diff'];
  const hostile = ['(', '[{', '"', "'", '`', '"\\', '/*', '<!--', '<a', '<a b="', '#', 'r#"', 'r####', '"""', '${', 'a ', '-', '1e', '&#', '\n#', '😀', "b'\\u{"];
  for (const family of families) {
    for (const piece of hostile) {
      const text = piece.repeat(MAX_LENGTH).slice(0, MAX_LENGTH);
      const began = performance.now();
      const found = read(text, family, () => 0);
      expect(performance.now() - began, `${family} ${piece}`).toBeLessThan(2_000);
      const apart = found.every(([, from, to], at) => from >= (found[at - 1]?.[2] ?? 0) && to > from && to <= text.length);
      expect(apart, `${family} ${piece}`).toBe(true);
    }
    expect(read('x'.repeat(MAX_LENGTH + 1), family)).toEqual([]);
  }
  for (const unknown of ['', 'constructor', '__proto__', 'cobol']) {
    expect(read('let x', unknown)).toEqual([]);
  }
});
