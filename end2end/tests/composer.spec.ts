import { expect, test } from '../support/test';

test('Enter sends, Shift+Enter breaks the line, blank text is nothing', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  await ada.field.press('Enter');
  await ada.field.fill('   ');
  await ada.field.press('Enter');
  await expect(ada.log.getByRole('article')).toHaveCount(0);
  const send = ada.page.getByRole('button', { name: 'Send', exact: true });
  await expect(send).toHaveAttribute('aria-disabled', 'true');

  await ada.field.fill('');
  await ada.field.pressSequentially('one');
  await ada.field.press('Shift+Enter');
  await ada.field.pressSequentially('two');
  await expect(ada.field).toHaveValue('one\ntwo');
  await expect(ada.log.getByRole('article')).toHaveCount(0);
  await ada.field.press('Enter');
  await ada.stored('two');
  await expect(ada.field).toHaveValue('');
  expect(await ada.texts(1)).toEqual(['one\ntwo']);

  await ada.field.fill('by the button');
  await send.click();
  await ada.stored('by the button');
});

test('Enter that ends a composition never sends', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  await ada.field.focus();
  const browser = await ada.context.newCDPSession(ada.page);
  // As an input method does it: letters that are composed, an Enter that takes them as they are, the text.
  await browser.send('Input.imeSetComposition', { text: 'zao', selectionStart: 3, selectionEnd: 3 });
  const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 } as const;
  await browser.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...enter });
  await browser.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter, windowsVirtualKeyCode: 13 });
  await expect(ada.field).toHaveValue('zao');
  await browser.send('Input.insertText', { text: '早' });
  await expect(ada.field).toHaveValue('早');

  // Some browsers end the composition first, and say so by the key code alone.
  const taken = await ada.field.evaluate((field) => {
    const key = new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true });
    return !field.dispatchEvent(key);
  });
  expect(taken, 'whether the page took the key').toBe(false);
  await browser.send('Input.imeSetComposition', { text: 'shang', selectionStart: 5, selectionEnd: 5 });
  await ada.field.press('Enter');
  await browser.send('Input.insertText', { text: '上好' });
  await expect(ada.log.getByRole('article')).toHaveCount(0);
  expect(await ada.texts(1)).toEqual([]);

  await ada.field.fill('早上好');
  await ada.field.press('Enter');
  await ada.stored('早上好');
  expect(await ada.texts(1)).toEqual(['早上好']);
});

test('a text that is too long says by how much, and is not sent', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  await ada.field.fill('x'.repeat(7_400));
  await expect(ada.field).not.toHaveAccessibleDescription(/8,000/);
  await ada.field.fill('x'.repeat(7_600));
  await expect(ada.field).toHaveAccessibleDescription('7,600 / 8,000');
  await ada.field.fill('x'.repeat(8_212));
  await expect(ada.field).toHaveAttribute('aria-invalid', 'true');
  await expect(ada.field).toHaveAccessibleDescription(/212 characters too many/);
  await ada.field.press('Enter');
  await expect(ada.field).toHaveValue('x'.repeat(8_212));
  await expect(ada.log.getByRole('article')).toHaveCount(0);

  // Characters are counted, not units: each of these is two of UTF-16 and four bytes.
  const most = '🗼'.repeat(8_000);
  await ada.field.fill(most);
  await expect(ada.field).not.toHaveAttribute('aria-invalid', 'true');
  await ada.field.press('Enter');
  await ada.stored('🗼');
  expect(await ada.texts(1)).toEqual([most]);
});

