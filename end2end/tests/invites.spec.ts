// Invites: made, handed over by link or QR code, and revoked, with and without scripts.

import { PASSWORD } from '../support/person';
import { expect, test } from '../support/test';
import { standsOut } from '../support/width';

test.use({ settings: { HUBBUB_HTTP_PER_S_ADDRESS: '0' } });

for (const javaScriptEnabled of [true, false]) {
  test(`an invite is made, used and revoked, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async ({ owner, visitor }) => {
    const ada = await owner('Ada Marlow', { javaScriptEnabled });
    await ada.makeRoom('newcomers');
    await ada.makeRoom('board', 'private');
    const { page } = ada;
    await page.goto('/invites');
    await expect(page.getByText('No link works now. Make one below.')).toBeVisible();
    await page.getByLabel('Uses').selectOption('5 people');
    await page.getByLabel('Until').selectOption('30 days');
    await page.getByLabel('#newcomers').check();
    await page.getByRole('button', { name: 'Make the link' }).click();
    const shown = page.getByRole('region', { name: 'Invite link' });
    const link = await shown.getByLabel('Invite link').inputValue();
    const code = link.split('/').pop() ?? '';
    await expect(shown.getByRole('img', { name: `QR code of ${code}` })).toBeVisible();
    const row = page.getByRole('listitem').filter({ hasText: code });
    await expect(row).toContainText('5 uses left');
    await expect(row).toContainText('#newcomers');
    await expect(row).toContainText('by you');

    const wren = await visitor();
    await wren.page.goto(new URL(link).pathname);
    await wren.page.getByLabel('Your name').fill('Wren Fairchild');
    await wren.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await wren.page.getByRole('button', { name: 'Join' }).click();
    await expect(wren.row('newcomers')).toBeVisible();

    await page.goto('/invites');
    await expect(row).toContainText('4 uses left');
    await expect(page.getByRole('img')).toHaveCount(0);
    await row.getByRole('link', { name: `QR code of ${code}` }).click();
    await expect(page.getByRole('img', { name: `QR code of ${code}` })).toBeVisible();
    await row.getByRole('button', { name: `Revoke ${code}` }).click();
    await expect(page.getByRole('status')).toHaveText(`${code} opens nothing any more.`);
    await expect(row).toHaveCount(0);
    const late = await visitor();
    await late.page.goto(new URL(link).pathname);
    await expect(late.page.getByRole('alert')).toContainText('used up or too old');
  });
}

test('an invite is made and its link copied, by keyboard alone', async ({ owner }) => {
  const ada = await owner('Ada Marlow', { permissions: ['clipboard-read', 'clipboard-write'] });
  const { page } = ada;
  await page.goto('/you');
  await page.getByRole('link', { name: 'Invites' }).first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'New invite' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Uses')).toBeFocused();
  await page.getByRole('button', { name: 'Make the link' }).focus();
  await page.keyboard.press('Enter');
  const shown = page.getByRole('region', { name: 'Invite link' });
  await expect(shown).toBeFocused();
  const link = await shown.getByLabel('Invite link').inputValue();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(shown.getByRole('button', { name: 'Copied' })).toBeFocused();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  await page.evaluate(() => navigator.clipboard.writeText(''));
  const copy = page.getByRole('listitem').getByRole('button', { name: /^Copy the link of/ });
  await copy.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('listitem').getByRole('button', { name: 'Copied' })).toBeFocused();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
});

test('invites fit a phone', async ({ owner }) => {
  const ada = await owner();
  await ada.makeRoom('newcomers');
  const board = await ada.makeRoom('board', 'private');
  const { invite } = await ada.api<{ invite: { code: string } }>('POST', '/invites', { uses: 10, rooms: [1, board] });
  for (const width of [320, 390, 1280]) {
    await ada.page.setViewportSize({ width, height: 844 });
    for (const path of ['/invites', `/invites?show=${invite.code}`]) {
      await ada.page.goto(path);
      await expect.poll(() => standsOut(ada.page), `${path}, ${width} px`).toBe(0);
    }
  }
});
