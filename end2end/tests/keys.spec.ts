// The sheet of keys.

import { expect, test } from '../support/test';

test('? shows the keys anywhere but in a field, and Escape leads back', async ({ owner }) => {
  const ada = await owner();
  await ada.post(1, 'Hello.');
  await ada.enter();
  await ada.field.focus();
  await ada.page.keyboard.press('?');
  await expect(ada.field).toHaveValue('?');
  await ada.field.fill('');
  await ada.message('Hello.').focus();
  await ada.page.keyboard.press('?');
  const sheet = ada.page.getByRole('dialog', { name: /^Keys/ });
  for (const place of ['Go', 'In the timeline', 'On a message', 'Writing']) {
    await expect(sheet.getByRole('heading', { name: place, exact: true })).toBeVisible();
  }
  await expect(sheet.getByRole('listitem').filter({ hasText: 'Mark unread from here' })).toContainText('U');
  await ada.page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await expect(ada.message('Hello.')).toBeFocused();
  // G, then F. Until the dialog is gone from the page, keys are its own.
  await expect(ada.page.locator('dialog')).toHaveCount(0);
  await ada.page.keyboard.press('g');
  await ada.page.keyboard.press('f');
  await expect(ada.page).toHaveURL(/\/for-you$/);
  await ada.page.goBack();
  await ada.message('Hello.').focus();
  // On a small window all of it is reached.
  await ada.page.setViewportSize({ width: 360, height: 640 });
  await ada.page.keyboard.press('?');
  await sheet.getByText('Leave a reply or an edit').scrollIntoViewIfNeeded();
  await expect(sheet.getByText('Leave a reply or an edit')).toBeInViewport();
  const box = await sheet.boundingBox();
  expect(box?.width).toBeLessThanOrEqual(360);
});
