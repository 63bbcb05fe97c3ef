// Where the focus is, and where things open: in the composer, back where one was, beside what was pressed.

import type { Page } from '@playwright/test';

import { expect, test } from '../support/test';
import { status } from '../support/watch';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };

test('the composer has the focus when a room is there, after sending by mouse, and after Esc', async ({ owner }) => {
  const ada = await owner();
  await ada.makeRoom('desk');
  await ada.post(1, 'Hello.');
  await ada.enter();
  await expect(ada.field).toBeFocused();
  await ada.page.keyboard.type('by mouse');
  await ada.page.getByRole('button', { name: 'Send', exact: true }).click();
  await ada.stored('by mouse');
  await expect(ada.field).toBeFocused();
  await ada.message('Hello.').focus();
  await ada.page.keyboard.press('Escape');
  await expect(ada.field).toBeFocused();
  await ada.row('desk').click();
  await expect(ada.field).toHaveAccessibleName('Write to #desk');
  await expect(ada.field).toBeFocused();
  // What has the focus already keeps it.
  const release = await ada.holdAlive();
  await ada.page.goto('/rooms/1', { waitUntil: 'domcontentloaded' });
  await ada.row('desk').focus();
  const welcomed = ada.welcome();
  release();
  await welcomed;
  await expect(ada.row('desk')).toBeFocused();
});

test('on a phone no field takes the focus by itself; sending keeps it where it was', async ({ owner }) => {
  const ada = await owner('Ada Marlow', phone);
  await ada.enter();
  await expect(ada.page.locator('html[data-alive]')).toHaveCount(1);
  await expect(ada.field).not.toBeFocused();
  await ada.field.tap();
  await ada.field.pressSequentially('by finger');
  const lost = ada.field.evaluate(
    (field) => new Promise<boolean>((told) => {
      field.addEventListener('blur', () => told(true));
      setTimeout(() => told(false), 1000);
    }),
  );
  await ada.page.getByRole('button', { name: 'Send', exact: true }).tap();
  await ada.stored('by finger');
  expect(await lost, 'whether the keyboard went').toBe(false);
  await expect(ada.field).toBeFocused();
});

test('the people: beside the room a pane that comes and goes, over it a dialog', async ({ owner }) => {
  const ada = await owner();
  await ada.page.setViewportSize({ width: 1100, height: 800 });
  await ada.enter();
  const way = ada.page.getByRole('link', { name: 'People, 1' });
  await expect(ada.people).toBeVisible();
  await expect(way).toHaveAttribute('aria-expanded', 'true');
  await way.click();
  await expect(ada.people).toBeHidden();
  await expect(way).toHaveAttribute('aria-expanded', 'false');
  await way.click();
  await expect(ada.people).toBeVisible();
  await ada.enter('/rooms/1/people');
  await way.click();
  await expect(ada.people).toBeHidden();
  await expect(ada.page).toHaveURL(/\/rooms\/1$/);

  await ada.page.setViewportSize({ width: 1024, height: 800 });
  await expect(way).toHaveAttribute('aria-expanded', 'false');
  const dialog = ada.page.getByRole('dialog', { name: 'People' });
  for (const close of [
    () => ada.page.keyboard.press('Escape'),
    () => ada.page.mouse.click(400, 400),
    () => ada.page.getByRole('link', { name: 'Back to the room' }).click(),
  ]) {
    await way.click();
    await expect(dialog).toBeVisible();
    await expect(dialog.locator(':focus')).toHaveCount(1);
    await ada.page.keyboard.press('Tab');
    await expect(dialog.locator(':focus')).toHaveCount(1);
    await close();
    await expect(dialog).toBeHidden();
    await expect(ada.page).toHaveURL(/\/rooms\/1$/);
    await expect(way).toBeFocused();
  }
});

