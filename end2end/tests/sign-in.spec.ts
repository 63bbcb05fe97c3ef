import { PASSWORD } from '../support/person';
import { expect, test } from '../support/test';
import { status } from '../support/watch';

test('sign out, a wrong password, sign in: back where one wanted to go', async ({ owner }) => {
  const ada = await owner();
  const { page } = ada;
  await ada.enter('/');
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);

  await page.goto('/rooms/1/people');
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  ada.watch.expect(status(401));
  await ada.signIn('Ada Marlow', 'not my password');
  await expect(page.getByRole('alert')).toHaveText('This name and password do not go together. Check both and try again.');
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Ada Marlow');
  const password = page.getByLabel('Password', { exact: true });
  await expect(password).toHaveValue('');
  await expect(password).toBeFocused();
  for (const field of [page.getByLabel('Name', { exact: true }), password]) {
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription(/do not go together/);
  }

  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/rooms\/1\/people$/);
  await expect(ada.people).toContainText('Ada Marlow');
});

test('Back after signing out shows nothing of what was there', async ({ owner }) => {
  const ada = await owner();
  const { page } = ada;
  await ada.enter('/rooms/1');
  await ada.say('Between us.');
  await ada.stored('Between us.');
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  for (let back = 0; back < 2; back++) {
    await page.goBack();
    await expect(page).toHaveURL(/\/sign-in/);
    expect(await page.content()).not.toContain('Between us.');
  }
});

test('the password can be shown, and is hidden again', async ({ owner, visitor }) => {
  await owner();
  const { page } = await visitor();
  await page.goto('/sign-in');
  const password = page.getByLabel('Password', { exact: true });
  const show = page.getByRole('button', { name: 'Show the password' });
  await password.fill(PASSWORD);
  await expect(password).toHaveAttribute('type', 'password');
  await show.click();
  await expect(password).toHaveAttribute('type', 'text');
  await expect(show).toHaveAttribute('aria-pressed', 'true');
  await show.click();
  await expect(password).toHaveAttribute('type', 'password');
});

test('a new name is seen by others, a new password signs the other devices out', async ({ owner, guest, visitor }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.post(1, 'Who wrote this?');
  const phone = await visitor();
  phone.watch.expect(status(401));
  await phone.page.goto('/sign-in');
  const welcomed = phone.welcome();
  await phone.signIn('Ada-Marlow');
  await welcomed;

  const { page } = ada;
  await page.goto('/you');
  await page.getByLabel('Your name').fill('Ada M. Marlow');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved')).toBeVisible();
  await wren.enter('/rooms/1');
  await expect(wren.message('Who wrote this?')).toContainText('Ada M. Marlow');

  ada.watch.expect(status(422));
  await page.getByLabel('Present password').fill('not my password');
  await page.getByLabel('New password').fill('an even better sentence');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.getByText('This is not your present password.')).toBeVisible();
  await page.getByLabel('Present password').fill(PASSWORD);
  await page.getByLabel('New password').fill('an even better sentence');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.getByText('The password is changed.')).toBeVisible();

  await expect(phone.banner('Signed out on this device.')).toBeVisible();
});

test('a sign-in leads to the room where one was last, or the first; and there is no empty place in between', async ({ owner }) => {
  const ada = await owner();
  const desk = await ada.makeRoom('desk');
  await ada.enter('/rooms/1');
  await ada.row('desk').click();
  await expect(ada.page).toHaveURL(new RegExp(`/rooms/${desk}$`));
  await ada.page.getByRole('link', { name: 'Settings' }).click();
  await ada.page.getByRole('button', { name: 'Sign out' }).click();
  await ada.signIn('Ada Marlow');
  await expect(ada.page).toHaveURL(new RegExp(`/rooms/${desk}$`));
  // A page of a room that is left notes the room; one of settings does not, and stays when the cookies are gone.
  await ada.page.goto('/you');
  await ada.context.clearCookies();
  await ada.page.goto('/sign-in');
  await ada.signIn('Ada Marlow');
  await expect(ada.page).toHaveURL(/\/rooms\/1$/);
});
