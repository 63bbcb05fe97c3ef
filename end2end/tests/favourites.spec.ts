// Favourites: a group of their own at the top of the list of rooms, in one's own order.

import type { Person } from '../support/person';
import { expect, test } from '../support/test';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2, reducedMotion: 'reduce' } as const;

/** Chooses from the menu of the open room, by keys alone. */
async function choose(person: Person, does: string): Promise<void> {
  const { page } = person;
  await page.getByRole('button', { name: 'Room menu' }).focus();
  await page.keyboard.press('Enter');
  const item = page.getByRole('menuitem', { name: does, exact: true });
  await expect(item).toBeVisible();
  while (!(await item.and(page.locator(':focus')).count())) {
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
}

/** The names of the rows below the two lists of messages, from above. */
async function rows(person: Person): Promise<string[]> {
  return await person.rooms.locator('a.row[href^="/rooms/"] .name').allInnerTexts();
}

test('favourites stand first, in an order of one\'s own, on every page of the person, by keys alone', async ({ owner }) => {
  const ada = await owner();
  const rooms = new Map<string, number>([['general', 1]]);
  for (const name of ['desk', 'mast', 'studio']) {
    rooms.set(name, await ada.makeRoom(name));
  }
  await ada.enter();
  const { page } = ada;
  const other = await ada.context.newPage();
  await ada.enter('/', other);
  const there = other.getByRole('navigation', { name: 'Rooms' }).locator('a.row[href^="/rooms/"] .name');
  expect(await rows(ada)).toEqual(['desk', 'general', 'mast', 'studio']);
  await expect(ada.rooms.getByRole('heading', { name: 'Favourites' })).toHaveCount(0);

  for (const name of ['studio', 'mast', 'general']) {
    await ada.row(name).click();
    await choose(ada, 'Add to favourites');
    await expect(ada.row(name).locator('xpath=ancestor::ul/preceding-sibling::div[1]')).toContainText('Favourites');
  }
  expect(await rows(ada)).toEqual(['studio', 'mast', 'general', 'desk']);
  await expect(there).toHaveText(['studio', 'mast', 'general', 'desk'], { timeout: 1_000 });

  await choose(ada, 'Move up');
  await expect.poll(() => rows(ada)).toEqual(['studio', 'general', 'mast', 'desk']);
  await choose(ada, 'Move up');
  await expect.poll(() => rows(ada)).toEqual(['general', 'studio', 'mast', 'desk']);
  await page.getByRole('button', { name: 'Room menu' }).click();
  await expect(page.getByRole('menuitem', { name: 'Move down' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: 'Move up' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await choose(ada, 'Move down');
  await expect.poll(() => rows(ada)).toEqual(['studio', 'general', 'mast', 'desk']);
  await expect(there).toHaveText(['studio', 'general', 'mast', 'desk'], { timeout: 1_000 });

  // The keys that lead from room to room follow the list.
  await page.keyboard.press('Alt+ArrowDown');
  await expect(page).toHaveURL(new RegExp(`/rooms/${rooms.get('mast')}$`));
  await page.keyboard.press('Alt+ArrowDown');
  await expect(page).toHaveURL(new RegExp(`/rooms/${rooms.get('desk')}$`));

  await page.reload();
  await expect.poll(() => rows(ada)).toEqual(['studio', 'general', 'mast', 'desk']);
  await ada.row('general').click();
  await choose(ada, 'Remove from favourites');
  await expect.poll(() => rows(ada)).toEqual(['studio', 'mast', 'desk', 'general']);
});

test('favourites that stand by the alphabet get an order when one is moved', async ({ owner }) => {
  const ada = await owner();
  const ids = [1];
  for (const name of ['desk', 'mast']) {
    ids.push(await ada.makeRoom(name));
  }
  for (const id of ids) {
    const answer = await ada.context.request.put(`${ada.origin}/api/v1/rooms/${id}/me`, { headers: { origin: ada.origin }, data: { favourite: true } });
    expect(answer.ok()).toBe(true);
  }
  await ada.enter(`/rooms/${ids[2]}`);
  expect(await rows(ada)).toEqual(['desk', 'general', 'mast']);
  await choose(ada, 'Move up');
  await expect.poll(() => rows(ada)).toEqual(['desk', 'mast', 'general']);
});

test('a favourite is dragged to its place, a line shows where it goes, and Escape leaves all as it was', async ({ owner }) => {
  const ada = await owner();
  const ids = [1];
  for (const name of ['desk', 'mast', 'studio']) {
    ids.push(await ada.makeRoom(name));
  }
  for (const [order, id] of ids.entries()) {
    await ada.context.request.put(`${ada.origin}/api/v1/rooms/${id}/me`, { headers: { origin: ada.origin }, data: { favourite: true, order } });
  }
  const aside = await ada.makeRoom('aside');
  await ada.enter(`/rooms/${aside}`);
  const { page } = ada;
  const other = await ada.context.newPage();
  await ada.enter('/', other);
  const there = other.getByRole('navigation', { name: 'Rooms' }).locator('a.row[href^="/rooms/"] .name');
  await expect.poll(() => rows(ada)).toEqual(['general', 'desk', 'mast', 'studio', 'aside']);
  /** Holds a row with the mouse over another one: in its upper part, or in its lower. */
  const drag = async (from: string, to: string, part: number): Promise<void> => {
    await ada.row(from).hover();
    await page.mouse.down();
    const over = await ada.row(to).boundingBox();
    expect(over).not.toBeNull();
    if (over) {
      await page.mouse.move(over.x + 40, over.y + over.height * 0.5, { steps: 4 });
      await page.mouse.move(over.x + 40, over.y + over.height * part, { steps: 2 });
    }
  };
  const line = page.locator('.drop-before, .drop-after');
  await drag('studio', 'desk', 0.2);
  await expect(line).toHaveCount(1);
  await expect(ada.row('desk')).toHaveClass(/drop-before/);
  await page.mouse.up();
  await expect.poll(() => rows(ada)).toEqual(['general', 'studio', 'desk', 'mast', 'aside']);
  await expect(there).toHaveText(['general', 'studio', 'desk', 'mast', 'aside']);
  await expect(line).toHaveCount(0);

  await drag('general', 'mast', 0.8);
  await expect(ada.row('mast')).toHaveClass(/drop-after/);
  await page.keyboard.press('Escape');
  await expect(line).toHaveCount(0);
  await page.mouse.up();
  // A room that is no favourite takes none, and is not dragged.
  await drag('general', 'aside', 0.8);
  await expect(line).toHaveCount(0);
  await page.mouse.up();
  await drag('aside', 'general', 0.2);
  await expect(line).toHaveCount(0);
  await page.mouse.up();
  await drag('general', 'mast', 0.8);
  await page.mouse.up();
  await expect.poll(() => rows(ada)).toEqual(['studio', 'desk', 'mast', 'general', 'aside']);
  await expect(page, 'a drag opens no room').toHaveURL(new RegExp(`/rooms/${aside}$`));
});

test('a person and a room on a phone', async ({ owner, guest }) => {
  const ada = await owner('Ada Marlow', phone);
  const wren = await guest(ada, 'Wren Fairchild');
  const { user } = await wren.api<{ user: { id: number } }>('GET', '/users/me');
  const { room } = await ada.api<{ room: { id: number } }>('POST', '/direct', { users: [user.id] });
  await ada.post(room.id, 'Psst.');
  await ada.enter(`/rooms/${room.id}`);
  const { page } = ada;
  await page.getByRole('button', { name: 'Room menu' }).tap();
  await page.getByRole('menuitem', { name: 'Add to favourites' }).tap();
  await page.getByRole('link', { name: 'Back to rooms' }).tap();
  await expect(ada.rooms.getByRole('heading', { name: 'Favourites' })).toBeVisible();
  await expect.poll(() => rows(ada)).toEqual(['Wren Fairchild', 'general']);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});
