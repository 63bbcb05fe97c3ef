// What a browser loads before it can chat.

import { request as ask } from 'node:http';

import { expect, test } from '../support/test';

const MAX_BYTES = 400 * 1024;

interface Sent {
  bytes: number;
  encoding: string | undefined;
  cache: string | undefined;
}

/** As it goes over the wire: nothing is unpacked. */
function sent(url: string): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const call = ask(url, { headers: { 'accept-encoding': 'br, gzip' } }, (answer) => {
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
      answer.on('end', () =>
        resolve({ bytes, encoding: answer.headers['content-encoding'], cache: answer.headers['cache-control'] }),
      );
    });
    call.on('error', reject).end();
  });
}

test('Wasm, JavaScript and the style sheet together are at most 400 KB as sent', async ({ owner, server }, info) => {
  const ada = await owner();
  const loaded = new Set<string>();
  ada.page.on('response', (response) => {
    if (/\.(js|wasm|css)(\?|$)/.test(response.url())) {
      loaded.add(response.url());
    }
  });
  await ada.enter();
  const held = [...loaded].every((url) => /\.[0-9a-f]{16}\.(js|wasm|css)$/.test(url));
  test.skip(!held, 'a debug build serves its page from the disk, as it is');
  let sum = 0;
  for (const url of loaded) {
    const { bytes, encoding, cache } = await sent(url);
    expect(encoding, url).toBe('br');
    expect(cache, url).toContain('immutable');
    sum += bytes;
    console.log(`${url.slice(server.origin.length)}: ${(bytes / 1024).toFixed(1)} KB`);
  }
  console.log(`together: ${(sum / 1024).toFixed(1)} KB`);
  info.annotations.push({ type: 'size', description: `${sum} bytes` });
  const kinds = [...loaded].map((url) => url.split('.').pop()).sort();
  expect([...new Set(kinds)]).toEqual(['css', 'js', 'wasm']);
  expect(sum).toBeLessThanOrEqual(MAX_BYTES);
});

test('the sign-in page is at most 60 KB as sent before it is idle; the rest comes after', async ({ owner, visitor, server }) => {
  await owner();
  const { page, context } = await visitor();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  let bytes = 0;
  const loaded: string[] = [];
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  page.on('request', (request) => loaded.push(request.url().slice(server.origin.length)));
  await page.goto('/sign-in', { waitUntil: 'networkidle' });
  console.log(`${(bytes / 1024).toFixed(1)} KB: ${loaded.join(' ')}`);
  expect(bytes).toBeLessThanOrEqual(60_000);
  expect(loaded.filter((url) => url.includes('.wasm'))).toEqual([]);
  await page.waitForResponse((response) => response.url().includes('.wasm'));
});
