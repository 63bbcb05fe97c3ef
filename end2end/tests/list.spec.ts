// The list of rooms when it is long: one stop for Tab, and what is unread beyond its edges is told.

import { expect, test } from '../support/test';

test('a long list is one stop for Tab; the arrows walk it', async ({ owner }) => {
  const ada = await owner();
  for (let n = 10; n < 50; n++) {
    await ada.makeRoom(`room-${n}`);
  }
  await ada.enter('/rooms/1');
  await ada.row('general').focus();
  await ada.page.keyboard.press('ArrowDown');
  await expect(ada.row('room-10')).toBeFocused();
  await ada.page.keyboard.press('End');
  await expect(ada.row('room-49')).toBeFocused();
  await expect(ada.row('room-49')).toBeInViewport();
  await ada.page.keyboard.press('Home');
  await expect(ada.row('For you')).toBeFocused();
  await expect(ada.rooms.locator('a.row:not([tabindex="-1"])')).toHaveCount(1);
  await ada.page.keyboard.press('End');
  await ada.page.keyboard.press('Enter');
  await expect(ada.field).toHaveAccessibleName('Write to #room-49');
  await expect(ada.rooms.locator('a.row:not([tabindex="-1"])')).toHaveAttribute('aria-current', 'page');
});

test('unread rooms beyond the edges of the list are told, and led to', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  for (let n = 10; n < 50; n++) {
    await ada.makeRoom(`room-${n}`);
  }
  const here = await ada.makeRoom('the open one');
  await ada.enter(`/rooms/${here}`);
  const me = await ada.api<{ user: { id: number } }>('GET', '/users/me');
  const { room } = await wren.api<{ room: { id: number } }>('POST', '/direct', { users: [me.user.id] });
  await wren.post(room.id, 'Psst.');
  const below = ada.rooms.getByRole('button', { name: '1 room unread' });
  await expect(below).toBeInViewport();
  await expect(ada.row('Wren Fairchild')).not.toBeInViewport();
  await below.click();
  await expect(ada.row('Wren Fairchild')).toBeInViewport();
  await expect(below).toHaveCount(0);
  // The first room is above the list's upper edge now.
  await expect(ada.row('general')).not.toBeInViewport();
  await wren.post(1, 'Here too.');
  const above = ada.rooms.getByRole('button', { name: '1 room unread' });
  await expect(above).toBeInViewport();
  await above.click();
  await expect(ada.row('general')).toBeInViewport();
  // The talk is still unread, and below the edge again.
  await expect(ada.row('Wren Fairchild')).not.toBeInViewport();
  await expect(below).toHaveCount(1);
});
