// 中文界面：浏览器说中文就用中文，也可以改。

import { PASSWORD } from '../support/person';
import { expect, test } from '../support/test';
import { status } from '../support/watch';

const zh = { locale: 'zh-CN' };

test('a browser that asks for Chinese gets it, from the sign-in page to the room', async ({ visitor }) => {
  const { page, watch } = await visitor(zh);
  watch.expect(status(422));
  await page.goto('/');
  await expect(page.locator('html')).toHaveAttribute('lang', /^zh/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('你是第一位到来的人');
  await page.getByLabel('你的名字').fill('林晓雨');
  await page.getByLabel('密码', { exact: true }).fill('五个字啊');
  await page.getByRole('button', { name: '开门迎客' }).click();
  await expect(page.getByLabel('密码', { exact: true })).toHaveAccessibleDescription('至少 8 个字符，现在只有 4 个。');
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: '开门迎客' }).click();

  await expect(page).toHaveTitle('general · Hubbub');
  const field = page.getByRole('textbox', { name: '发消息到 #general' });
  await field.fill('早上好');
  await field.press('Enter');
  const message = page.getByRole('article').filter({ hasText: '早上好' });
  await expect(message.getByRole('link', { name: /固定链接/ })).toHaveCount(1);
  await expect(page.getByRole('heading', { name: '今天' })).toBeVisible();
  await expect(page.getByRole('navigation', { name: '房间' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'general 的成员' })).toContainText('林晓雨');
  // 林晓雨的印章是第二个字。
  await expect(message.getByText('晓', { exact: true })).toBeVisible();
});

test('the language is changed, and stays changed', async ({ owner }) => {
  const ada = await owner();
  const { page } = ada;
  await page.goto('/you');
  await page.getByLabel('Language').selectOption('简体中文');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('个人资料');
  await expect(page.locator('html')).toHaveAttribute('lang', /^zh/);
  await ada.enter('/rooms/1');
  await expect(page.getByRole('textbox', { name: '发消息到 #general' })).toBeVisible();
  await page.goto('/you');
  await page.getByLabel('语言').selectOption('English');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You');
});

test('the sign-in page speaks the language that is chosen at its top', async ({ owner, visitor }) => {
  await owner();
  const { page } = await visitor(zh);
  await page.goto('/sign-in?next=/rooms/1');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('欢迎回来');
  await page.getByLabel('语言').selectOption('English');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Welcome back');
  await expect(page).toHaveURL(/next=/);
});

test('a language that is chosen before the page is alive is not lost', async ({ owner }) => {
  const ada = await owner('Ada Marlow', zh);
  const { page } = ada;
  const release = await ada.holdAlive();
  await page.goto('/you', { waitUntil: 'commit' });
  await page.getByLabel('语言').selectOption('English');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You');
  release();
});

test('a Chinese name calls its person, and Chinese text is tagged as such', async ({ owner, guest }) => {
  const ada = await owner();
  const lin = await guest(ada, '林晓雨', zh);
  await lin.enter();
  await ada.enter();
  await ada.say('@林晓雨 钥匙在你那里吗？');
  const message = lin.message('钥匙在你那里吗');
  await expect(message.getByText('@林晓雨')).toHaveClass(/at-you/);
  await expect(message.locator('[lang="zh"]').first()).toBeAttached();
  await expect(lin.page.locator('[aria-live="polite"]')).toHaveText('对你说：Ada Marlow：@林晓雨 钥匙在你那里吗？');
  await expect(ada.people.getByText('林晓雨')).toBeVisible();
});
