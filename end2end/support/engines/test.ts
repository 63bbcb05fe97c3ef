// `test` with a server of its own and people in another engine. After each test the server must end well, its store must be whole, and no
// page may have complained.

import { expect, test as base } from '@playwright/test';

import { PASSWORD } from '../person';
import { Server, type Settings } from '../server';
import { Firefox } from './firefox';
import type { Engine, Tab } from './tab';
import { WebKit } from './webkit';

export class Someone {
  /** What its pages may complain about. */
  readonly expected: RegExp[] = [];

  constructor(
    readonly tab: Tab,
    readonly origin: string,
  ) {}

  /** Fills in a form that asks for a name and a password, and sends it; a room is open afterwards. */
  async signUp(path: string, name: string): Promise<void> {
    await this.tab.goto(this.origin + path);
    for (const [field, value] of [['name', name], ['password', PASSWORD]]) {
      await this.tab.click(`input[name=${field}]`);
      await this.tab.type(value ?? '');
    }
    await this.tab.press('Enter');
    await expect.poll(() => this.tab.run<string>('return location.pathname')).toMatch(/^\/rooms\/\d+/);
  }

  /** Writes into the composer, key by key, and waits until the page has taken it up. */
  async write(text: string): Promise<void> {
    await this.tab.click('#composer');
    await this.tab.type(text);
    await expect.poll(() => this.tab.run<boolean>('return !!document.querySelector(".write .send:not([aria-disabled])")')).toBe(true);
  }

  /** Writes a message and sends it with Enter. */
  async say(text: string): Promise<void> {
    await this.write(text);
    await this.tab.press('Enter');
    await expect.poll(() => this.count(text)).toBe(1);
  }

  /** Waits until a message is here, and stored. */
  async sees(text: string): Promise<void> {
    await expect.poll(() => this.count(text, true), { intervals: [50] }).toBe(1);
  }

  /** How many messages hold a text; only stored ones, if asked for. */
  async count(text: string, stored = false): Promise<number> {
    const body = `
      const [text, stored] = arguments;
      return [...document.querySelectorAll('article.msg')].filter((message) =>
        message.textContent.includes(text) && (!stored || message.querySelector('a[href*="at="] time, time a[href*="at="]'))).length;`;
    return this.tab.run(body, text, stored);
  }

  /** What the connection banner says; empty where there is none. */
  async banner(): Promise<string> {
    return this.tab.run('return document.querySelector(".banner")?.textContent.replace(/\\s+/g, " ") ?? ""');
  }
}

/** A person at the HTTP API. */
export class Bot {
  private constructor(
    private readonly origin: string,
    private readonly token: string,
  ) {}

  static async signIn(origin: string, name: string): Promise<Bot> {
    const body = { name, password: PASSWORD, device: 'a-bot-of-the-smoke-tests' };
    const { access_token } = await ask<{ access_token: string }>(origin, 'POST', '/sessions', body);
    return new Bot(origin, access_token);
  }

  async call<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    return ask<T>(this.origin, method, path, body, this.token);
  }

  async post(room: number, text: string): Promise<void> {
    await this.call('POST', `/rooms/${room}/messages`, { id: crypto.randomUUID(), text });
  }

  async invite(): Promise<string> {
    const { invite } = await this.call<{ invite: { url: string } }>('POST', '/invites', { uses: 10 });
    return new URL(invite.url).pathname;
  }

  /** The texts that the server holds, oldest first. */
  async texts(room: number): Promise<(string | undefined)[]> {
    const { messages } = await this.call<{ messages: { text?: string }[] }>('GET', `/rooms/${room}/messages?limit=100`);
    return messages.map((message) => message.text);
  }
}

async function ask<T>(origin: string, method: string, path: string, body?: unknown, token?: string): Promise<T> {
  const answer = await fetch(`${origin}/api/v1${path}`, {
    method,
    headers: { origin, 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  }
  return JSON.parse(text) as T;
}

interface Fixtures {
  settings: Settings;
  server: Server;
  /** Somebody in a window of their own. */
  someone: () => Promise<Someone>;
  /** The first account, signed up by the page and in its room. */
  ada: Someone;
  /** The same account over the API. */
  bot: Bot;
}

export const test = base.extend<Fixtures, { engine: Engine }>({
  engine: [
    async ({}, use, { project }) => {
      const engine = await start(project.name);
      await use(engine);
      await engine.close();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  settings: [{ HUBBUB_SEND_PER_S: '0', HUBBUB_HTTP_PER_S_ADDRESS: '0', HUBBUB_DURABILITY: 'normal' }, { option: true }],

  server: async ({ settings }, use) => {
    const server = await Server.start(settings);
    await use(server);
    const exit = server.running ? await server.stop() : 0;
    const verified = await server.verify();
    await server.clean();
    expect(exit, 'exit status of the server').toBe(0);
    expect(verified, 'hubbub verify').toMatchObject({ code: 0 });
    expect(server.complaints(), 'errors in the log of the server').toEqual([]);
  },

  someone: async ({ engine, server }, use) => {
    const all: Someone[] = [];
    await use(async () => {
      const someone = new Someone(await engine.window(), server.origin);
      all.push(someone);
      return someone;
    });
    const complaints: string[] = [];
    for (const { tab, expected } of all) {
      const said = await tab.complaints();
      complaints.push(...said.filter((line) => !expected.some((pattern) => pattern.test(line))));
      await tab.close();
    }
    expect(complaints, 'what the pages complained about').toEqual([]);
  },

  ada: async ({ someone }, use) => {
    const ada = await someone();
    await ada.signUp('/', 'Ada');
    await use(ada);
  },

  bot: async ({ ada, server }, use) => {
    await use(await Bot.signIn(server.origin, ada ? 'Ada' : ''));
  },
});

async function start(name: string): Promise<Engine> {
  const path = (variable: string): string => {
    const found = process.env[variable];
    if (!found) {
      throw new Error(`${variable} names no program: run these tests by tools/engines`);
    }
    return found;
  };
  return name === 'firefox' ? Firefox.start(path('FIREFOX_PATH')) : new WebKit(path('WEBKIT_DRIVER_PATH'), path('WEBKIT_PATH'));
}

export { expect };
