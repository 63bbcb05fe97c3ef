// A whole conversation without a mouse.

import { expect, test } from '../support/test';

test('from the sign-in page to a reply, by keys alone', async ({ visitor, owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.makeRoom('desk');
  await wren.post(1, 'Who has the key?');

  const keys = await visitor();
  const { keyboard } = keys.page;
  const tabTo = async (name: string | RegExp, most = 40): Promise<void> => {
    for (let presses = 0; presses < most; presses++) {
      await keyboard.press('Tab');
      const focused = keys.page.locator(':focus');
      const found = await keys.page
        .getByRole('button', { name })
        .or(keys.page.getByRole('textbox', { name }))
        .or(keys.page.getByRole('link', { name }))
        .and(focused)
        .count();
      if (found) {
        return;
      }
    }
    throw new Error(`Tab does not lead to ${String(name)}`);
  };
  await keys.page.goto('/sign-in');
  await tabTo('Name');
  await keyboard.type('ada-marlow');
  await tabTo('Password');
  await keyboard.type('a sentence is the best password');
  const welcomed = keys.welcome();
  await keyboard.press('Enter');
  await welcomed;

  // Alt and the arrows walk the rooms.
  await keyboard.press('Alt+ArrowDown');
  await expect(keys.page).toHaveTitle(/desk · Hubbub/);
  await keyboard.press('Alt+ArrowDown');
  await expect(keys.page).toHaveTitle(/general · Hubbub/);
  await expect(keys.field).toBeFocused();
  await keyboard.type('Is it the small one?');
  await keyboard.press('Enter');
  await keys.stored('Is it the small one?');

  // F6 walks the panes, arrows the messages.
  await keyboard.press('Shift+F6');
  await expect(keys.log).toBeFocused();
  await keyboard.press('ArrowUp');
  await expect(keys.message('Is it the small one?')).toBeFocused();
  await keyboard.press('k');
  await expect(keys.message('Who has the key?')).toBeFocused();
  await keyboard.press('r');
  await expect(keys.page.getByText('Replying to Wren Fairchild')).toBeVisible();
  await expect(keys.field).toBeFocused();
  await keyboard.press('Escape');
  await expect(keys.page.getByText('Replying to')).toHaveCount(0);
  await keyboard.type('I do not.');
  await keyboard.press('Enter');
  await keys.stored('I do not.');

  // React, with the grid of emoji.
  await keyboard.press('Shift+F6');
  await keyboard.press('Home');
  await expect(keys.message('Who has the key?')).toBeFocused();
  await keyboard.press('+');
  const picker = keys.page.getByRole('dialog', { name: 'React' });
  await expect(picker.getByRole('combobox')).toBeFocused();
  await expect(picker.getByRole('gridcell').first()).toHaveText('👍');
  await keyboard.press('ArrowRight');
  await keyboard.press('Enter');
  await expect(keys.message('Who has the key?').getByRole('button', { name: '👎, 1 person, you too' })).toHaveCount(1);
  await expect(keys.message('Who has the key?')).toBeFocused();

  // Edit and delete one's own.
  await keyboard.press('End');
  await expect(keys.message('I do not.')).toBeFocused();
  await keyboard.press('e');
  await expect(keys.field).toHaveValue('I do not.');
  await keyboard.press('Control+a');
  await keyboard.type('Not me.');
  await keyboard.press('Enter');
  await expect(keys.message('Not me.')).toContainText('edited');
  await keyboard.press('Shift+F6');
  await keyboard.press('End');
  await keyboard.press('Delete');
  await expect(keys.page.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await expect(keys.message('Deleted by its author')).toHaveCount(1);
});

test('the menu of a message: arrows, Escape gives the focus back', async ({ owner }) => {
  const ada = await owner();
  await ada.post(1, 'A message.');
  await ada.enter();
  await ada.message('A message.').focus();
  await ada.page.keyboard.press('.');
  const menu = ada.page.getByRole('menu', { name: 'Message actions' });
  await expect(menu.getByRole('menuitem').first()).toBeFocused();
  await ada.page.keyboard.press('End');
  await expect(menu.getByRole('menuitem', { name: 'Delete' })).toBeFocused();
  await ada.page.keyboard.press('ArrowUp');
  await expect(menu.getByRole('menuitem', { name: 'Edit' })).toBeFocused();
  await ada.page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await expect(ada.message('A message.')).toBeFocused();
  await expect(ada.field).toHaveAccessibleName('Write to #general');
});

test('F6 walks all panes and comes round; the skip link leads to the composer', async ({ owner }) => {
  const ada = await owner();
  await ada.post(1, 'A message.');
  await ada.enter();
  const { keyboard } = ada.page;
  const skip = ada.page.getByRole('link', { name: 'Skip to the composer' });
  await expect(ada.field).toBeFocused();
  // The first stop of the page.
  await skip.focus();
  await keyboard.press('Shift+Tab');
  await keyboard.press('Tab');
  await expect(skip).toBeFocused();
  await keyboard.press('Enter');
  await expect(ada.field).toBeFocused();
  await keyboard.press('F6');
  await expect(ada.people.locator(':focus')).toHaveCount(1);
  await keyboard.press('F6');
  await expect(ada.row('general')).toBeFocused();
  await keyboard.press('F6');
  await expect(ada.log).toBeFocused();
  await keyboard.press('F6');
  await expect(ada.field).toBeFocused();
});

test('a switcher opened as a room comes leaves the focus in its field', async ({ owner }) => {
  const ada = await owner();
  await ada.makeRoom('desk');
  await ada.enter();
  // Pressed at the very moment when the field is the new room's, before anything else of that room has run.
  await ada.page.evaluate(() => {
    const press = new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true });
    const page = document.getElementById('composer')?.closest('main') ?? document.body;
    const seen = new MutationObserver(() => {
      if (document.querySelector('#composer[placeholder="Write to #desk"]')) {
        seen.disconnect();
        document.body.dispatchEvent(press);
      }
    });
    seen.observe(page, { attributes: true, childList: true, subtree: true });
  });
  await ada.row('desk').click();
  const dialog = ada.page.getByRole('dialog', { name: 'Go to or search' });
  await expect(dialog.getByRole('combobox')).toBeFocused();
  await ada.page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(ada.field).toBeFocused();
});

