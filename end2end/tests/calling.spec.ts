// Whom a message calls: by handle, by display name, and nobody.

import { expect, test } from '../support/test';

test('a display name calls its person: what is sent holds the handle', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await wren.enter('/');
  await ada.field.pressSequentially('ask @wren fairchild, please');
  await ada.field.press('Enter');
  await ada.stored('ask');
  expect(await ada.texts(1)).toEqual(['ask @Wren-Fairchild, please']);
  await expect(wren.row('general')).toContainText('1 mention');
});

test('a name that is nobody’s is told before it is sent, with whom it may mean', async ({ owner, guest }) => {
  const ada = await owner();
  await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await ada.field.pressSequentially('hello @wren, are you there?');
  await expect(ada.field).toHaveAccessibleDescription(/@wren is nobody's name here/);
  await ada.page.getByRole('button', { name: 'Call @Wren-Fairchild' }).click();
  await expect(ada.field).toHaveValue('hello @Wren-Fairchild, are you there?');
  await expect(ada.field).toBeFocused();
  await expect(ada.field).not.toHaveAccessibleDescription(/nobody/);
  await ada.field.fill('write to me@example.org, `@nobody`, or @zorblax');
  await expect(ada.field).toHaveAccessibleDescription(/@zorblax is nobody's name here/);
  await ada.field.press('Enter');
  await ada.stored('zorblax');
  await expect(ada.field).not.toHaveAccessibleDescription(/nobody/);
});