test('a draft stays with its room, over a reload', async ({ owner }) => {
  const ada = await owner();
  await ada.makeRoom('desk');
  await ada.enter('/rooms/1');
  await ada.field.pressSequentially('half a thou');
  await ada.row('desk').click();
  await expect(ada.field).toHaveAccessibleName('Write to #desk');
  await expect(ada.field).toHaveValue('');
  await expect(ada.row('general')).toContainText('draft');
  await ada.field.pressSequentially('another');

  await ada.page.reload();
  await expect(ada.field).toHaveValue('another');
  await expect(ada.row('general')).toContainText('draft');
  await ada.row('general').click();
  await expect(ada.field).toHaveValue('half a thou');
  await ada.field.press('End');
  await ada.field.pressSequentially('ght');
  await ada.field.press('Enter');
  await ada.stored('half a thought');
  await ada.page.reload();
  await expect(ada.message('half a thought')).toBeVisible();
  await expect(ada.field).toHaveValue('');
  await expect(ada.row('desk')).toContainText('draft');
});

test('what is typed right before a reload is kept', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  await ada.field.pressSequentially('typed and gone');
  await ada.page.reload();
  await expect(ada.field).toHaveValue('typed and gone');
});

test('a browser without a database keeps drafts over a reload all the same', async ({ owner }) => {
  const ada = await owner();
  await ada.context.addInitScript(() => Object.defineProperty(window, 'indexedDB', { value: undefined }));
  await ada.enter();
  await ada.field.pressSequentially('typed and kept');
  await ada.page.reload();
  await expect(ada.field).toHaveValue('typed and kept');
  await ada.page.reload();
  await expect(ada.field).toHaveValue('typed and kept');
  await ada.field.press('Enter');
  await ada.stored('typed and kept');
  await ada.page.reload();
  await expect(ada.message('typed and kept')).toBeVisible();
  await expect(ada.field).toHaveValue('');
});

test('a draft of a page that is not quite gone yet is shown once it is', async ({ owner }) => {
  const ada = await owner();
  const { user } = await ada.api<{ user: { id: number } }>('GET', '/users/me');
  const other = await ada.context.newPage();
  await other.goto('/devices');
  // As a page does that goes: what it could not write stands in the journal, and its lock is still held.
  await other.evaluate((id) => {
    const draft = { room: 1, text: 'left behind', at: Date.now() };
    localStorage.setItem(`hubbub-journal/${id}/other/drafts/1`, JSON.stringify(draft));
    return new Promise<void>((held) => {
      void navigator.locks.request('hubbub-page-other', () => {
        held();
        return new Promise(() => {});
      });
    });
  }, user.id);
  await ada.enter();
  await expect(ada.field).toHaveValue('');
  await other.close();
  await expect(ada.field).toHaveValue('left behind');
  await ada.page.reload();
  await expect(ada.field).toHaveValue('left behind');
});

test('emoji go in where the caret is', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  await ada.field.fill('tea?');
  await ada.field.press('Home');
  await ada.page.getByRole('button', { name: 'Emoji' }).click();
  const picker = ada.page.getByRole('dialog', { name: 'Emoji' });
  await picker.getByRole('combobox').fill('teacup without handle');
  await picker.getByRole('gridcell').first().click();
  await expect(ada.field).toHaveValue('🍵tea?');
  await expect(ada.field).toBeFocused();
});

test.describe('a page that comes slowly', () => {
  test('can be read and written to before it is alive: nothing typed is lost', async ({ owner }) => {
    const ada = await owner();
    await ada.post(1, 'Here before you.');
    const release = await ada.holdAlive();
    const welcomed = ada.welcome();
    await ada.page.goto('/rooms/1', { waitUntil: 'commit' });
    await expect(ada.message('Here before you.')).toBeVisible();
    await ada.field.pressSequentially('I was quick');
    await ada.field.press('Enter');
    release();
    await welcomed;
    await expect(ada.page).toHaveURL(/\/rooms\/1$/);
    // Sent or still in the field, but there.
    await expect(ada.field.or(ada.message('I was quick').first()).first()).toBeVisible();
    const kept = async (): Promise<string> =>
      (await ada.field.inputValue()) + (await ada.log.innerText());
    await expect.poll(kept).toContain('I was quick');
  });
});
