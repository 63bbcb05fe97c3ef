// Extensions, translators and minifiers change the document, before and after the page is alive. It lives all the same; and
// where its program does stop, that is told, and what was typed is kept.

import type { Page } from '@playwright/test';

import type { Person } from '../support/person';
import { expect, test } from '../support/test';

/** Changes the document that came, before the page is alive, with `change`; then the page lives. */
async function changed(ada: Person, change: () => void): Promise<void> {
  const release = await ada.holdAlive();
  await ada.page.goto('/rooms/1', { waitUntil: 'domcontentloaded' });
  await expect(ada.message('Here before you.')).toBeVisible();
  await ada.field.pressSequentially('half a thought');
  await ada.page.evaluate(change);
  const welcomed = ada.welcome();
  release();
  await welcomed;
}

/** It shows what it should, once, and does what it is asked. */
async function lives(ada: Person): Promise<void> {
  await expect(ada.page.getByRole('main')).toHaveCount(1);
  await expect(ada.page.locator('.broken')).toHaveCount(0);
  await expect(ada.log.getByRole('article')).toHaveText([/Here before you\./, /A second, with code/]);
  await expect(ada.field).toHaveValue('half a thought');
  await expect(ada.field).toBeFocused();
  await ada.page.keyboard.press('Enter');
  await ada.stored('half a thought');
  await expect(ada.field).toHaveValue('');
  await ada.post(1, 'and live');
  await expect(ada.message('and live')).toBeVisible();
  await ada.page.getByRole('button', { name: 'Room menu' }).click();
  await expect(ada.page.getByRole('menuitem', { name: 'Leave the room' })).toBeVisible();
  expect(ada.watch.faults()).toEqual([]);
}

const BEFORE: Record<string, () => void> = {
  'a div first in the body': () => document.body.prepend(document.createElement('div')),
  'an element around the whole body': () => {
    const around = document.createElement('div');
    around.append(...document.body.childNodes);
    document.body.append(around);
    document.querySelector<HTMLElement>('#composer')?.focus();
  },
  'an element first in the page': () => document.querySelector('#page')?.prepend(document.createElement('div')),
  'a text in the list of rooms': () => document.querySelector('nav ul')?.prepend('3 suggestions'),
  'an item more in a list': () => document.querySelector('nav ul')?.append(document.createElement('li')),
  'a button in the composer': () => document.querySelector('#composer')?.before(document.createElement('grammar-check')),
  'a wrapped composer': () => {
    const field = document.querySelector('#composer');
    const around = document.createElement('div');
    field?.replaceWith(around);
    around.append(field ?? '');
    (field as HTMLElement).focus();
  },
  'a highlighted word in a message': () => {
    const text = [...document.querySelectorAll('article p')].flatMap((p) => [...p.childNodes]).find((n) => n.nodeType === 3) as Text;
    const mark = document.createElement('mark');
    const rest = text.splitText(2);
    mark.append(rest);
    text.after(mark);
  },
  'translated words': () => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts: Text[] = [];
    while (walk.nextNode()) texts.push(walk.currentNode as Text);
    for (const text of texts) {
      const font = document.createElement('font');
      font.append(`«${text.data}»`);
      text.replaceWith(font);
    }
  },
  'no comments': () => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
    const comments: Node[] = [];
    while (walk.nextNode()) comments.push(walk.currentNode);
    for (const comment of comments) (comment as Comment).remove();
    document.body.normalize();
  },
  'comments more': () => {
    for (const element of document.querySelectorAll('#page *')) {
      if (!element.matches('textarea, svg, svg *')) element.prepend(document.createComment('seen'));
    }
  },
  'a message less': () => document.querySelector('article')?.remove(),
  'no page': () => document.querySelector('#page')?.replaceWith('Blocked.'),
};

for (const [what, change] of Object.entries(BEFORE)) {
  test(`before the page is alive: ${what}`, async ({ owner }) => {
    const ada = await owner();
    await ada.post(1, 'Here before you.');
    await ada.post(1, 'A second, with `code` and https://example.org/.');
    const typed = what !== 'no page';
    await changed(ada, change);
    if (!typed) {
      await ada.field.fill('half a thought');
    }
    await lives(ada);
  });
}

