// WebKit as the system has it (WebKitGTK's MiniBrowser), over plain WebDriver: JSON over HTTP. One driver is one browser.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

import type { Engine, Key, Tab } from './tab';

const START_MS = 15_000;
/** The name of an element in WebDriver's answers (https://www.w3.org/TR/webdriver2/#elements). */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
/** WebDriver's names of keys (https://www.w3.org/TR/webdriver2/#keyboard-actions). */
const KEYS: Record<Key, string> = {
  Enter: '\uE007',
  Shift: '\uE008',
  Escape: '\uE00C',
  Tab: '\uE004',
  ArrowDown: '\uE015',
};
/** MiniBrowser writes each message of a page's console as a line. */
const COMPLAINT = /CONSOLE \S+ (WARN|ERROR)|Unhandled Promise Rejection/;

export class WebKit implements Engine {
  private readonly windows: WebKitTab[] = [];

  constructor(
    private readonly driver: string,
    private readonly browser: string,
  ) {}

  async window(): Promise<Tab> {
    const window = await WebKitTab.start(this.driver, this.browser);
    this.windows.push(window);
    return window;
  }

  async close(): Promise<void> {
    await Promise.all(this.windows.map((window) => window.close()));
  }
}

class WebKitTab implements Tab {
  private session = '';
  private log = '';

  private constructor(
    private readonly process: ChildProcess,
    private readonly url: string,
  ) {
    const listen = (text: string): void => {
      this.log += text;
    };
    process.stdout?.setEncoding('utf8').on('data', listen);
    process.stderr?.setEncoding('utf8').on('data', listen);
  }

  static async start(driver: string, binary: string): Promise<WebKitTab> {
    const port = await freePort();
    const process = spawn(driver, [`--port=${port}`, '--host=127.0.0.1'], { stdio: ['ignore', 'pipe', 'pipe'] });
    const tab = new WebKitTab(process, `http://127.0.0.1:${port}`);
    await tab.listening();
    const args = ['--automation', '--geometry=1280x800', '--enable-write-console-messages-to-stdout=true'];
    const { sessionId } = await tab.ask<{ sessionId: string }>('POST', '/session', {
      capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { binary, args } } },
    });
    tab.session = `/session/${sessionId}`;
    return tab;
  }

  async goto(url: string): Promise<void> {
    await this.ask('POST', `${this.session}/url`, { url });
  }

  async another(): Promise<Tab> {
    throw new Error('WebDriver shows one window at a time');
  }

  async run<T>(body: string, ...args: unknown[]): Promise<T> {
    return this.ask('POST', `${this.session}/execute/sync`, { script: body, args });
  }

  async click(selector: string): Promise<void> {
    const found = await this.ask<Record<string, string>>('POST', `${this.session}/element`, { using: 'css selector', value: selector });
    await this.ask('POST', `${this.session}/element/${found[ELEMENT]}/click`, {});
  }

  async type(text: string): Promise<void> {
    await this.keys([...text].flatMap((value) => [{ type: 'keyDown', value }, { type: 'keyUp', value }]));
  }

  async press(key: Key, ...held: Key[]): Promise<void> {
    const down = (name: Key) => ({ type: 'keyDown', value: KEYS[name] });
    const up = (name: Key) => ({ type: 'keyUp', value: KEYS[name] });
    await this.keys([...held.map(down), down(key), up(key), ...held.toReversed().map(up)]);
  }

  async complaints(): Promise<string[]> {
    return this.log.split('\n').filter((line) => COMPLAINT.test(line));
  }

  async close(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) {
      return;
    }
    if (this.session) {
      await this.ask('DELETE', this.session).catch(() => undefined);
    }
    const exited = once(this.process, 'exit');
    this.process.kill();
    await exited;
  }

  private async keys(actions: unknown[]): Promise<void> {
    await this.ask('POST', `${this.session}/actions`, { actions: [{ type: 'key', id: 'keyboard', actions }] });
  }

  private async listening(): Promise<void> {
    const until = Date.now() + START_MS;
    for (;;) {
      try {
        await this.ask('GET', '/status');
        return;
      } catch (why) {
        if (Date.now() > until || this.process.exitCode !== null) {
          throw new Error(`WebKit's driver does not answer: ${String(why)} ${this.log}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  private async ask<T = unknown>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
    const answer = await fetch(this.url + path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const { value } = (await answer.json()) as { value: T & { error?: string; message?: string } };
    if (!answer.ok) {
      throw new Error(`WebDriver ${method} ${path}: ${value?.error}: ${value?.message} ${this.log.slice(-500)}`);
    }
    return value;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (!address || typeof address === 'string') {
    throw new Error('no free port');
  }
  return address.port;
}
