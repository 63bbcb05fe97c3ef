// A link to a new password: opened where one is signed out, with and without scripts.

import AxeBuilder from '@axe-core/playwright';

import { expect, test } from '../support/test';
import { status } from '../support/watch';

const NEW = 'another sentence, and not the old one';

for (const javaScriptEnabled of [true, false]) {
  test(`a link to a new password is good once, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async ({ owner, guest, visitor }) => {
    const ada = await owner();
    const wren = await guest(ada, 'Wren Fairchild');
    const me = await wren.api<{ user: { id: number } }>('GET', '/users/me');
    const { reset } = await ada.api<{ reset: { url: string } }>('POST', `/users/${me.user.id}/reset`, {});
    const path = new URL(reset.url).pathname;
    const locked = await visitor({ javaScriptEnabled });
    locked.watch.expect(status(422), status(404));
    const { page } = locked;
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Choose a new password');
    await expect(page.getByText('You sign in as Wren-Fairchild.')).toBeVisible();
    const password = page.getByLabel('New password', { exact: true });
    await password.fill('short');
    await page.getByRole('button', { name: 'Save and sign in' }).click();
    await expect(password).toHaveAttribute('aria-invalid', 'true');
    await expect(password).toHaveAccessibleDescription(/at least/i);
    if (javaScriptEnabled) {
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    }
    await password.fill(NEW);
    await page.getByRole('button', { name: 'Save and sign in' }).click();
    await expect(page).toHaveURL(/\/rooms\/1$/);
    await expect(locked.row('general')).toBeVisible();
    // Elsewhere they are signed out.
    wren.watch.expect(status(401));
    await wren.page.goto('/');
    await expect(wren.page).toHaveURL(/\/sign-in/);
    // It is used up.
    const again = await visitor({ javaScriptEnabled });
    again.watch.expect(status(404));
    await again.page.goto(path);
    await expect(again.page.getByRole('alert')).toContainText('This link was used or is too old.');
    await expect(again.page.getByLabel('New password', { exact: true })).toHaveCount(0);
  });
}