test('the focus can always be seen', async ({ owner }) => {
  const ada = await owner();
  await ada.post(1, 'A message.');
  await ada.enter();
  const unseen: string[] = [];
  for (let presses = 0; presses < 25; presses++) {
    await ada.page.keyboard.press('Tab');
    const says = await ada.page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) {
        return undefined;
      }
      // A field shows its focus on the box around it.
      const boxes = [element, element.parentElement, element.closest('.composer')].filter((box) => box !== null);
      const seen = boxes.some((box) => {
        const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(box);
        return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || boxShadow !== 'none' || !borderColor;
      });
      return seen ? undefined : element.outerHTML.slice(0, 120);
    });
    if (says) {
      unseen.push(says);
    }
  }
  expect(unseen).toEqual([]);
});

test('the toolbar of a message is one stop, and arrows walk it', async ({ owner }) => {
  const ada = await owner();
  await ada.post(1, 'A message.');
  await ada.enter();
  const { keyboard } = ada.page;
  await ada.message('A message.').focus();
  const toolbar = ada.message('A message.').getByRole('toolbar', { name: 'Message actions' });
  const focused = toolbar.locator(':focus');
  for (let presses = 0; presses < 4 && !(await focused.count()); presses++) {
    await keyboard.press('Tab');
  }
  await expect(toolbar.getByRole('button', { name: 'React with thumbs up' })).toBeFocused();
  await keyboard.press('ArrowRight');
  await keyboard.press('ArrowRight');
  await expect(toolbar.getByRole('button', { name: 'Reply' })).toBeFocused();
  await keyboard.press('Tab');
  await expect(ada.field).toBeFocused();
});
