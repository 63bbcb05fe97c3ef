// A room with more people than a page draws, or knows of.

import { type Locator } from '@playwright/test';

import { crowd, type Extra } from '../support/crowd';
import { PASSWORD, type Person } from '../support/person';
import { expect, test } from '../support/test';

const COUNT = 3000;

/** A handle for somebody of the crowd: `1`, `0` and some letters look like others. */
function handle(at: number): string {
  return `x${[...String(at)].map((digit) => 'abcdefghjk'[Number(digit)]).join('')}`;
}

/** The crowd, in the order of the list. */
function extras(count: number): Extra[] {
  return Array.from({ length: count }, (_, at) => ({ name: handle(at + 1), shown: `Crowd ${at + 1}` }));
}

/** How many elements the pane of the people is. */
function elements(people: Locator): Promise<number> {
  return people.evaluate((pane) => pane.querySelectorAll('*').length);
}

function row(person: Person, name: string): Locator {
  return person.people.getByRole('button', { name: new RegExp(`^${name} ?, `) });
}

test('three thousand people are a list of a few rows, by wheel, by keys and by name', async ({ owner, server }) => {
  const ada = await owner();
  await crowd(server, extras(COUNT - 1));
  await ada.enter();
  const { people, page } = ada;
  const list = people.getByRole('group', { name: 'Members' });

  // The number is the server's, from the first moment; rows are drawn around the view only.
  await expect(ada.page.getByRole('link', { name: 'People, 3,000' })).toBeVisible();
  await expect(people.getByText('Offline · 2,999')).toBeVisible();
  await expect(row(ada, 'Crowd 1')).toBeVisible();
  // All are loaded in a while, and sorted by the worth of their numbers.
  await expect(row(ada, 'Crowd 2')).toHaveCount(1);
  await expect(async () => {
    await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await expect(row(ada, 'Crowd 2999')).toBeInViewport({ timeout: 500 });
  }).toPass();
  expect(await elements(people)).toBeLessThan(1500);
  const height = await list.evaluate((element) => element.scrollHeight);
  expect(height).toBeGreaterThan(2999 * 44);
  expect(height).toBeLessThan(2999 * 44 + 300);

  // Half way: the row that stands there, and none of those at the ends.
  await list.evaluate((element) => element.scrollTo(0, 1500 * 44));
  await expect(row(ada, 'Crowd 1500')).toBeInViewport();
  await expect(row(ada, 'Crowd 2999')).toHaveCount(0);
  const place = people.getByRole('listitem').filter({ hasText: 'Crowd 1500' });
  await expect(place).toHaveAttribute('aria-posinset', '1500');
  await expect(place).toHaveAttribute('aria-setsize', '2999');
  expect(await elements(people)).toBeLessThan(1500);

  // One stop for Tab; the keys walk on from it, to any of them.
  await expect(list.locator('[tabindex="0"], button:not([tabindex])')).toHaveCount(1);
  await row(ada, 'Crowd 1500').focus();
  await page.keyboard.press('ArrowDown');
  await expect(row(ada, 'Crowd 1501')).toBeFocused();
  await page.keyboard.press('End');
  await expect(row(ada, 'Crowd 2999')).toBeFocused();
  await expect(row(ada, 'Crowd 2999')).toBeInViewport();
  await page.keyboard.press('Home');
  await expect(people.locator(':focus')).toContainText('Ada Marlow');
  await page.keyboard.press('c');
  await expect(row(ada, 'Crowd 1')).toBeFocused();

  // The focus stays on a row that is scrolled far out of the view, and goes on from there.
  await list.evaluate((element) => element.scrollTo(0, 2000 * 44));
  await expect(row(ada, 'Crowd 2000')).toBeInViewport();
  await expect(row(ada, 'Crowd 1')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(row(ada, 'Crowd 2')).toBeFocused();
  await expect(row(ada, 'Crowd 2')).toBeInViewport();

  const find = people.getByRole('searchbox', { name: 'Find people' });
  await find.fill('crowd 2718');
  await expect(people.getByRole('listitem')).toHaveCount(1);
  await expect(row(ada, 'Crowd 2718')).toBeVisible();
  await find.fill('zzz');
  await expect(people.getByText('Nothing found for "zzz".')).toBeVisible();
  await find.fill('');
  await expect(people.getByText('Offline · 2,999')).toBeVisible();
});

test('of twenty thousand people a part is loaded, the rest by scrolling and by name', async ({ owner, server }) => {
  const ada = await owner();
  await crowd(server, extras(19_999));
  const asked: string[] = [];
  ada.page.on('request', (request) => {
    if (request.url().includes('/members')) {
      asked.push(new URL(request.url()).search);
    }
  });
  await ada.enter();
  const { people } = ada;
  const list = people.getByRole('group', { name: 'Members' });
  await expect(ada.page.getByRole('link', { name: 'People, 20,000' })).toBeVisible();
  await expect(people.getByText('Offline · 19,999')).toBeVisible();
  const find = people.getByRole('searchbox', { name: 'Find people' });
  // Somebody who is not loaded.
  await find.fill(handle(19_876));
  await expect(row(ada, 'Crowd 19876')).toBeVisible();
  await find.fill('');
  const pages = (): number => asked.filter((query) => query.includes('cursor')).length;
  await expect.poll(pages).toBeGreaterThanOrEqual(24);
  await expect.poll(async () => {
    const before = pages();
    await ada.texts(1);
    await ada.texts(1);
    await ada.texts(1);
    return pages() - before;
  }).toBe(0);
  expect(pages()).toBeLessThan(60);
  await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(row(ada, 'Crowd 19999')).toBeInViewport({ timeout: 20_000 });
  expect(await elements(people)).toBeLessThan(1500);
});

test('whoever comes and goes is counted, without the list being loaded again', async ({ owner, guest, server }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await crowd(server, extras(298));
  await ada.enter();
  await expect(ada.page.getByRole('link', { name: 'People, 300' })).toBeVisible();
  // All are loaded: the last of them is there.
  await ada.people.getByRole('group').evaluate((list) => list.scrollTo(0, list.scrollHeight));
  await expect(row(ada, 'Wren Fairchild')).toBeInViewport();
  const asked: string[] = [];
  ada.page.on('request', (request) => asked.push(new URL(request.url()).href));
  const { user } = await wren.api<{ user: { id: number } }>('GET', '/users/me');
  await wren.api('DELETE', `/rooms/1/members/${user.id}`);
  await expect(ada.page.getByRole('link', { name: 'People, 299' })).toBeVisible();
  await wren.api('POST', '/rooms/1/members', {});
  await expect(ada.page.getByRole('link', { name: 'People, 300' })).toBeVisible();
  await ada.people.getByRole('searchbox').fill('wren');
  await expect(row(ada, 'Wren Fairchild')).toBeVisible();
  expect(asked.filter((url) => url.includes('/members') && !url.includes('q='))).toEqual([]);
});

test('whoever is beyond the people that came with the page has a name and an avatar at once', async ({ owner, visitor, server }) => {
  const ada = await owner();
  await crowd(server, extras(450));
  const seq = await ada.post(1, 'The mast is up.');
  await ada.enter();
  const far = await visitor();
  await far.api('POST', '/sessions', { name: handle(431), password: PASSWORD, device: 'a-device-of-the-tests' });
  // What stands where somebody is not known is seen at no time, however short.
  await ada.page.evaluate(() => {
    const seen: string[] = [];
    const look = (): void => {
      for (const one of document.querySelectorAll('#timeline, .typing, .toasts')) {
        const text = one.textContent ?? '';
        if (/…\d|Someone|\?/.test(text)) {
          seen.push(text);
        }
      }
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    Object.assign(window, { seen });
  });
  const answer = await far.post(1, 'Well done.', { reply_to: seq });
  const said = ada.log.getByRole('article').filter({ has: ada.page.getByText('Well done.', { exact: true }) }).first();
  await expect(said).toHaveAccessibleName(/Crowd 431/);
  await expect(said.getByRole('heading', { name: 'Crowd 431' })).toBeVisible();
  await expect(said.locator('.avatar').first()).toHaveText(/\S/);
  // Quoted by another one of them.
  const other = await visitor();
  await other.api('POST', '/sessions', { name: handle(444), password: PASSWORD, device: 'a-device-of-the-tests' });
  await other.post(1, 'It was not easy', { reply_to: answer });
  await expect(ada.message('It was not easy').locator('.quote')).toContainText('Crowd 431');
  await expect(ada.message('It was not easy')).toHaveAccessibleName(/Crowd 444/);
  expect(await ada.page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual([]);
  // One who types, and reacts, with a page of their own.
  const third = await visitor();
  await third.form('/sign-in', { name: handle(422), password: PASSWORD });
  await third.enter();
  await third.field.pressSequentially('I was');
  await expect(ada.page.locator('.typing')).toContainText('Crowd 422 is writing');
  await third.api('POST', '/rooms/1/messages', { id: crypto.randomUUID(), text: 'I was there too.' });
  await expect(ada.message('I was there too.')).toHaveAccessibleName(/Crowd 422/);
  await third.message('It was not easy').hover();
  await third.message('It was not easy').getByRole('button', { name: 'React', exact: true }).click();
  await third.page.getByRole('dialog', { name: 'React' }).getByRole('combobox').fill('thumbs up');
  await third.page.getByRole('dialog', { name: 'React' }).getByRole('gridcell').first().click();
  await expect(ada.message('It was not easy').getByRole('button', { name: /👍, 1/ })).toBeVisible();
  expect(await ada.page.evaluate(() => (window as unknown as { seen: string[] }).seen)).toEqual([]);
});