test('Esc in a dialog gives the focus back to the message that it was about', async ({ owner }) => {
  const ada = await owner();
  await ada.post(1, 'One.');
  await ada.post(1, 'Two.');
  await ada.enter();
  const dialog = ada.page.getByRole('dialog', { name: 'Delete this message?' });
  await ada.message('One.').focus();
  await ada.page.keyboard.press('Delete');
  await expect(dialog).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await expect(ada.message('One.')).toBeFocused();
  await ada.message('One.').hover();
  await ada.message('One.').getByRole('button', { name: 'More' }).click();
  await ada.page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(dialog).toBeVisible();
  // The pointer is over another row now, and its tools are there.
  await ada.page.mouse.move(5, 5);
  await ada.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(ada.message('One.').locator(':focus').or(ada.message('One.').and(ada.page.locator(':focus')))).toHaveCount(1);
});

test('a key acts on the message that has the focus, wherever the mouse rests', async ({ owner }) => {
  const ada = await owner();
  for (const text of ['One.', 'Two.', 'Three.']) await ada.post(1, text);
  await ada.enter();
  const over = async (text: string): Promise<void> => {
    await ada.message(text).hover();
    await ada.message(text).hover({ position: { x: 9, y: 9 } });
  };
  await ada.message('Three.').focus();
  await over('Two.');
  await expect(ada.message('Three.')).toBeFocused();
  await ada.page.keyboard.press('e');
  await expect(ada.field).toHaveValue('Three.');
  await ada.page.keyboard.press('Escape');
  // A menu stays about its message.
  await ada.message('Three.').focus();
  await ada.page.keyboard.press('.');
  await expect(ada.page.getByRole('menu', { name: 'Message actions' })).toBeVisible();
  await over('One.');
  await ada.page.keyboard.press('ArrowDown');
  await ada.page.getByRole('menuitem', { name: 'Edit' }).click();
  await expect(ada.field).toHaveValue('Three.');
  await ada.page.keyboard.press('Escape');
  // So do the tools that the keyboard is at.
  await ada.message('Three.').focus();
  await ada.page.keyboard.press('Tab');
  const inside = ada.message('Three.').locator(':focus');
  await expect(inside).toHaveCount(1);
  await over('One.');
  await expect(inside).toHaveCount(1);
});

test('an answer that comes late does not take the focus from where it was moved', async ({ owner }) => {
  const ada = await owner();
  await ada.makeRoom('desk');
  await ada.enter();
  let answer = (): void => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await ada.page.route('**/api/v1/rooms', async (route) => {
    await held;
    await route.continue();
  });
  ada.watch.expect(status(409));
  await ada.page.getByRole('button', { name: 'New room or message' }).click();
  await ada.page.getByRole('menuitem', { name: 'Make a room' }).click();
  const [name, topic] = [ada.page.getByLabel('Room name'), ada.page.getByLabel(/^Topic/)];
  await name.fill('desk');
  await name.press('Enter');
  await topic.focus();
  answer();
  await expect(name).toHaveAttribute('aria-invalid', 'true');
  await ada.page.keyboard.type('typed on');
  await expect(topic).toHaveValue('typed on');
  await expect(name).toHaveValue('desk');
  // Where it was not moved, it goes to what is wrong.
  await topic.press('Enter');
  await expect(name).toBeFocused();
});

/** As Safari does: a button that is pressed gets no focus. */
async function likeSafari(page: Page): Promise<void> {
  await page.addInitScript(() => {
    addEventListener('mousedown', (event) => {
      if ((event.target as Element).closest?.('button')) {
        event.preventDefault();
        (document.activeElement as HTMLElement | null)?.blur();
      }
    }, true);
  });
}

/** As browsers do that know none of the newer ways to place and to size. */
async function older(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const supports = CSS.supports.bind(CSS);
    CSS.supports = ((property: string, value?: string) =>
      !/field-sizing|position-area/.test(property) && (value === undefined ? supports(property) : supports(property, value))) as typeof CSS.supports;
    addEventListener('DOMContentLoaded', () => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('textarea { field-sizing: fixed !important } .menu, .picker { position-area: none !important; inset: 0; margin: auto !important }');
      document.adoptedStyleSheets = [sheet];
    });
  });
}

