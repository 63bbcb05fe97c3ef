// One's own account: forms that the server draws and takes.

import { PASSWORD, type Person } from '../support/person';
import { expect, test } from '../support/test';
import { status } from '../support/watch';

const NEW = 'another sentence to remember';

/** Fills the form of the password and sends it. */
async function change({ page }: Person, old: string, fresh: string): Promise<void> {
  await page.getByLabel('Present password').fill(old);
  await page.getByLabel('New password').fill(fresh);
  await page.getByRole('button', { name: 'Change the password' }).click();
}

for (const [how, options] of [
  ['with scripts', {}],
  ['without scripts, on a phone', { javaScriptEnabled: false, viewport: { width: 390, height: 844 } }],
] as const) {
  test(`a name is changed ${how}, and what cannot be one is told at its field`, async ({ owner, guest }) => {
    const ada = await owner('Ada Marlow', options);
    const wren = await guest(ada, 'Wren Fairchild');
    await wren.enter();
    const { page } = ada;
    await page.goto('/you');
    const name = page.getByLabel('Your name');
    await name.fill('Ada M. Marlow');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(page).toHaveURL(/\/you\?changed=name$/);
    await expect(page.getByRole('status')).toHaveText('Saved');
    await expect(name).toHaveValue('Ada M. Marlow');
    // Whoever is here sees it at once.
    await expect(wren.people.getByRole('button', { name: 'Ada M. Marlow' })).toBeVisible();

    ada.watch.expect(status(422), status(409));
    await name.fill('Ada\u202eMarlow');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(name).toHaveAttribute('aria-invalid', 'true');
    await expect(name).toHaveAccessibleDescription(/invisible or direction-changing/);
    await expect(name).toHaveValue('Ada\u202eMarlow');
    await name.fill('wren fairchild');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(name).toHaveAccessibleDescription(/Somebody here is called/);
    await page.goto('/you');
    await expect(name).toHaveValue('Ada M. Marlow');
  });
}

test('a new password needs the one of before, and ends the other sign-ins', async ({ owner, visitor }) => {
  const ada = await owner();
  const phone = await visitor();
  phone.watch.expect(status(401));
  await phone.form('/sign-in', { name: 'Ada Marlow', password: PASSWORD });
  await phone.enter('/rooms/1');
  const { page } = ada;
  await page.goto('/you');
  ada.watch.expect(status(422));
  await change(ada, 'not my password', NEW);
  await expect(page.getByLabel('Present password')).toHaveAccessibleDescription('This is not your present password.');
  await expect(page.getByLabel('Present password')).toBeFocused();
  await expect(page.getByLabel('New password')).toHaveValue('');
  await change(ada, PASSWORD, 'short');
  await expect(page.getByLabel('New password')).toHaveAccessibleDescription(/At least 8 characters; this one has 5/);
  await change(ada, PASSWORD, NEW);
  await expect(page.getByRole('status')).toContainText('The password is changed.');
  await expect(phone.banner('Signed out on this device.')).toBeVisible();
  await page.goto('/devices');
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
});

test('devices are signed out without scripts', async ({ owner, visitor }) => {
  const ada = await owner('Ada Marlow', { javaScriptEnabled: false });
  for (let n = 0; n < 3; n++) {
    const other = await visitor({ javaScriptEnabled: false });
    await other.form('/sign-in', { name: 'Ada Marlow', password: PASSWORD });
  }
  const { page } = ada;
  await page.goto('/devices');
  const list = page.getByRole('main').getByRole('listitem');
  await expect(list).toHaveCount(4);
  await list.filter({ hasNotText: 'This one' }).first().getByRole('button', { name: /^Sign out/ }).click();
  await expect(page.getByRole('status')).toHaveText('1 other device is signed out');
  await expect(list).toHaveCount(3);
  await page.getByRole('button', { name: 'Sign out all others' }).click();
  await expect(page.getByRole('status')).toHaveText('2 other devices are signed out');
  await expect(list).toHaveCount(1);
});

test('a time zone is shown to others on the card, as the time that it is there', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await wren.enter();
  const card = wren.page.getByRole('dialog', { name: 'Ada Marlow' });
  const open = (): Promise<void> => wren.people.getByRole('button', { name: 'Ada Marlow' }).click();
  await open();
  await expect(card).not.toContainText('local time');
  await card.getByRole('button', { name: 'Close' }).click();

  await ada.page.goto('/you');
  await expect(ada.page.getByLabel('Time zone')).toHaveValue('');
  await ada.page.getByLabel('Time zone').selectOption('Asia/Kolkata');
  await ada.page.getByRole('button', { name: 'Save the time zone' }).click();
  await expect(ada.page.getByRole('status')).toHaveText('Saved');
  await expect(ada.page.getByLabel('Time zone')).toHaveValue('Asia/Kolkata');
  await open();
  const there = (ms: number): string =>
    new Date(ms).toLocaleTimeString('en-GB', { timeZone: 'Asia/Kolkata', hour: '2-digit', minute: '2-digit' });
  const said = /(\d+):(\d\d)( [AP]M)? local time \(Asia\/Kolkata\)/.exec((await card.textContent()) ?? '');
  const minutes = [Date.now(), Date.now() - 60_000].map((ms) => there(ms).slice(3));
  expect(minutes).toContain(said?.[2]);
});
