// What a room costs its reader's page while messages come: `npm run measure`. It is no test: a loaded machine would fail it. It says
// what it found in one line of JSON; docs/benchmarks.md has the figures that were.

import type { Page } from '@playwright/test';

import { expect, test } from '../support/test';

/** Messages that come, and how many a second. */
const MESSAGES = Number(process.env['MESSAGES'] ?? 3_000);
const PER_S = Number(process.env['PER_S'] ?? 20);
/** Between two keys: a fast typist. */
const KEY_MS = 120;

interface Seen {
  /** From the key until what listens to it is done, and until the frame with it is drawn, in ms. */
  handled: number[];
  drawn: number[];
  /** Tasks over 50 ms. */
  long: number[];
  memory: WebAssembly.Memory | undefined;
}

declare global {
  interface Window {
    seen: Seen;
  }
}

/** Runs in the page before its scripts. */
function watch(): void {
  const seen: Seen = { handled: [], drawn: [], long: [], memory: undefined };
  window.seen = seen;
  const { instantiateStreaming } = WebAssembly;
  WebAssembly.instantiateStreaming = async (...sources) => {
    const made = await instantiateStreaming(...sources);
    seen.memory = made.instance.exports['memory'] as WebAssembly.Memory;
    return made;
  };
  new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => seen.long.push(duration))).observe({
    entryTypes: ['longtask'],
  });
  let pressed = 0;
  addEventListener('keydown', ({ timeStamp }) => (pressed = timeStamp), true);
  addEventListener('input', () => {
    const from = pressed;
    queueMicrotask(() => seen.handled.push(performance.now() - from));
    requestAnimationFrame(() => {
      const painted = new MessageChannel();
      painted.port1.onmessage = (): number => seen.drawn.push(performance.now() - from);
      painted.port2.postMessage(undefined);
    });
  });
}

function percentile(of: number[], part: number): number {
  const sorted = [...of].sort((one, other) => one - other);
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN) * 10) / 10;
}

const bytes = (page: Page): Promise<number> => page.evaluate(() => window.seen.memory?.buffer.byteLength ?? 0);

test.use({ settings: { HUBBUB_SEND_PER_S: '0', HUBBUB_HTTP_PER_S_ADDRESS: '0' } });

test('a room in which messages come while one types', async ({ owner, guest }) => {
  test.setTimeout((MESSAGES / PER_S) * 2_000 + 60_000);
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  await ada.page.addInitScript(watch);
  await ada.enter();
  for (let line = 1; line <= 50; line++) {
    await wren.post(1, `Before ${line}.`);
  }
  await expect(ada.message('Before 50.')).toBeVisible();
  const before = await bytes(ada.page);
  await ada.page.evaluate(() => (window.seen.long.length = 0));

  let came = 0;
  const begun = performance.now();
  const sends = (async (): Promise<void> => {
    for (; came < MESSAGES; came++) {
      const due = begun + (came * 1_000) / PER_S;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      await wren.post(1, `Line ${came}. What somebody says in a room is mostly about this long, and now and then longer.`);
    }
  })();
  await ada.field.focus();
  let keys = 0;
  while (came < MESSAGES) {
    // A line is typed and deleted again.
    await ada.page.keyboard.press(keys++ % 80 < 40 ? 'x' : 'Backspace');
    await ada.page.waitForTimeout(KEY_MS);
  }
  await sends;
  await expect(ada.message(`Line ${MESSAGES - 1}.`)).toBeVisible();
  const after = await bytes(ada.page);
  const seen = await ada.page.evaluate(() => ({ ...window.seen, nodes: document.querySelectorAll('*').length }));
  console.log(
    JSON.stringify({
      messages: MESSAGES,
      a_second: Math.round((MESSAGES * 1_000) / (performance.now() - begun)),
      nodes: seen.nodes,
      wasm_memory_mb: [before, after].map((size) => Math.round((size / 1e6) * 10) / 10),
      wasm_bytes_a_message: Math.round((after - before) / MESSAGES),
      keys: seen.handled.length,
      key_handled_ms: { p50: percentile(seen.handled, 0.5), p95: percentile(seen.handled, 0.95), p99: percentile(seen.handled, 0.99) },
      key_drawn_ms: { p50: percentile(seen.drawn, 0.5), p95: percentile(seen.drawn, 0.95), p99: percentile(seen.drawn, 0.99) },
      tasks_over_50_ms: seen.long.length,
      longest_ms: Math.round(Math.max(0, ...seen.long)),
    }),
  );
});
