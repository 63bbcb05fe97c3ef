// What a room costs its reader's page while messages come: `npm run measure -- room`. It is no test: a loaded machine would fail it. It says
// what it found in one line of JSON; docs/benchmarks.md has the figures that were. A room with a history, and memory:
// `MEMBERS=10000 STORED=1000000 MESSAGES=5000 npm run measure -- room`.

import type { Page } from '@playwright/test';

import { crowd, talk } from '../support/crowd';
import { expect, test } from '../support/test';

/** Messages that come, and how many a second. */
const MESSAGES = Number(process.env['MESSAGES'] ?? 3_000);
const PER_S = Number(process.env['PER_S'] ?? 20);
/** How many the room has before: people, and messages. */
const MEMBERS = Number(process.env['MEMBERS'] ?? 2);
const STORED = Number(process.env['STORED'] ?? 0);
/** After so many messages memory is looked at for the first time. */
const FIRST = 500;
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

/** What the page holds, in bytes: its Wasm memory, which never shrinks, and what JavaScript still needs. */
async function held(page: Page): Promise<{ wasm: number; js: number }> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  await devtools.detach();
  return { wasm: await page.evaluate(() => window.seen.memory?.buffer.byteLength ?? 0), js: usedSize };
}

const megabytes = (size: number): number => Math.round(size / 1e5) / 10;

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}

/** Types a line and deletes it again until `over`. */
async function type(page: Page, over: () => boolean): Promise<void> {
  for (let keys = 0; !over(); keys++) {
    await page.keyboard.press(keys % 80 < 40 ? 'x' : 'Backspace');
    await page.waitForTimeout(KEY_MS);
  }
}

test.use({ settings: { HUBBUB_SEND_PER_S: '0', HUBBUB_HTTP_PER_S_ADDRESS: '0' } });

test('a room in which messages come while one types', async ({ owner, guest, server }) => {
  test.setTimeout((MESSAGES / PER_S) * 2_000 + 600_000);
  const ada = await owner();
  const wren = await guest(ada, 'Wren Fairchild');
  if (MEMBERS > 2) {
    await crowd(server, Array.from({ length: MEMBERS - 2 }, (_, at) => ({ name: `person-${at}`, shown: `Person ${at}` })));
  }
  if (STORED > 0) {
    await talk(server, STORED);
  }
  await ada.page.addInitScript(watch);
  await ada.enter();
  for (let line = 1; line <= 50; line++) {
    await wren.post(1, `Before ${line}.`);
  }
  await expect(ada.message('Before 50.')).toBeVisible();
  const before = await held(ada.page);
  await ada.field.focus();
  await ada.page.evaluate(() => (window.seen.long.length = 0));

  let came = 0;
  const say = async (upto: number): Promise<number> => {
    const begun = performance.now();
    const first = came;
    for (; came < upto; came++) {
      await pause(begun + ((came - first) * 1_000) / PER_S - performance.now());
      await wren.post(1, `Line ${came}. What somebody says in a room is mostly about this long, and now and then longer.`);
    }
    return performance.now() - begun;
  };
  const part = async (upto: number): Promise<number> => {
    const said = say(upto);
    await type(ada.page, () => came >= upto);
    const took = await said;
    await expect(ada.message(`Line ${upto - 1}.`)).toBeVisible();
    return took;
  };
  let took = await part(Math.min(FIRST, MESSAGES));
  const tasks = await ada.page.evaluate(() => window.seen.long.splice(0));
  const first = await held(ada.page);
  await ada.page.evaluate(() => (window.seen.long.length = 0));
  const growth: number[] = [];
  for (let upto = 2 * FIRST; upto < MESSAGES; upto += FIRST) {
    took += await part(upto);
    growth.push(megabytes((await held(ada.page)).wasm));
  }
  took += MESSAGES > FIRST ? await part(MESSAGES) : 0;
  tasks.push(...(await ada.page.evaluate(() => window.seen.long.splice(0))));
  const after = await held(ada.page);
  const seen = await ada.page.evaluate(() => ({ ...window.seen, nodes: document.querySelectorAll('*').length }));
  console.log(
    JSON.stringify({
      members: MEMBERS,
      stored: STORED,
      messages: MESSAGES,
      a_second: Math.round((MESSAGES * 1_000) / took),
      nodes: seen.nodes,
      wasm_memory_mb: [before, first, after].map(({ wasm }) => megabytes(wasm)),
      wasm_memory_mb_each_500: growth,
      js_heap_mb: [before, first, after].map(({ js }) => megabytes(js)),
      held_growth: Math.round(((after.wasm + after.js) / (first.wasm + first.js)) * 100) / 100,
      wasm_bytes_a_message: Math.round((after.wasm - before.wasm) / MESSAGES),
      keys: seen.handled.length,
      key_handled_ms: { p50: percentile(seen.handled, 0.5), p95: percentile(seen.handled, 0.95), p99: percentile(seen.handled, 0.99) },
      key_drawn_ms: { p50: percentile(seen.drawn, 0.5), p95: percentile(seen.drawn, 0.95), p99: percentile(seen.drawn, 0.99) },
      tasks_over_50_ms: tasks.length,
      longest_ms: Math.round(Math.max(0, ...tasks)),
    }),
  );
});
