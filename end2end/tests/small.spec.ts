// Small things that people ran into.

import { expect, test } from '../support/test';

test.use({ settings: { HUBBUB_SEND_PER_S: '0', HUBBUB_HTTP_PER_S_ADDRESS: '0', HUBBUB_DURABILITY: 'normal' } });

test('a private room is called by its name alone, and a menu of one row has no line over it', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const board = await ada.makeRoom('board', 'private');
  await ada.enter(`/rooms/${board}`);
  await expect(ada.field).toHaveAccessibleName('Write to board');
  // What only its author or a moderator may do is not in another's menu, nor the line before it.
  await ada.post(1, 'Not yours.');
  await wren.enter();
  await wren.message('Not yours.').focus();
  await wren.page.keyboard.press('.');
  const menu = wren.page.getByRole('menu', { name: 'Message actions' });
  await expect(menu.getByRole('menuitem').last()).toHaveAccessibleName('Pin');
  await expect(menu.getByRole('separator')).toHaveCount(0);
  await wren.page.keyboard.press('Escape');
  await wren.page.getByRole('button', { name: 'Room menu' }).click();
  const room = wren.page.getByRole('menu', { name: 'Room menu' });
  await expect(room.getByRole('menuitem')).not.toHaveCount(0);
  await expect(room.locator('hr:first-child, hr + hr')).toHaveCount(0);
});

test('in forced colours one\'s own reaction has a frame that others\' have not', async ({ owner, guest }) => {
  const ada = await owner('Ada Marlow', { forcedColors: 'active' });
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.post(1, 'React to me.');
  await wren.enter();
  await wren.message('React to me.').hover();
  await wren.message('React to me.').getByRole('button', { name: 'React with thumbs up' }).click();
  await ada.enter();
  const reaction = ada.message('React to me.').getByRole('button', { name: /^👍/ });
  const outline = (): Promise<string> => reaction.evaluate((one) => getComputedStyle(one).outlineStyle);
  await expect(reaction).toHaveAttribute('aria-pressed', 'false');
  expect(await outline()).toBe('none');
  await reaction.click();
  await expect(reaction).toHaveAttribute('aria-pressed', 'true');
  await ada.field.focus();
  expect(await outline()).toBe('solid');
});

test('the ring of the focus stands inside of the list of rooms', async ({ owner }) => {
  const ada = await owner();
  await ada.makeRoom('desk');
  await ada.enter();
  await ada.row('general').focus();
  await ada.page.keyboard.press('ArrowDown');
  await ada.page.keyboard.press('ArrowUp');
  const row = ada.rooms.locator('a:focus-visible');
  await expect(row).toHaveCount(1);
  const [offset, width] = await row.evaluate((one) => {
    const style = getComputedStyle(one);
    return [parseFloat(style.outlineOffset), parseFloat(style.outlineWidth)];
  });
  expect((offset ?? 0) + (width ?? 0), 'how far it stands out').toBeLessThanOrEqual(0);
});

test('without scripts older messages are behind a link', async ({ owner, visitor }) => {
  const ada = await owner();
  for (let n = 1; n <= 120; n++) await ada.post(1, `Line ${n}.`);
  const plain = await visitor({ javaScriptEnabled: false, storageState: await ada.context.storageState() });
  await plain.page.goto('/rooms/1');
  await expect(plain.message('Line 120.')).toHaveCount(1);
  await expect(plain.message(/Line 20\./)).toHaveCount(0);
  for (let page = 0; page < 3 && (await plain.message(/Line 20\./).count()) === 0; page++) {
    await plain.page.getByRole('link', { name: 'Older messages' }).click();
  }
  await expect(plain.message(/Line 20\./)).toHaveCount(1);
});

test('the number of people is told once it is known, and never as none', async ({ owner, guest }) => {
  const ada = await owner();
  await guest(ada, 'Wren Fairchild');
  const desk = await ada.makeRoom('desk');
  await ada.enter();
  await expect(ada.page.getByRole('link', { name: 'People, 2' })).toBeVisible();
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await ada.page.route(`**/rooms/${desk}/members*`, async (route) => {
    await held;
    await route.continue();
  });
  // What is told at any time, however short.
  await ada.page.evaluate(() => {
    const seen = new Set<string>();
    const look = (): void => {
      for (const one of document.querySelectorAll('a[href$="/people"]')) {
        seen.add(`${one.getAttribute('aria-label')} ${one.textContent}`);
      }
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    Object.assign(window, { seen });
  });
  await ada.row('desk').click();
  await expect(ada.page.getByRole('heading', { level: 2, name: 'desk', exact: true })).toBeVisible();
  await expect(ada.page.getByRole('link', { name: 'People', exact: true })).toBeVisible();
  release();
  await expect(ada.page.getByRole('link', { name: 'People, 1' })).toBeVisible();
  const seen = await ada.page.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen]);
  expect(seen).not.toEqual([]);
  expect(seen.filter((says) => /\b0\b/.test(says))).toEqual([]);
});
