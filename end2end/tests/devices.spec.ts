// Signed in in more than one place.

import { PASSWORD, type Person } from '../support/person';
import { expect, test } from '../support/test';
import { status } from '../support/watch';
import { Wire } from '../support/wire';

test('signed out from elsewhere: the page says so, and keeps what was not sent', async ({ owner, visitor }) => {
  const ada = await owner();
  const phone: Person = await visitor({ userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari' });
  phone.watch.expect(status(401));
  await phone.form('/sign-in', { name: 'Ada Marlow', password: PASSWORD });
  const wire = await Wire.of(phone.page);
  await phone.page.goto('/rooms/1');
  await wire.welcomed();
  await ada.post(1, 'For those who are in.');
  await expect(phone.message('For those who are in.')).toBeVisible();
  wire.holdUp((frame) => frame.t === 'send');
  await phone.say('Not sent in time.');

  await ada.page.goto('/devices');
  const list = ada.page.getByRole('main').getByRole('listitem');
  await expect(list).toHaveCount(2);
  await expect(list.filter({ hasText: 'This one' })).toHaveCount(1);
  await list.filter({ hasNotText: 'This one' }).getByRole('button', { name: /^Sign out/ }).click();
  await expect(list).toHaveCount(1);

  const banner = phone.page.getByRole('alert').filter({ hasText: 'Signed out on this device.' });
  await expect(banner).toContainText('One unsent message is kept for when you return.');
  await expect(phone.page.getByText('Goes out when the connection is back.')).toHaveCount(0);
  // Whoever has the phone now sees nothing of the rooms.
  await expect(phone.message('For those who are in.')).toHaveCount(0);
  await expect(phone.row('general')).toHaveCount(0);
  const left = await phone.page.content();
  for (const word of ['For those who are in.', 'Not sent in time.', 'general']) expect(left).not.toContain(word);
  wire.holdUp(() => false);
  await banner.getByRole('link', { name: 'Sign in' }).click();
  await expect(phone.page).toHaveURL(/\/sign-in\?next=\/rooms\/1$/);
  await phone.signIn('Ada Marlow');
  await expect(phone.page).toHaveURL(/\/rooms\/1$/);
  await phone.stored('Not sent in time.');
  expect(await ada.texts(1)).toEqual(['For those who are in.', 'Not sent in time.']);
});

test('all others at once, and this one last', async ({ owner, visitor }) => {
  const ada = await owner();
  const others: Person[] = [];
  for (let n = 0; n < 2; n++) {
    const other = await visitor();
    other.watch.expect(status(401));
    await other.form('/sign-in', { name: 'ada-marlow', password: PASSWORD });
    await other.enter('/rooms/1');
    others.push(other);
  }
  await ada.page.goto('/devices');
  await ada.page.getByRole('button', { name: 'Sign out all others' }).click();
  for (const other of others) {
    await expect(other.banner('Signed out on this device.')).toBeVisible();
  }
  await expect(ada.page.getByRole('main').getByRole('listitem')).toHaveCount(1);
  await expect(ada.page.getByRole('button', { name: 'Sign out all others' })).toHaveCount(0);
  await expect(ada.page.getByRole('main').getByRole('status')).toHaveText('2 other devices are signed out');
  await ada.page.getByRole('button', { name: /^Sign out/ }).click();
  await expect(ada.page).toHaveURL(/\/sign-in$/);
});

test('what one person left unsent is not sent by the next one at the same browser', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await wren.context.close();
  const wire = await Wire.of(ada.page);
  await ada.page.goto('/rooms/1');
  await wire.welcomed();
  wire.holdUp((frame) => frame.t === 'send');
  await ada.say('Between Ada and her pillow.');
  await ada.field.pressSequentially('a draft of Ada');
  await ada.page.goto('/you');
  await ada.page.getByRole('button', { name: 'Sign out' }).click();
  wire.holdUp(() => false);
  await ada.signIn('Wren Fairchild');
  await ada.row('general').click();
  await expect(ada.page.getByRole('heading', { level: 1 })).toHaveText('general, Hubbub');
  await ada.say('Wren speaks.');
  await ada.stored('Wren speaks.');
  await expect(ada.message('Between Ada and her pillow.')).toHaveCount(0);
  expect(await ada.texts(1)).toEqual(['Wren speaks.']);
});
