// Without JavaScript one signs in, signs up and reads. Writing says what it needs.

import { PASSWORD } from '../support/person';
import { expect, test } from '../support/test';
import { status } from '../support/watch';

const bare = { javaScriptEnabled: false };

test('first run, invite and sign-in are plain forms', async ({ visitor }) => {
  const ada = await visitor(bare);
  ada.watch.expect(status(401));
  const { page } = ada;
  await page.goto('/');
  await page.getByLabel('Your name').fill('Ada Marlow');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Open the doors' }).click();
  await expect(page).toHaveURL(/\/rooms\/1$/);
  await expect(page.getByText('Writing needs JavaScript. Reading, joining and signing in do not.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Send' })).toBeHidden();
  await expect(page.getByRole('textbox')).toHaveCount(0);

  const wren = await visitor(bare);
  await wren.page.goto(await ada.invite());
  await wren.page.getByLabel('Your name').fill('Wren Fairchild');
  await wren.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await wren.page.getByRole('button', { name: 'Join' }).click();
  await expect(wren.page).toHaveURL(/\/rooms\/1$/);

  await page.goto('/you');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await ada.signIn('Ada Marlow', 'not my password');
  await expect(page.getByRole('alert')).toContainText('do not go together');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(ada.row('general')).toBeVisible();
});

test('a room with messages is read, newest first in view, and so are its people', async ({ owner, guest }) => {
  const ada = await owner('Ada Marlow', bare);
  const wren = await guest(ada, 'Wren Fairchild');
  for (let n = 1; n <= 19; n++) {
    await wren.post(1, `Line ${n} of nineteen,\nlong enough\nto stand alone.`);
  }
  await ada.page.goto('/');
  await expect(ada.row('general')).toContainText('19 unread');
  await ada.row('general').click();
  await expect(ada.message('Line 19 of')).toBeInViewport();
  await expect(ada.message('Line 1 of')).toHaveCount(1);
  await expect(ada.message('Line 1 of')).not.toBeInViewport();
  await expect(ada.log.getByRole('heading', { name: 'Wren Fairchild' })).toHaveCount(1);
  await ada.page.getByRole('link', { name: /^People, 2/ }).click();
  await expect(ada.people).toContainText('Wren Fairchild');
});

test('look and language are changed by forms', async ({ owner }) => {
  const { page } = await owner('Ada Marlow', bare);
  await page.goto('/you');
  await page.getByLabel('Theme').selectOption('Dark');
  await page.getByLabel('Language').selectOption('简体中文');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('个人资料');
});

test('a phone without scripts still goes from pane to pane', async ({ owner }) => {
  const ada = await owner('Ada Marlow', { ...bare, viewport: { width: 390, height: 844 } });
  await ada.post(1, 'Hello.');
  await ada.page.goto('/');
  await ada.row('general').click();
  await expect(ada.message('Hello.')).toBeInViewport();
  await ada.page.getByRole('link', { name: /^People, / }).click();
  await expect(ada.people).toBeVisible();
  await ada.page.getByRole('link', { name: 'Back to the room' }).click();
  await ada.page.getByRole('link', { name: 'Back to rooms' }).click();
  await expect(ada.row('general')).toBeVisible();
});
