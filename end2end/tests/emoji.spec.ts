// Emoji: their codes in the composer, and the choice of them.

import { type Locator, type Page, devices } from '@playwright/test';

import type { Person } from '../support/person';
import { expect, test } from '../support/test';
import { status } from '../support/watch';

const TABLE = '**/emoji.*txt';

function offers(person: Person): Locator {
  return person.page.getByRole('listbox', { name: 'Names that fit' }).getByRole('option');
}

function cells(picker: Locator): Locator {
  return picker.getByRole('gridcell');
}

/** The table does not come, until what this gives is called. */
async function broken(page: Page): Promise<() => Promise<void>> {
  await page.route(TABLE, (route) => route.fulfill({ status: 503, body: 'no' }));
  return () => page.unroute(TABLE);
}

test('an emoji is offered by its code, its names and other words, and taken with the keyboard', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  const fetched: string[] = [];
  ada.page.on('request', (request) => {
    if (request.url().includes('/emoji.')) fetched.push(request.url());
  });
  await ada.field.pressSequentially('done :t');
  await expect(offers(ada)).toHaveCount(0);
  expect(fetched, 'nothing is fetched before it is needed').toEqual([]);
  await ada.field.pressSequentially('a');
  await expect(offers(ada).first()).toHaveText(/🎉:tada:拉炮彩带/);
  await expect(offers(ada).first().locator('mark').first()).toHaveText('ta');
  await expect(offers(ada)).toHaveCount(8);
  await expect(ada.field).toHaveAttribute('aria-activedescendant', (await offers(ada).first().getAttribute('id')) ?? '');
  await ada.field.press('Enter');
  await expect(ada.field).toHaveValue('done 🎉');
  await expect(ada.log.getByRole('article')).toHaveCount(0);
  // In Chinese, by other words, and with Tab.
  await ada.field.pressSequentially(' :庆祝');
  await expect(offers(ada).first()).toContainText('🎉');
  await ada.field.press('ArrowDown');
  const second = await offers(ada).nth(1).locator('.emoji').textContent();
  await ada.field.press('Tab');
  await expect(ada.field).toHaveValue(`done 🎉 ${second}`);
  await ada.field.fill('');
  await ada.field.pressSequentially(':woohoo');
  await expect(offers(ada).first()).toHaveText(/🎉.*woohoo/);
  // A code that is typed to its end becomes its emoji; Escape leaves what is typed.
  await ada.field.fill('');
  await ada.field.pressSequentially('yes :+1:');
  await expect(ada.field).toHaveValue('yes 👍');
  await ada.field.fill('');
  await ada.field.pressSequentially(':ta');
  await ada.field.press('Escape');
  await ada.field.pressSequentially('da:');
  await ada.field.press('Enter');
  await expect(ada.message(':tada:')).toHaveCount(1);
  expect(fetched).toHaveLength(1);
  expect(fetched[0]).toMatch(/\/emoji(\.[0-9a-f]{16})?\.txt$/);
});

test('a time, an address, code and an input method that composes are offered nothing', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  await ada.field.pressSequentially(':ta');
  await expect(offers(ada)).toHaveCount(8);
  for (const text of ['at 10:30ta', 'https://tada', 'note:tada', '状态:tada', '状态：tada', '`let a :ta', 'std::tada', ':30']) {
    await ada.field.fill('');
    await ada.field.pressSequentially(text);
    await expect(offers(ada), text).toHaveCount(0);
  }
  await ada.field.fill('');
  await ada.field.pressSequentially('```');
  await ada.field.press('Shift+Enter');
  await ada.field.pressSequentially(':ta');
  await expect(offers(ada)).toHaveCount(0);
  await ada.field.fill('');
  await ada.field.focus();
  const devtools = await ada.page.context().newCDPSession(ada.page);
  await devtools.send('Input.imeSetComposition', { text: ':qing', selectionStart: 5, selectionEnd: 5 });
  await expect(ada.field).toHaveValue(':qing');
  await expect(offers(ada)).toHaveCount(0);
  await devtools.send('Input.insertText', { text: ':庆祝' });
  await expect(offers(ada).first()).toContainText('🎉');
  await expect(ada.log.getByRole('article')).toHaveCount(0);
});

test('emoji that did not come are said, and tried again at the next use', async ({ owner }) => {
  const ada = await owner();
  ada.watch.expect(status(503), status(503));
  await ada.enter();
  const mend = await broken(ada.page);
  await ada.field.pressSequentially(':ta');
  await expect(ada.page.getByText('Emoji could not be loaded.')).toBeVisible();
  // What is typed is sent as it is.
  await ada.field.press('Enter');
  await expect(ada.message(':ta')).toHaveCount(1);
  await ada.page.getByRole('button', { name: 'Emoji' }).click();
  const picker = ada.page.getByRole('dialog', { name: 'Emoji' });
  await expect(picker.getByRole('alert')).toHaveText(/Emoji could not be loaded/);
  await mend();
  await picker.getByRole('button', { name: 'Try again' }).click();
  await expect(cells(picker)).toHaveCount(27);
  await expect(picker.getByRole('combobox')).toBeFocused();
  await ada.page.keyboard.press('Escape');
  await expect(picker).toBeHidden();
  await ada.field.fill('');
  await ada.field.pressSequentially(':ta');
  await expect(offers(ada).first()).toContainText('🎉');
});

