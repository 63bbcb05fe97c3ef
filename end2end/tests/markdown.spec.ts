// Messages are Markdown: each mark is drawn, by the server and by the page alike, and can be used from the keyboard.

import { expect, test } from '../support/test';

const EVERYTHING = [
  '**bold** *slant* ~~struck~~ `code` [words](https://a.example/x) https://b.example @here 👍',
  'a line break is kept',
  '',
  '> quoted **words**',
  '> - in a list',
  'the answer',
  '',
  '3. three',
  '   - nested',
  '4. four',
  '',
  '- [x] done',
  '- [ ] to do',
  '',
  'a table:',
  '| Point | Loss |',
  '| --- | ---: |',
  '| Feed | 0.42 |',
  '| Top \\| end | `1.90` |',
  '',
  '```rust',
  'fn main() {}',
  '```',
  '**重点：**请看||接头进水||。',
].join('\n');

test('each mark is drawn, and the server draws the same', async ({ owner, browser, server }) => {
  const ada = await owner();
  await ada.post(1, EVERYTHING);
  await ada.enter();
  const bare = await browser.newContext({ baseURL: server.origin, javaScriptEnabled: false, storageState: await ada.context.storageState() });
  const plain = await bare.newPage();
  await plain.goto('/rooms/1');
  for (const page of [ada.page, plain]) {
    const what = page.locator('.msg .what');
    await expect(what.locator('strong')).toHaveText(['bold', 'words', '重点：']);
    await expect(what.locator('em')).toHaveText('slant');
    await expect(what.locator('s')).toHaveText('struck');
    await expect(what.locator('p > code')).toHaveText('code');
    await expect(what.getByRole('link', { name: 'words' })).toHaveAttribute('href', 'https://a.example/x');
    await expect(what.getByRole('link', { name: 'words' })).toHaveAttribute('rel', 'noopener nofollow ugc');
    await expect(what.locator('.at-you')).toHaveText('@here');
    await expect(what.locator('.emoji')).toHaveText('👍');
    await expect(what.locator('blockquote > p')).toHaveText('quoted words');
    await expect(what.locator('blockquote li')).toHaveText('in a list');
    await expect(what.locator('> p').nth(1)).toHaveText('the answer');
    await expect(what.locator('ol')).toHaveAttribute('start', '3');
    await expect(what.locator('ol > li > ul > li')).toHaveText('nested');
    await expect(what.getByRole('checkbox', { name: 'Done' })).toBeChecked();
    await expect(what.getByRole('checkbox', { name: 'To do' })).not.toBeChecked();
    await expect(what.getByRole('checkbox').first()).toBeDisabled();
    await expect(what.getByRole('columnheader')).toHaveText(['Point', 'Loss']);
    await expect(what.getByRole('cell')).toHaveText(['Feed', '0.42', 'Top | end', '1.90']);
    await expect(what.locator('pre')).toHaveText('fn main() {}');
    await expect(what.locator('.lang')).toHaveText('rust');
    await expect(what.locator('p').first()).toContainText('\na line break');
  }
  await bare.close();
});

test('what is no mark here stays as it was typed', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  const typed = ['# no heading', '<b>no</b> <img src=x onerror=alert(1)> &amp;', '![no](/picture.png)', '[no](javascript:alert(1))', '>_<', '好的~ 谢谢~'];
  for (const text of typed) {
    await ada.post(1, text);
    await expect(ada.message(text).locator('.what p')).toHaveText(text);
    await expect(ada.message(text).locator('.what').locator('h1, b, img, a, s, blockquote')).toHaveCount(0);
  }
  // A code that begins with an empty line keeps it, from the server too.
  await ada.post(1, '```\n\nsecond line\n```');
  await ada.enter();
  expect(await ada.page.locator('pre').textContent()).toBe('\nsecond line');
});