for (const [what, prepare] of [['no focus by pressing', likeSafari], ['no anchors', older]] as const) {
  test(`menus open beside what was pressed, and give the focus back: ${what}`, async ({ owner }) => {
    const ada = await owner();
    await prepare(ada.page);
    await ada.enter();
    for (const [name, menu] of [['Room menu', 'Room menu'], ['New room or message', 'New room or message']] as const) {
      const button = ada.page.getByRole('button', { name });
      await button.click();
      const box = ada.page.getByRole('menu', { name: menu });
      await expect(box).toBeVisible();
      const [at, it] = [await button.boundingBox(), await box.boundingBox()];
      if (!at || !it) throw new Error('not shown');
      expect(Math.abs(it.y - (at.y + at.height)), 'under it').toBeLessThan(16);
      expect(it.x).toBeLessThan(at.x + at.width);
      expect(it.x + it.width).toBeGreaterThan(at.x);
      await ada.page.keyboard.press('Escape');
      await expect(box).toBeHidden();
      await expect(button).toBeFocused();
    }
    await ada.page.getByRole('button', { name: 'Emoji' }).click();
    const picker = ada.page.getByRole('dialog', { name: 'Emoji' });
    await expect(picker).toBeVisible();
    const [field, box] = [await ada.field.boundingBox(), await picker.boundingBox()];
    if (!field || !box) throw new Error('not shown');
    expect(box.height).toBeLessThan(500);
    expect(box.y + box.height, 'over the composer').toBeLessThan(field.y + 8);
  });
}

test('the field grows with what is in it, where the style sheet cannot make it', async ({ owner }) => {
  const ada = await owner();
  await older(ada.page);
  await ada.enter();
  const height = async (): Promise<number> => (await ada.field.boundingBox())?.height ?? 0;
  const one = await height();
  await ada.field.pressSequentially('one');
  await ada.field.press('Shift+Enter');
  await expect.poll(height).toBeGreaterThan(one + 15);
  const two = await height();
  await ada.field.pressSequentially('two');
  expect(await height()).toBe(two);
  await ada.field.fill('word '.repeat(80));
  await expect.poll(height).toBeGreaterThan(two + 15);
  await ada.field.fill('line\n'.repeat(200));
  expect(await height()).toBeLessThanOrEqual(0.4 * (ada.page.viewportSize()?.height ?? 0) + 1);
  await ada.field.fill('');
  await expect.poll(height).toBe(one);
  await ada.field.fill('a\nb\nc');
  await ada.field.press('Enter');
  await ada.stored('c');
  await expect.poll(height).toBe(one);
});

test('letting go of a long press chooses nothing', async ({ owner }) => {
  const ada = await owner('Ada Marlow', phone);
  await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await ada.post(1, 'Press me.');
  await ada.enter();
  const box = await ada.message('Press me.').boundingBox();
  if (!box) throw new Error('not shown');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const devtools = await ada.context.newCDPSession(ada.page);
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
  const menu = ada.page.getByRole('menu', { name: 'Message actions' });
  await expect(menu).toBeVisible();
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  const item = menu.getByRole('menuitem', { name: 'Copy the link' });
  await expect(item).toBeVisible();
  await expect(ada.page.getByText('Copied')).toHaveCount(0);
  await item.tap();
  await expect(menu).toBeHidden();
  await expect(ada.page.getByText('Copied')).toBeVisible();
});

