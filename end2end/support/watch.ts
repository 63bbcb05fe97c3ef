// What a page must never do in silence: print on the console, throw, fail to load something.

import type { BrowserContext } from '@playwright/test';

import { PROXY } from './proxy';

export class Watch {
  private readonly expected: RegExp[] = [];
  private readonly seen: string[] = [];

  constructor(context: BrowserContext) {
    context.on('console', (message) => {
      const { url } = message.location();
      // Chromium says itself that it did as the answer to a sign-out asked.
      if (message.type() === 'info' && message.text().startsWith('Clear-Site-Data header on ')) return;
      this.seen.push(`console ${message.type()}: ${message.text()} (${url})`);
    });
    context.on('weberror', (error) => this.seen.push(`page error: ${error.error().stack ?? error.error().message}`));
    context.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? 'failed';
      // The page went elsewhere before the answer came: nobody's fault.
      if (why !== 'net::ERR_ABORTED') {
        this.seen.push(`request failed: ${why} ${request.method()} ${request.url()}`);
      }
    });
    context.on('response', (response) => {
      if (response.status() >= 400) {
        this.seen.push(`status ${response.status()}: ${response.request().method()} ${response.url()}`);
      }
    });
  }

  /** From now to the end of the test this is no fault. */
  expect(...patterns: RegExp[]): void {
    this.expected.push(...patterns);
  }

  /** Everything else that happened. */
  faults(): string[] {
    return this.seen.filter((line) => !this.expected.some((pattern) => pattern.test(line)));
  }
}

const REFUSED = /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED|WebSocket connection to .* failed/;
/** What a browser says while nobody listens at the server's port; a proxy in front says it in its own way too. */
export const NOBODY_LISTENS = PROXY ? new RegExp(`${REFUSED.source}|status(?: of)? 50[234]\\b`) : REFUSED;
/** What it says while it plays without a network. */
export const NO_NETWORK = /ERR_INTERNET_DISCONNECTED|WebSocket connection to .* failed/;

/** A page that answers with this status, as its test wants it. */
export function status(code: number): RegExp {
  return new RegExp(`status ${code}:|responded with a status of ${code}`);
}
