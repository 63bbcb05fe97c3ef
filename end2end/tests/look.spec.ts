// Light and dark, high contrast: chosen once, there from the first byte.

import { expect, test } from '../support/test';

const ink = (): string => getComputedStyle(document.body).color;

test('the theme follows the system until one chooses, and never flashes', async ({ owner }) => {
  const ada = await owner('Ada Marlow', { colorScheme: 'light' });
  const { page } = ada;
  await page.goto('/you');
  const light = await page.evaluate(ink);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await page.evaluate(ink);
  expect(dark).not.toBe(light);
  await page.emulateMedia({ colorScheme: 'light' });

  await page.getByLabel('Theme').selectOption('Dark');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByLabel('Contrast').selectOption('High');
  await expect(page.locator('html')).toHaveAttribute('data-contrast', 'more');

  // The server writes it: no script is needed, so nothing is drawn in another colour before.
  const html = await ada.context.request.get('/rooms/1');
  expect(await html.text()).toMatch(/<html[^>]* data-theme="dark"[^>]* data-contrast="more"/);
  await page.route('**/*.{js,wasm}', (route) => route.abort('aborted'));
  ada.watch.expect(/Failed to fetch|ERR_ABORTED|error loading|ERR_FAILED|page error/i);
  await page.goto('/rooms/1');
  const chosen = await page.evaluate(ink);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await page.evaluate(ink), 'the choice outdoes the system').toBe(chosen);
  await page.unroute('**/*.{js,wasm}');

  await page.goto('/you');
  await page.getByLabel('Theme').selectOption('As the system');
  await expect(page.locator('html')).not.toHaveAttribute('data-theme', /./);
});

test('whoever wants no motion gets none', async ({ owner }) => {
  const ada = await owner('Ada Marlow', { reducedMotion: 'reduce' });
  await ada.enter();
  await ada.page.keyboard.press('Control+k');
  await expect(ada.page.getByRole('dialog')).toBeVisible();
  // What lasts a millisecond is seen as a change, whenever it begins.
  const moving = await ada.page.evaluate(() =>
    document.getAnimations().filter(({ effect }) => Number(effect?.getComputedTiming().activeDuration) > 1).length,
  );
  expect(moving).toBe(0);
});
