// Menus open beside the button that was pressed and give the focus back, also where a pressed button gets no focus; the choice of emoji
// is as large as what is in it.

import { expect, type Someone, test } from '../support/engines/test';

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** How what is open on top of the page stands to the button, and nothing while nothing is open. */
async function opened(person: Someone, button: string): Promise<{ button: Box; popover: Box } | null> {
  return person.tab.run(
    `const box = (of) => { const { left, right, top, bottom } = of.getBoundingClientRect(); return { left, right, top, bottom }; };
     const popover = [...document.querySelectorAll(':popover-open')].find((one) => one.getBoundingClientRect().height > 60 && one.matches('.menu, [role=dialog], [role=menu]'));
     const button = document.querySelector(arguments[0]);
     return popover && button ? { button: box(button), popover: box(popover) } : null;`,
    button,
  );
}

const focused = (selector: string) => `return document.activeElement === document.querySelector(${JSON.stringify(selector)})`;

test('menus and the choice of emoji open beside their button, and Esc gives it the focus', async ({ ada, bot }) => {
  await bot.post(1, 'Something to react to.');
  await ada.sees('Something to react to.');
  for (const button of [
    'button[aria-label="Room menu"]',
    'button[aria-label="New room or message"]',
    'article.msg button[aria-label="More"]',
    'article.msg button[aria-label="React"]',
    '.composer button[aria-label="Emoji"]',
  ]) {
    if (button.startsWith('article')) {
      // The row in use has the toolbar.
      await ada.tab.click('article.msg .what');
    }
    await ada.tab.click(button);
    await expect.poll(() => opened(ada, button), { message: button }).not.toBeNull();
    const { button: at, popover } = (await opened(ada, button))!;
    const gap = Math.max(popover.top - at.bottom, at.top - popover.bottom);
    expect(Math.abs(gap), `${button}: pixels between`).toBeLessThan(16);
    expect(popover.left, button).toBeLessThan(at.right);
    expect(popover.right, button).toBeGreaterThan(at.left);
    expect(popover.bottom - popover.top, `${button}: high`).toBeLessThan(500);
    await ada.tab.press('Escape');
    await expect.poll(() => opened(ada, button), { message: `${button} is closed` }).toBeNull();
    await expect.poll(() => ada.tab.run<boolean>(focused(button)), { message: `${button} has the focus` }).toBe(true);
  }
});
