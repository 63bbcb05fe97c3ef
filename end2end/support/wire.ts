// The socket of a page, with a hand on it: frames can be held back, as a slow or broken network would.

import type { BrowserContext, Page, WebSocketRoute } from '@playwright/test';

type Frame = { t: string } & Record<string, unknown>;
type Holds = (frame: Frame) => boolean;

const never: Holds = () => false;

export class Wire {
  /** Frames that the page sent, over all its sockets. */
  readonly sent: Frame[] = [];
  private holdsUp: Holds = never;
  private holdsDown: Holds = never;
  private refusal: Frame | undefined;
  private held: (() => void)[] = [];
  private sockets: WebSocketRoute[] = [];
  private welcomes = 0;
  private waiting: (() => void)[] = [];

  /** Before the page is opened. */
  static async of(target: BrowserContext | Page): Promise<Wire> {
    const wire = new Wire();
    await target.routeWebSocket('**/ws', (socket) => wire.carry(socket));
    return wire;
  }

  /** Frames of the page that fit do not reach the server, until `release`. */
  holdUp(holds: Holds): void {
    this.holdsUp = holds;
  }

  /** Frames of the server that fit do not reach the page, until `release`. */
  holdDown(holds: Holds): void {
    this.holdsDown = holds;
  }

  /** Messages of the page are answered with this `nack`, as a server does that wants none of them; until `release`. */
  refuse(nack: Record<string, unknown>): void {
    this.refusal = { t: 'nack', message: 'no', ...nack };
  }

  /** Lets everything through, what was held first. */
  release(): void {
    this.refusal = undefined;
    this.holdsUp = never;
    this.holdsDown = never;
    const held = this.held;
    this.held = [];
    held.forEach((pass) => pass());
  }

  /** Whether something is held back. */
  get holding(): boolean {
    return this.held.length > 0;
  }

  /** Breaks the sockets that are open, as a network would; what is held goes with them. */
  async cut(): Promise<void> {
    const sockets = this.sockets;
    this.sockets = [];
    this.held = [];
    await Promise.all(sockets.map((socket) => socket.close({ code: 4001, reason: 'cut' })));
  }

  /** The first `welcome` after the `n` that came already. */
  async welcomed(n = 0): Promise<void> {
    while (this.welcomes <= n) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  private carry(socket: WebSocketRoute): void {
    const server = socket.connectToServer();
    this.sockets.push(socket);
    socket.onMessage((text) => {
      const frame = JSON.parse(String(text)) as Frame;
      this.sent.push(frame);
      if (this.refusal && frame.t === 'send') {
        socket.send(JSON.stringify({ ...this.refusal, id: frame['id'] }));
        return;
      }
      this.pass(this.holdsUp(frame), () => server.send(text));
    });
    server.onMessage((text) => {
      const frame = JSON.parse(String(text)) as Frame;
      this.pass(this.holdsDown(frame), () => socket.send(text));
      if (frame.t === 'welcome') {
        this.welcomes += 1;
        this.waiting.splice(0).forEach((wake) => wake());
      }
    });
  }

  private pass(hold: boolean, go: () => void): void {
    if (hold) {
      this.held.push(go);
    } else {
      go();
    }
  }
}
