// Somebody at a browser of their own, in the words of the page.

import { type APIResponse, type BrowserContext, expect, type Locator, type Page, type WebSocket } from '@playwright/test';

import { Watch } from './watch';

export const PASSWORD = 'a sentence is the best password';

export class Person {
  readonly watch: Watch;

  constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly origin: string,
  ) {
    this.watch = new Watch(context);
  }

  /** Opens a page of the rooms, and waits until it is connected. */
  async enter(path = '/rooms/1', page = this.page): Promise<void> {
    // Listened for only now: a socket of the page before would be taken for this one's.
    await page.goto(path, { waitUntil: 'commit' });
    await this.welcome(page);
  }

  /** The next `welcome` that a page gets, over a socket that it opens from now on. */
  welcome(page = this.page): Promise<void> {
    return new Promise((resolve) => {
      const listen = (socket: WebSocket): void => {
        socket.on('framereceived', ({ payload }) => {
          if (payload.includes('"t":"welcome"')) {
            page.off('websocket', listen);
            resolve();
          }
        });
      };
      page.on('websocket', listen);
    });
  }

  /** The page comes, but is not alive until the function that this gives is called. */
  async holdAlive(): Promise<() => void> {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    await this.page.route('**/*.wasm', async (route) => {
      await held;
      await route.continue();
    });
    return release;
  }

  get rooms(): Locator {
    return this.page.getByRole('navigation', { name: 'Rooms' });
  }

  /** A row of the list of rooms. */
  row(name: string): Locator {
    return this.rooms.getByRole('link').filter({ has: this.page.getByText(name, { exact: true }) });
  }

  get log(): Locator {
    return this.page.getByRole('log');
  }

  /** Messages that hold a text. */
  message(text: string | RegExp): Locator {
    return this.log.getByRole('article').filter({ hasText: text });
  }

  get field(): Locator {
    return this.page.getByRole('textbox', { name: /^(Write to|Edit your message)/ });
  }

  /** The connection banner in a state that says this. */
  banner(says: string | RegExp): Locator {
    return this.page.getByRole('status').or(this.page.getByRole('alert')).filter({ hasText: says });
  }

  get people(): Locator {
    return this.page.getByRole('region', { name: /^People in/ });
  }

  /**
   * Scrolls the timeline by so many pixels, as a finger or a mouse does; back when that is done. A wheel that is turned by
   * `mouse.wheel` may be lost: Chromium joins turns to one gesture until none came for 500 ms, and drops one that comes as it ends
   * the gesture. What is done here is one whole gesture.
   */
  async scroll(by: number): Promise<void> {
    const view = await this.page.locator('#timeline').boundingBox();
    if (!view) {
      throw new Error('there is no timeline');
    }
    const devtools = await this.context.newCDPSession(this.page);
    await devtools.send('Input.synthesizeScrollGesture', {
      x: view.x + view.width / 2,
      y: view.y + view.height / 2,
      yDistance: -by,
      speed: 8_000,
      preventFling: true,
      gestureSourceType: 'mouse',
    });
    await devtools.detach();
  }

  /** Writes a message and sends it with Enter; it stands in the timeline at once. */
  async say(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press('Enter');
    await expect(this.message(text)).toHaveCount(1);
  }

  /** The message is stored: its time is its address. */
  async stored(text: string | RegExp): Promise<void> {
    await expect(this.message(text).getByRole('link', { name: /permalink/ })).toHaveCount(1);
  }

  async signIn(name: string, password = PASSWORD): Promise<void> {
    await this.page.getByLabel('Name', { exact: true }).fill(name);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  /** A call of the HTTP API, with this person's cookies; it must succeed. */
  async api<T = unknown>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, data?: unknown): Promise<T> {
    const answer = await this.context.request.fetch(`${this.origin}/api/v1${path}`, {
      method,
      headers: { origin: this.origin },
      ...(data === undefined ? {} : { data }),
    });
    return read<T>(answer, `${method} ${path}`);
  }

  /** Sends a classic form, as a browser without scripts does. */
  async form(path: string, fields: Record<string, string>): Promise<void> {
    const answer = await this.context.request.post(path, {
      form: fields,
      headers: { origin: this.origin },
      maxRedirects: 0,
    });
    if (answer.status() !== 303) {
      throw new Error(`POST ${path}: ${answer.status()}`);
    }
  }

  /** The path of a new invite. */
  async invite(): Promise<string> {
    const { invite } = await this.api<{ invite: { url: string } }>('POST', '/invites', { uses: 10 });
    return new URL(invite.url).pathname;
  }

  /** Makes a room over the API; its id. */
  async makeRoom(name: string, kind: 'public' | 'private' = 'public'): Promise<number> {
    const { room } = await this.api<{ room: { id: number } }>('POST', '/rooms', { kind, name });
    return room.id;
  }

  /** How many messages of a room are unread, by what the server holds. */
  async unread(room: number): Promise<number | undefined> {
    const { rooms } = await this.api<{ rooms: { id: number; unread: number }[] }>('GET', '/rooms');
    return rooms.find(({ id }) => id === room)?.unread;
  }

  /** Says something without a page; tells its place in the log. */
  async post(room: number, text: string, more: { reply_to?: number; thread?: number; also?: boolean } = {}): Promise<number> {
    const body = { id: crypto.randomUUID(), text, ...more };
    const { seq } = await this.api<{ seq: number }>('POST', `/rooms/${room}/messages`, body);
    return seq;
  }

  /** The texts that the server holds, oldest first. */
  async texts(room: number): Promise<(string | undefined)[]> {
    const path = `/rooms/${room}/messages?limit=100`;
    const { messages } = await this.api<{ messages: { text?: string }[] }>('GET', path);
    return messages.map((message) => message.text);
  }
}

async function read<T>(answer: APIResponse, what: string): Promise<T> {
  const text = await answer.text();
  if (!answer.ok()) {
    throw new Error(`${what}: ${answer.status()} ${text}`);
  }
  return (text ? JSON.parse(text) : undefined) as T;
}
