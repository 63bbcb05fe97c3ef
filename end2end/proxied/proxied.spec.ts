// What only shows behind a proxy.

import { get } from 'node:http';

import { expect, test } from '../support/test';
import { NOBODY_LISTENS, status } from '../support/watch';

test('the page is https, and so are its cookies; http leads there', async ({ owner, visitor, server }) => {
  await owner();
  const ada = await visitor();
  await ada.page.goto('/sign-in');
  await ada.signIn('Ada Marlow');
  await ada.field.waitFor();
  expect(await ada.page.evaluate(() => isSecureContext)).toBe(true);
  const cookies = await ada.context.cookies();
  const signIn = cookies.filter(({ name }) => /hubbub_(session|refresh)/.test(name));
  expect(signIn).toHaveLength(2);
  for (const { name, secure, httpOnly } of signIn) {
    expect({ name, secure, httpOnly }).toEqual({ name: expect.stringMatching(/^__Host-/), secure: true, httpOnly: true });
  }
  const page = await ada.context.request.get(`${server.origin}/`);
  expect(page.headers()['strict-transport-security']).toMatch(/max-age=\d/);

  const led = await new Promise<{ status: number | undefined; to: string | undefined }>((settle, fail) => {
    get(`http://localhost:${server.proxy?.http}/rooms/1?at=3`, { agent: false }, (answer) => {
      answer.resume();
      settle({ status: answer.statusCode, to: answer.headers.location });
    }).once('error', fail);
  });
  expect(led).toEqual({ status: 308, to: expect.stringMatching(/^https:\/\/localhost(:\d+)?\/rooms\/1\?at=3$/) });
});

test('the visitor has the address that the proxy sees, whatever they claim', async ({ owner, visitor, server }) => {
  await owner();
  const eve = await visitor();
  eve.watch.expect(status(401));
  await eve.context.request.post(`${server.origin}/api/v1/sessions`, {
    headers: { origin: server.origin, 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9' },
    data: { name: 'Ada Marlow', password: 'not her password' },
  });
  await expect.poll(() => server.log).toMatch(/a wrong password .*127\.0\.0\.1/);
  expect(server.log).not.toContain('203.0.113.9');
});

test('what is longer than Hubbub takes is refused by the proxy', async ({ owner, server }) => {
  const ada = await owner();
  ada.watch.expect(status(413));
  const answer = await ada.context.request.post(`${server.origin}/api/v1/rooms/1/messages`, {
    headers: { origin: server.origin },
    data: { id: crypto.randomUUID(), text: 'x'.repeat(2_000_000) },
  });
  expect(answer.status()).toBe(413);
  // What Hubbub answers itself has one.
  expect(answer.headers()['x-request-id']).toBeUndefined();
});

test('a server that drains and comes back is found again through the same proxy', async ({ owner, guest, server }) => {
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  for (const person of [ada, wren]) {
    person.watch.expect(NOBODY_LISTENS);
    await person.enter();
  }
  await ada.say('Before.');
  await expect(wren.message('Before.')).toBeVisible();
  expect(await server.stop()).toBe(0);
  await expect(ada.page.getByText('Not connected')).toBeVisible();
  await ada.say('Meanwhile.');
  await server.restart();
  await ada.stored('Meanwhile.');
  await expect(wren.message('Meanwhile.')).toHaveCount(1);
});
