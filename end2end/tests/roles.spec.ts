// People and roles: forms for owners and admins, with and without scripts, by keyboard alone, on a phone.

import { PASSWORD, type Person } from '../support/person';
import { expect, test } from '../support/test';
import { status } from '../support/watch';
import { standsOut } from '../support/width';

test.use({ settings: { HUBBUB_HTTP_PER_S_ADDRESS: '0' } });

async function idOf(person: Person): Promise<number> {
  const { user } = await person.api<{ user: { id: number } }>('GET', '/users/me');
  return user.id;
}

for (const javaScriptEnabled of [true, false]) {
  test(`a role, a ban and a reset link, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async ({ owner, guest, visitor }) => {
    const ada = await owner('Ada Marlow', { javaScriptEnabled });
    const wren = await guest(ada, 'Wren Fairchild');
    wren.watch.expect(status(401), status(403));
    const { page } = ada;
    await page.goto('/you');
    await page.getByRole('link', { name: 'People and roles' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('People and roles');
    await expect(page.getByText('2 people.')).toBeVisible();

    // In the list: with scripts the choice sends itself.
    const row = page.getByRole('row').filter({ hasText: '@Wren-Fairchild' });
    await row.getByLabel('Role of Wren Fairchild').selectOption('Moderator');
    if (!javaScriptEnabled) {
      await row.getByRole('button', { name: 'Save' }).click();
    }
    await expect(page.getByRole('status')).toHaveText('The role of Wren Fairchild is Moderator now.');
    await expect(row.getByLabel('Role of Wren Fairchild')).toHaveValue('moderator');
    expect((await wren.api<{ user: { role?: string } }>('GET', '/users/me')).user.role).toBe('moderator');

    // On their own page, with what each role may do.
    await row.getByRole('link', { name: 'More about Wren Fairchild' }).click();
    await page.getByRole('radio', { name: /^Admin/ }).check();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('status')).toHaveText('The role of Wren Fairchild is Admin now.');

    // A link that is shown once.
    await page.getByRole('button', { name: 'Make a reset link' }).click();
    const link = await page.getByLabel('Reset link').inputValue();
    await expect(page.getByRole('status').filter({ hasText: 'Shown once.' })).toBeVisible();
    const locked = await visitor();
    await locked.page.goto(new URL(link).pathname);
    await expect(locked.page.getByText('You sign in as Wren-Fairchild.')).toBeVisible();
    await page.goto(new URL(page.url()).pathname.replace('/reset', ''));
    await expect(page.getByLabel('Reset link')).toHaveCount(0);

    // A ban asks first, and is lifted.
    await page.getByRole('link', { name: 'Ban Wren Fairchild…' }).click();
    await expect(page.getByRole('heading', { name: 'Ban Wren Fairchild?' })).toBeVisible();
    await page.getByRole('link', { name: 'Keep Wren Fairchild' }).click();
    await page.getByRole('link', { name: 'Ban Wren Fairchild…' }).click();
    await page.getByRole('button', { name: 'Ban Wren Fairchild' }).click();
    await expect(page.getByRole('status')).toHaveText('Wren Fairchild is banned.');
    await wren.page.goto('/');
    await expect(wren.page).toHaveURL(/\/sign-in/);
    await wren.signIn('Wren Fairchild', PASSWORD);
    await expect(wren.page.getByRole('alert')).toContainText('This account is shut out of this server.');
    await page.getByRole('button', { name: 'Let Wren Fairchild back in' }).click();
    await expect(page.getByRole('status')).toHaveText('Wren Fairchild can sign in again.');
    await wren.signIn('Wren Fairchild', PASSWORD);
    await expect(wren.row('general')).toBeVisible();
  });
}

test('by keyboard alone, and the reset link is copied', async ({ owner, guest }) => {
  const ada = await owner('Ada Marlow', { permissions: ['clipboard-read', 'clipboard-write'] });
  const wren = await guest(ada, 'Wren Fairchild');
  const { page } = ada;
  await page.goto('/people');
  await page.getByRole('searchbox', { name: 'Find a person' }).focus();
  await page.keyboard.type('wren');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/q=wren/);
  await expect(page.getByRole('row')).toHaveCount(2);
  const role = page.getByLabel('Role of Wren Fairchild');
  await role.focus();
  await page.keyboard.type('Mod');
  await expect(page.getByRole('status')).toBeFocused();
  await expect(page).toHaveURL(new RegExp(`q=wren&changed=${await idOf(wren)}$`));
  await page.getByRole('link', { name: 'More about Wren Fairchild' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Make a reset link' }).focus();
  await page.keyboard.press('Enter');
  const shown = page.getByRole('status').filter({ hasText: 'Shown once.' });
  await expect(shown).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Reset link')).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Copied' })).toBeFocused();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await page.getByLabel('Reset link').inputValue());
  await page.getByRole('link', { name: 'Ban Wren Fairchild…' }).focus();
  await page.keyboard.press('Enter');
  // What is harmless has the focus.
  await expect(page.getByRole('link', { name: 'Keep Wren Fairchild' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status')).toBeFocused();
  await expect(page.getByRole('status')).toHaveText('Wren Fairchild is banned.');
});

test('what may not be done is told in words, and others have no way in', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  const { page } = ada;
  ada.watch.expect(status(409));
  await page.goto(`/people/${await idOf(ada)}`);
  await page.getByRole('radio', { name: /^Member/ }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert')).toHaveText('This is the only owner. Make somebody else owner first.');
  await expect(page.getByRole('alert')).toBeFocused();
  await expect(page.getByRole('radio', { name: /^Owner/ })).toBeChecked();
  await expect(page.getByRole('button', { name: 'Make a reset link' })).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Ban' })).toHaveCount(0);

  wren.watch.expect(status(403));
  await wren.page.goto('/you');
  await expect(wren.page.getByRole('link', { name: 'Devices' }).first()).toBeVisible();
  await expect(wren.page.getByRole('link', { name: 'People and roles' })).toHaveCount(0);
  await wren.page.goto('/people');
  await expect(wren.page.getByRole('heading', { level: 1 })).toHaveText('For owners and admins');
  await wren.page.getByRole('link', { name: 'To the rooms' }).click();
  await expect(wren.row('general')).toBeVisible();
});

test('on a phone each person is a row that fits', async ({ owner, guest }) => {
  const ada = await owner();
  await guest(ada, 'Bartholomew Featherstonehaugh the Younger of Upper');
  await guest(ada, '林晓雨');
  await guest(ada, 'שרה לוי');
  const banned = await guest(ada, 'Juno Castellanos');
  await ada.api('PATCH', `/users/${await idOf(banned)}`, { banned: true });
  for (const width of [320, 390, 1280]) {
    await ada.page.setViewportSize({ width, height: 844 });
    for (const path of ['/people', '/people?show=banned', '/people?q=nobody-of-this-name', '/people/2', '/people/2/ban', '/people/5']) {
      await ada.page.goto(path);
      await expect.poll(() => standsOut(ada.page), `${path}, ${width} px`).toBe(0);
    }
  }
});
