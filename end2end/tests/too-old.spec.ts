// Browsers below the oldest that will do: the page says so, and works as without scripts.

import { PASSWORD } from '../support/person';
import { expect, test } from '../support/test';

const lacks: Record<string, () => void> = {
  'light-dark()': () => {
    const supports = CSS.supports.bind(CSS);
    CSS.supports = (property: string, value?: string) =>
      !String(value).includes('light-dark') && (value === undefined ? supports(property) : supports(property, value));
  },
  popovers: () => {
    delete (HTMLElement.prototype as { popover?: unknown }).popover;
  },
  WebAssembly: () => {
    delete (window as { WebAssembly?: unknown }).WebAssembly;
  },
};

for (const [what, take] of Object.entries(lacks)) {
  test(`a browser without ${what} is told, and can sign in and read`, async ({ owner, visitor }) => {
    const ada = await owner();
    await ada.post(1, 'To be read everywhere.');
    const old = await visitor();
    await old.context.addInitScript(take);
    const wasm: string[] = [];
    old.page.on('request', (request) => {
      if (request.url().includes('.wasm')) {
        wasm.push(request.url());
      }
    });
    const told = old.page.getByRole('alert').filter({ hasText: 'This browser is too old' });
    await old.page.goto('/sign-in');
    await expect(told).toContainText('Chrome 123, Firefox 125, Safari 17.5');
    await old.signIn('Ada Marlow', PASSWORD);
    await old.page.goto('/rooms/1');
    await expect(told).toBeInViewport({ ratio: 1 });
    await expect(old.message('To be read everywhere.')).toBeVisible();
    await expect(old.page.locator('.write')).toBeHidden();
    await expect(old.page.getByText('Writing needs JavaScript.')).toBeVisible();
    expect(wasm, 'what it cannot use is not loaded').toEqual([]);
  });
}

test('a browser that will do is told nothing', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  await expect(ada.page.locator('.too-old')).toHaveCount(0);
});