test('what is as it was drawn is taken over, not drawn again', async ({ owner }) => {
  const ada = await owner();
  await ada.post(1, 'Here before you.');
  for (const path of ['/', '/rooms/1', '/rooms/1/people', '/for-you']) {
    const release = await ada.holdAlive();
    await ada.page.goto(path, { waitUntil: 'domcontentloaded' });
    await ada.page.evaluate(() => {
      document.body.prepend(document.createElement('div'));
      for (const element of document.querySelectorAll('#page main, #page main *')) {
        element.setAttribute('data-drawn', '');
      }
    });
    release();
    await expect(ada.page.locator('html[data-alive]')).toHaveCount(1);
    await expect(ada.page.locator('main[data-drawn]'), path).toHaveCount(1);
    await ada.page.unrouteAll();
  }
});

test('words that are translated while the page lives do not stop it', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren');
  await ada.makeRoom('desk');
  await ada.post(1, 'Here before you.');
  await ada.enter();
  const translate = async (): Promise<void> => {
    await ada.page.evaluate(() => {
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const texts: Text[] = [];
      while (walk.nextNode()) texts.push(walk.currentNode as Text);
      for (const text of texts) {
        const font = document.createElement('font');
        font.append(`«${text.data}»`);
        text.replaceWith(font);
      }
    });
  };
  await translate();
  await wren.post(1, 'and live');
  await expect(ada.message('and live')).toBeVisible();
  await translate();
  await ada.rooms.getByRole('link').filter({ hasText: /desk/ }).click();
  await expect(ada.field).toHaveAccessibleName(/desk/);
  await ada.say('here too');
  await translate();
  await ada.page.goBack();
  await expect(ada.message('and live')).toBeVisible();
  await expect(ada.page.locator('.broken')).toHaveCount(0);
});

test('elements that are taken away while the page lives do not stop it', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren');
  await ada.post(1, 'Here before you.');
  await ada.enter();
  await ada.page.evaluate(() => {
    document.querySelector('article')?.remove();
    document.querySelector('.toasts')?.remove();
    const walk = document.createTreeWalker(document.querySelector('nav') as Node, NodeFilter.SHOW_COMMENT);
    const comments: Node[] = [];
    while (walk.nextNode()) comments.push(walk.currentNode);
    for (const comment of comments) (comment as Comment).remove();
  });
  await wren.post(1, '@Ada-Marlow and live');
  await expect(ada.message('and live')).toBeVisible();
  await ada.makeRoom('desk');
  await ada.say('still here');
  await ada.stored('still here');
  await expect(ada.page.locator('.broken')).toHaveCount(0);
});

/** Makes the next element that the program creates fail, so that it panics. */
async function sabotage(page: Page): Promise<void> {
  await page.evaluate(() => {
    document.createElement = () => {
      document.createElement = Document.prototype.createElement;
      throw new Error('No more elements.');
    };
  });
}

test('a panic is told, in the language of the page, and what was typed is there after a reload', async ({ owner }) => {
  const ada = await owner();
  await ada.context.addCookies([{ name: 'hubbub_lang', value: 'zh', url: ada.page.url() === 'about:blank' ? ada.origin : ada.page.url() }]);
  ada.watch.expect(/panicked|unreachable|No more elements/);
  await ada.enter();
  const field = ada.page.locator('#composer');
  await field.pressSequentially('before');
  await sabotage(ada.page);
  await ada.page.getByRole('navigation').getByRole('button').first().click();
  await ada.page.keyboard.press('Control+k');
  const told = ada.page.getByRole('alert').filter({ hasText: '页面出了问题' });
  await expect(told).toBeVisible();
  await field.press('End');
  await field.pressSequentially(' and after');
  await told.getByRole('button', { name: '重新加载' }).or(told.getByRole('button')).first().click();
  await expect(field).toHaveValue('before and after');
  await expect(ada.page.locator('html[data-alive]')).toHaveCount(1);
  await expect(told).toHaveCount(0);
  await field.press('Enter');
  await expect.poll(() => ada.texts(1)).toEqual(['before and after']);
});

test('a program that does not come is told', async ({ owner }) => {
  const ada = await owner();
  ada.watch.expect(/Failed to load|Failed to fetch|ERR_FAILED|dynamically imported/);
  await ada.page.route('**/*.wasm', (route) => route.abort());
  await ada.page.goto('/rooms/1');
  await expect(ada.page.getByRole('alert').filter({ hasText: 'This page has stopped working.' })).toBeVisible();
  await ada.field.fill('typed all the same');
  await ada.page.unrouteAll();
  await ada.page.getByRole('button', { name: 'Reload' }).click();
  await expect(ada.field).toHaveValue('typed all the same');
});
