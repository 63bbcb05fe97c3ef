// From nothing to two people in a room, all by the pages.

import { PASSWORD } from '../support/person';
import { expect, test } from '../support/test';
import { status } from '../support/watch';

test('the first person opens the house, and an invite link brings the next', async ({ visitor }) => {
  const ada = await visitor();
  await ada.page.goto('/');
  await expect(ada.page.getByRole('heading', { level: 1 })).toHaveText('You are the first one here');
  await ada.page.getByLabel('Your name').fill('Ada Marlow');
  await ada.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  const entered = ada.welcome();
  await ada.page.getByRole('button', { name: 'Open the doors' }).click();

  await expect(ada.page).toHaveURL(/\/rooms\/\d+$/);
  await expect(ada.page).toHaveTitle('general · Hubbub');
  await expect(ada.page.getByRole('heading', { level: 1 })).toHaveText('general, Hubbub');
  await expect(ada.log).toContainText('This is the start of #general');
  await entered;
  await ada.page.getByRole('button', { name: 'New room or message' }).click();
  await ada.page.getByRole('menuitem', { name: 'Invite people' }).click();
  await ada.page.getByRole('button', { name: 'Make the link' }).click();
  const link = await ada.page.getByLabel('Invite link').inputValue();
  await ada.page.getByRole('button', { name: 'Close' }).click();
  await expect(ada.page.getByRole('dialog')).toHaveCount(0);

  const wren = await visitor();
  await wren.page.goto(link);
  await expect(wren.page.getByText('Ada Marlow invites you')).toBeVisible();
  await wren.page.getByLabel('Your name').fill('Wren Fairchild');
  await wren.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  const welcomed = wren.welcome();
  await wren.page.getByRole('button', { name: 'Join' }).click();
  await expect(wren.page).toHaveTitle('general · Hubbub');
  await expect(ada.log).toContainText('Wren Fairchild came in');
  await welcomed;

  await wren.say('Good morning, Ada.');
  await expect(ada.message('Good morning, Ada.')).toBeVisible();
});

test('the first account is made once: a second owner is turned away', async ({ owner, visitor }) => {
  await owner();
  const late = await visitor();
  await late.page.goto('/');
  await expect(late.page).toHaveURL(/\/sign-in$/);
  await expect(late.page.getByText('You need an invite link from a member.')).toBeVisible();
});

test('a bad name and a short password are told beside their fields', async ({ visitor }) => {
  const ada = await visitor();
  ada.watch.expect(status(422));
  await ada.page.goto('/');
  await ada.page.getByLabel('Your name').fill('Ada\u202eMarlow');
  await ada.page.getByLabel('Password', { exact: true }).fill('short');
  await ada.page.getByRole('button', { name: 'Open the doors' }).click();

  const name = ada.page.getByLabel('Your name');
  await expect(name).toHaveValue('Ada\u202eMarlow');
  await expect(name).toBeFocused();
  await expect(name).toHaveAttribute('aria-invalid', 'true');
  await expect(name).toHaveAccessibleDescription(/invisible or direction-changing/);
  const password = ada.page.getByLabel('Password', { exact: true });
  await expect(password).toHaveValue('');
  await expect(password).toHaveAccessibleDescription('At least 8 characters; this one has 5.');
});

test('a used up invite says so, and a taken name can be changed', async ({ owner, visitor }) => {
  const ada = await owner();
  const { invite } = await ada.api<{ invite: { url: string } }>('POST', '/invites', { uses: 1 });

  const wren = await visitor();
  wren.watch.expect(status(409));
  await wren.page.goto(invite.url);
  await wren.page.getByLabel('Your name').fill('ada marlow');
  await wren.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await wren.page.getByRole('button', { name: 'Join' }).click();
  await expect(wren.page.getByLabel('Your name')).toHaveAccessibleDescription(
    'Somebody here is called ada marlow already. Add something that tells you apart.',
  );
  await wren.page.getByLabel('Your name').fill('Wren');
  await wren.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await wren.page.getByRole('button', { name: 'Join' }).click();
  await expect(wren.page).toHaveTitle('general · Hubbub');

  const late = await visitor();
  await late.page.goto(invite.url);
  await expect(late.page.getByRole('alert')).toHaveText('This invite is used up or too old. Ask for a new one.');
  await expect(late.page.getByLabel('Your name')).toHaveCount(0);
});