test('hidden words are shown on request, by mouse and by keyboard', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  await ada.post(1, 'It was ||the **butler**, https://a.example/|| again');
  const message = ada.message('again');
  const button = message.getByRole('button', { name: 'Hidden text, show it' });
  await expect(button).toHaveAttribute('aria-expanded', 'false');
  await expect(message.locator('.covered')).toBeHidden();
  await expect(message.getByRole('link', { name: 'https://a.example/' })).toBeHidden();
  await message.focus();
  await ada.page.keyboard.press('Tab');
  for (let n = 0; n < 6 && !(await button.evaluate((one) => one === document.activeElement)); n++) {
    await ada.page.keyboard.press('Tab');
  }
  await expect(button).toBeFocused();
  await ada.page.keyboard.press('Enter');
  const open = message.getByRole('button', { name: 'Hide the text' });
  await expect(open).toBeFocused();
  await expect(open).toHaveAttribute('aria-expanded', 'true');
  await expect(message.locator('.told')).toHaveText('the butler, https://a.example/');
  await expect(message.getByRole('link', { name: 'https://a.example/' })).toBeVisible();
  await open.click();
  await expect(message.locator('.told')).toBeHidden();
});

test('code is copied by its button, from the keyboard too', async ({ owner }) => {
  const ada = await owner();
  await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await ada.enter();
  await ada.post(1, 'look\n```sh\nls *.rs\n\ncd ..\n```');
  const message = ada.message('look');
  const button = message.getByRole('button', { name: 'Copy the code' });
  await message.focus();
  for (let n = 0; n < 8 && !(await button.evaluate((one) => one === document.activeElement)); n++) {
    await ada.page.keyboard.press('Tab');
  }
  await expect(button).toBeFocused();
  await ada.page.keyboard.press('Enter');
  await expect(button.locator('use')).toHaveAttribute('href', /i-check$/);
  expect(await ada.page.evaluate(() => navigator.clipboard.readText())).toBe('ls *.rs\n\ncd ..');
  await expect(button.locator('use')).toHaveAttribute('href', /i-copy$/, { timeout: 5_000 });
});

test('on a phone only a table and code scroll sideways', async ({ owner }) => {
  const ada = await owner();
  await ada.page.setViewportSize({ width: 390, height: 844 });
  const wide = 'a_wide_word_of_forty_characters_or_so_x';
  await ada.post(1, EVERYTHING);
  await ada.post(1, `${`| ${wide} `.repeat(4)}|\n${'|---'.repeat(4)}|\n${'| x '.repeat(4)}|`);
  await ada.post(1, `\`\`\`\n${wide.repeat(4)}\n\`\`\`\n- - - - - - - - - - - - ${wide}\n> > > > > > > > ${wide}\n||${wide.repeat(4)}||`);
  await ada.enter();
  await expect(ada.page.locator('.sheet')).toHaveCount(2);
  const sideways = await ada.page.evaluate(() => {
    const timeline = document.getElementById('timeline')!;
    return [document.documentElement.scrollWidth - innerWidth, timeline.scrollWidth - timeline.clientWidth];
  });
  expect(sideways).toEqual([0, 0]);
  const scrolls = await ada.page.locator('.sheet').last().evaluate((one) => one.scrollWidth - one.clientWidth);
  expect(scrolls).toBeGreaterThan(100);
  const button = ada.page.getByRole('button', { name: 'Copy the code' }).first();
  await expect(button).toBeVisible();
});

test('texts made to be slow or deep are drawn', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  const texts = [
    '['.repeat(8_000),
    '*a '.repeat(2_600),
    `${'> '.repeat(3_990)}x`,
    `${'- '.repeat(3_900)}x`,
    '`'.repeat(7_999),
    `${'|a'.repeat(1_900)}\n${'|-'.repeat(1_900)}`,
  ];
  for (const text of texts) await ada.post(1, text);
  await ada.post(1, 'still here');
  await expect(ada.message('still here')).toBeVisible();
  await ada.enter();
  await expect(ada.message('still here')).toBeVisible();
});

test('a quote of a message shows its words, and nothing that is hidden', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  const seq = await ada.post(1, '**Bold** words ||secret||');
  await ada.post(1, 'an answer', { reply_to: seq });
  await expect(ada.message('an answer').locator('.quote')).toContainText('Bold words ▒▒▒');
  await expect(ada.message('an answer').locator('.quote')).not.toContainText('secret');
});