test('the picker: looked for, walked, chosen with the keyboard, and remembered', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await wren.post(1, 'Who has the key?');
  await ada.enter();
  await ada.page.getByRole('button', { name: 'Emoji' }).click();
  const picker = ada.page.getByRole('dialog', { name: 'Emoji' });
  const find = picker.getByRole('combobox', { name: 'Search emoji' });
  await expect(find).toBeFocused();
  await expect(cells(picker)).toHaveCount(27);
  const { keyboard } = ada.page;
  const chosen = picker.getByRole('gridcell', { selected: true });
  await expect(chosen).toHaveText('👍');
  await expect(find).toHaveAttribute('aria-activedescendant', (await chosen.getAttribute('id')) ?? '');
  await keyboard.press('ArrowDown');
  await keyboard.press('ArrowRight');
  await expect(chosen).toHaveText(await cells(picker).nth(10).innerText());
  await keyboard.press('ArrowLeft');
  await keyboard.press('ArrowUp');
  await keyboard.press('ArrowUp');
  await expect(chosen).toHaveText('👍');
  await keyboard.type('庆祝');
  await expect(chosen).toHaveText('🎉');
  await keyboard.press('Control+a');
  await keyboard.type('fox');
  await expect(chosen).toHaveText('🦊');
  await expect(picker.getByText(':fox_face:')).toBeVisible();
  await keyboard.press('Enter');
  await expect(picker).toBeHidden();
  await expect(ada.field).toHaveValue('🦊');
  await expect(ada.field).toBeFocused();
  await ada.field.fill('');

  // Groups with the arrows, a tone, and a reaction in it.
  await ada.page.keyboard.press('Shift+F6');
  await keyboard.press('Home');
  await expect(ada.message('Who has the key?')).toBeFocused();
  await keyboard.press('+');
  const react = ada.page.getByRole('dialog', { name: 'React' });
  await expect(cells(react).first()).toHaveText('🦊');
  await expect(react.getByRole('combobox')).toBeFocused();
  await keyboard.press('Tab');
  await expect(react.getByRole('tab', { name: 'often used' })).toBeFocused();
  await keyboard.press('ArrowRight');
  await keyboard.press('ArrowRight');
  await expect(react.getByRole('tab', { name: 'people', selected: true })).toBeFocused();
  await expect(cells(react).first()).toHaveText('👋');
  // What scrolls is a stop of the browser's own.
  await keyboard.press('Tab');
  await expect(react.getByRole('grid', { name: 'people' })).toBeFocused();
  await keyboard.press('Tab');
  await expect(react.getByRole('radio', { name: 'no skin tone' })).toBeFocused();
  await keyboard.press('ArrowRight');
  await expect(cells(react).first()).toHaveText('👋🏻');
  await cells(react).first().click();
  await expect(ada.message('Who has the key?').getByRole('button', { name: '👋🏻, 1 person, you too' })).toHaveCount(1);
  // After a reload both are as they were.
  await ada.enter();
  await ada.page.getByRole('button', { name: 'Emoji' }).click();
  await expect(cells(picker)).toHaveCount(27);
  await expect(cells(picker).first()).toHaveText('👋🏻');
  await expect(cells(picker).nth(1)).toHaveText('🦊');
  await expect(picker.getByRole('radio', { name: 'light skin tone', exact: true })).toBeChecked();
  await find.fill('xyzzy');
  await expect(picker.getByRole('status')).toContainText('xyzzy');
  await keyboard.press('Escape');
  await expect(picker).toBeHidden();
});

test('every group opens at once, and draws a bounded part', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  await ada.page.getByRole('button', { name: 'Emoji' }).click();
  const picker = ada.page.getByRole('dialog', { name: 'Emoji' });
  await expect(cells(picker)).toHaveCount(27);
  await ada.page.keyboard.press('Escape');
  await expect(picker).toBeHidden();
  const took = await ada.page.evaluate(async () => {
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now()))));
    const began = performance.now();
    document.querySelector<HTMLElement>('.btns [aria-haspopup=dialog]')?.click();
    const opened = (await frame()) - began;
    const tabs = [...document.querySelectorAll<HTMLElement>('#picker [role=tab]')];
    const groups: [string, number, number][] = [];
    for (const tab of tabs) {
      const at = performance.now();
      tab.click();
      groups.push([tab.title, (await frame()) - at, document.querySelectorAll('#picker [role=gridcell]').length]);
    }
    return { opened, groups };
  });
  console.log(`opened in ${took.opened.toFixed(0)} ms; ${took.groups.map(([name, ms, count]) => `${name}: ${count} in ${ms.toFixed(0)} ms`).join(', ')}`);
  expect(took.groups).toHaveLength(9);
  for (const [name, , count] of took.groups) {
    expect(count, name).toBeGreaterThan(20);
    expect(count, name).toBeLessThan(400);
  }
});

test('on a phone the picker is a sheet over the width, and nothing of it is cut off', async ({ owner }) => {
  const ada = await owner('Ada Marlow', { ...devices['iPhone SE'], defaultBrowserType: undefined } as never);
  await ada.page.setViewportSize({ width: 320, height: 568 });
  await ada.enter();
  await ada.page.getByRole('button', { name: 'Emoji' }).tap();
  const picker = ada.page.getByRole('dialog', { name: 'Emoji' });
  await expect(cells(picker)).toHaveCount(27);
  const box = await picker.boundingBox();
  expect(box?.x).toBe(0);
  expect(box?.width).toBe(320);
  expect((box?.y ?? -1) + (box?.height ?? 0)).toBe(568);
  expect(box?.y).toBeGreaterThan(0);
  const wide = await picker.evaluate((it) => [...it.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > 320.5).length);
  expect(wide).toBe(0);
  await expect(picker.getByRole('combobox')).not.toBeFocused();
  await picker.getByRole('tab', { name: 'nature' }).tap();
  await cells(picker).first().tap();
  await expect(picker).toBeHidden();
  await expect(ada.field).toHaveValue(/^\p{Emoji}$/u);
});