for (const width of [320, 390]) {
  test(`toasts are inside a window of ${width} px, and can be touched`, async ({ owner, guest }) => {
    const ada = await owner('Ada Marlow', { ...phone, viewport: { width, height: 700 } });
    const wren = await guest(ada, 'Wren Fairchild');
    const desk = await ada.makeRoom('desk');
    await wren.api('POST', `/rooms/${desk}/members`, {});
    await ada.enter(`/rooms/${desk}`);
    await ada.page.bringToFront();
    await wren.post(1, `@Ada-Marlow ${'a-word-that-is-long'.repeat(6)} and more`);
    for (const name of ['Open', 'Close']) {
      const box = await ada.page.locator('.toast').getByRole('button', { name }).boundingBox();
      if (!box) throw new Error('not shown');
      expect(box.x).toBeGreaterThanOrEqual(0);
      // A box is counted in fractions of a pixel: 44 may be told as 43.99999.
      expect(Math.round(box.x + box.width)).toBeLessThanOrEqual(width);
      expect(Math.round(box.height)).toBeGreaterThanOrEqual(44);
    }
    await ada.page.locator('.toast').getByRole('button', { name: 'Open' }).tap();
    await expect(ada.page).toHaveURL(/\/rooms\/1$/);
  });
}

test('files that are dropped or pasted do not replace the page; it says what it can', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  const told = ada.page.getByText('Files and pictures cannot be sent yet.');
  const kept = await ada.page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['x'], 'x.png', { type: 'image/png' }));
    const over = new DragEvent('dragover', { dataTransfer: data, bubbles: true, cancelable: true });
    const drop = new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true });
    document.body.dispatchEvent(over);
    document.querySelector('article, main')?.dispatchEvent(drop);
    return over.defaultPrevented && drop.defaultPrevented;
  });
  expect(kept).toBe(true);
  await expect(told).toBeVisible();
  await ada.page.getByRole('button', { name: 'Close' }).click();
  await expect(told).toHaveCount(0);
  await ada.field.evaluate((field) => {
    const data = new DataTransfer();
    data.items.add(new File(['x'], 'x.png', { type: 'image/png' }));
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(told).toBeVisible();
  // Words are words.
  await ada.field.evaluate((field) => {
    const data = new DataTransfer();
    data.setData('text/plain', 'a word');
    field.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await expect(told).toHaveCount(1);
});

test('copying works where there is no clipboard, as on plain http', async ({ owner }) => {
  const ada = await owner();
  await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await ada.context.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  const seq = await ada.post(1, 'Link to me.');
  await ada.enter();
  await ada.message('Link to me.').focus();
  await ada.page.keyboard.press('l');
  await expect(ada.page.getByText('Copied')).toBeVisible();
  await expect(ada.message('Link to me.')).toBeFocused();
  await ada.field.focus();
  await ada.page.keyboard.press('Control+v');
  await expect(ada.field).toHaveValue(new RegExp(`/rooms/1\\?at=${seq}$`));
});

test('what the browser does not copy is shown selected, with the keys that copy it', async ({ owner }) => {
  const ada = await owner();
  await ada.context.addInitScript(() => {
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
    document.execCommand = () => false;
  });
  const seq = await ada.post(1, 'Link to me.');
  await ada.enter();
  const selected = (): Promise<string> =>
    ada.page.evaluate(() => {
      const field = document.activeElement as HTMLInputElement;
      return field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0);
    });
  await ada.message('Link to me.').focus();
  await ada.page.keyboard.press('l');
  const dialog = ada.page.getByRole('dialog', { name: 'Copy it yourself' });
  await expect(dialog.getByRole('textbox', { name: /Ctrl\+C/ })).toBeFocused();
  await expect.poll(selected).toMatch(new RegExp(`/rooms/1\\?at=${seq}$`));
  await ada.page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(ada.message('Link to me.')).toBeFocused();

  await ada.page.getByRole('button', { name: 'New room or message' }).click();
  await ada.page.getByRole('menuitem', { name: 'Invite people' }).click();
  await ada.page.getByRole('button', { name: 'Make the link' }).click();
  await ada.page.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(ada.page.getByText(/The browser did not copy it/)).toBeVisible();
  await expect.poll(selected).toMatch(/\/join\/.+/);
});
