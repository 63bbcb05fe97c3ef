// Whatever people write stays text.

import { expect, test } from '../support/test';

const ATTACKS = [
  '<script>window.hacked = 1</script>',
  '<img src=x onerror="window.hacked = 1">',
  '"><svg onload="window.hacked = 1">',
  '<a href="javascript:window.hacked=1">click</a>',
  '</textarea><iframe srcdoc="<script>parent.hacked=1</script>"></iframe>',
  '{{constructor.constructor("window.hacked=1")()}}',
  '--></script><script>window.hacked = 2</script>',
  '&lt;b&gt;not bold&lt;/b&gt; <b>nor this</b>',
  '<!-- --><style>*{display:none}</style>',
];

test('markup is shown as it was written, live and on a page from the server', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.enter();
  await wren.enter();
  for (const text of ATTACKS) {
    await wren.say(text);
    await expect(ada.message(text)).toHaveCount(1);
  }
  for (const page of [ada.page, wren.page]) {
    await expect(page.locator('article :is(script, img, iframe, style, b, a[href^="javascript"])')).toHaveCount(0);
  }
  await ada.enter();
  for (const text of ATTACKS) {
    await expect(ada.message(text)).toHaveCount(1);
  }
  expect(await ada.page.evaluate(() => 'hacked' in window)).toBe(false);
});

test('names and topics are text too', async ({ owner, guest }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren');
  const evil = '<img src=x onerror=alert(1)>';
  await wren.api('PATCH', '/users/me', { display_name: evil });
  const room = await ada.makeRoom('desk');
  await ada.api('PATCH', `/rooms/${room}`, { topic: '</script><script>window.hacked = 1</script>' });
  await wren.api('POST', `/rooms/${room}/members`, {});
  await wren.post(room, 'hello');
  await ada.enter(`/rooms/${room}`);
  await expect(ada.message('hello')).toContainText(evil);
  await expect(ada.people).toContainText(evil);
  const topic = '</script><script>window.hacked = 1</script>';
  await expect(ada.page.getByTitle('Topic')).toHaveText(topic);
  await expect(ada.log.getByText(topic, { exact: true })).toBeVisible();
  expect(await ada.page.evaluate(() => 'hacked' in window)).toBe(false);
});

test('links are links, and tell nobody where they come from', async ({ owner }) => {
  const ada = await owner();
  await ada.enter();
  await ada.say('见https://example.org/a?b=1&c=(d)，and http://example.org/%E4%B8%AD. Not javascript:alert(1) nor data:text/html,x');
  const links = ada.message('and http').getByRole('link', { name: /^http/ });
  await expect(links).toHaveCount(2);
  await expect(links.first()).toHaveAttribute('href', 'https://example.org/a?b=1&c=(d)');
  await expect(links.last()).toHaveAttribute('href', 'http://example.org/%E4%B8%AD');
  for (const link of await links.all()) {
    await expect(link).toHaveAttribute('rel', 'noopener nofollow ugc');
  }
});

test('the policy lets nothing run or be drawn but our own', async ({ owner }) => {
  const ada = await owner();
  await ada.post(1, 'A message.');
  for (const path of ['/rooms/1', '/', '/you', '/devices', '/sign-in']) {
    const answer = await ada.page.goto(path);
    const policy = answer?.headers()['content-security-policy'] ?? '';
    expect(policy, path).toContain("default-src 'none'");
    expect(policy, path).toContain("require-trusted-types-for 'script'; trusted-types 'none'");
    expect(policy, path).toMatch(/script-src 'self' 'nonce-[\w+/=-]{16,}' 'wasm-unsafe-eval'/);
    expect(policy, path).toContain("style-src 'self'");
    expect(policy, path).not.toContain('unsafe-inline');
    await expect(ada.page.locator('[style]'), path).toHaveCount(0);
    expect(answer?.headers()['x-content-type-options'], path).toBe('nosniff');
  }
});
