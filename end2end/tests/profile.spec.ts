// The card of a person: from the people, and from the timeline.

import { expect, test } from '../support/test';

test('the card says who it is, and leads to them', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await wren.post(1, 'The mast is up.');
  await ada.enter();
  const { page } = ada;
  const card = page.getByRole('dialog', { name: 'Wren Fairchild' });
  // By its name in the timeline, by its mark, and from the list of people.
  await ada.message('The mast is up.').getByRole('button', { name: 'Wren Fairchild' }).click();
  await expect(card).toContainText('@Wren-Fairchild');
  await expect(card).toContainText('Offline');
  await wren.enter();
  await expect(card).toContainText('Online');
  await page.keyboard.press('Escape');
  await expect(page.locator('dialog')).toHaveCount(0);
  await ada.message('The mast is up.').locator('.avatar').first().click();
  await expect(card).toBeVisible();
  await card.getByRole('button', { name: 'Close' }).click();
  await expect(page.locator('dialog')).toHaveCount(0);
  await ada.people.getByRole('button', { name: 'Wren Fairchild' }).click();
  await card.getByRole('button', { name: 'Write to Wren Fairchild' }).click();
  await expect(ada.field).toHaveAccessibleName('Write to Wren Fairchild');
  await expect(page.locator('dialog')).toHaveCount(0);
});

test('by keyboard alone: Enter opens it, Escape gives the focus back', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await wren.post(1, 'The mast is up.');
  await ada.enter();
  const { page } = ada;
  const row = ada.people.getByRole('button', { name: 'Wren Fairchild' });
  await row.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Wren Fairchild' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(row).toBeFocused();
  // In the timeline the name is a stop of the row in use.
  await ada.message('The mast is up.').focus();
  await page.keyboard.press('Tab');
  const name = ada.message('The mast is up.').getByRole('button', { name: 'Wren Fairchild' });
  await expect(name).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Wren Fairchild' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(name).toBeFocused();
});

test('who governs finds the way to roles on it, and others do not', async ({ owner, guest }) => {
  const ada = await owner('Ada Marlow', { viewport: { width: 390, height: 844 } });
  const wren = await guest(ada, 'Wren Fairchild');
  const { user } = await wren.api<{ user: { id: number } }>('GET', '/users/me');
  await wren.enter();
  await wren.people.getByRole('button', { name: 'Ada Marlow' }).click();
  const card = wren.page.getByRole('dialog', { name: 'Ada Marlow' });
  await expect(card).toContainText('owner');
  await expect(card.getByRole('link')).toHaveCount(0);
  await card.getByRole('button', { name: 'Close' }).click();
  // One's own has the way to the settings, and nobody to write to.
  await wren.people.getByRole('button', { name: 'Wren Fairchild' }).click();
  const own = wren.page.getByRole('dialog', { name: 'Wren Fairchild' });
  await expect(own.getByRole('button')).toHaveCount(1);
  await own.getByRole('link', { name: 'Settings' }).click();
  await expect(wren.page).toHaveURL(/\/you$/);

  await ada.enter('/rooms/1/people');
  await ada.people.getByRole('button', { name: 'Wren Fairchild' }).click();
  await ada.page.getByRole('dialog').getByRole('link', { name: 'People and roles' }).click();
  await expect(ada.page).toHaveURL(new RegExp(`/people/${user.id}$`));
  await expect(ada.page.getByRole('heading', { level: 1 })).toHaveText('Wren Fairchild');
});
