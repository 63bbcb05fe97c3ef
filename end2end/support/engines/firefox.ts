// Firefox as the system has it, over WebDriver BiDi.

import puppeteer, { type Browser, type BrowserContext, type Page } from 'puppeteer-core';

import type { Engine, Key, Tab } from './tab';

export class Firefox implements Engine {
  private constructor(private readonly browser: Browser) {}

  static async start(executablePath: string): Promise<Firefox> {
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath,
      headless: true,
      defaultViewport: { width: 1280, height: 800 },
      extraPrefsFirefox: { 'intl.accept_languages': 'en-GB, en' },
    });
    return new Firefox(browser);
  }

  async window(): Promise<Tab> {
    const context = await this.browser.createBrowserContext();
    return FirefoxTab.open(context);
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

class FirefoxTab implements Tab {
  private readonly said: string[] = [];

  private constructor(
    private readonly context: BrowserContext,
    private readonly page: Page,
  ) {
    page.on('console', (message) => {
      if (['error', 'warn'].includes(message.type())) {
        this.said.push(`console ${message.type()}: ${message.text()}`);
      }
    });
    page.on('pageerror', (error) => this.said.push(`page error: ${error instanceof Error ? error.message : String(error)}`));
  }

  static async open(context: BrowserContext): Promise<FirefoxTab> {
    // A tab in the background never has the focus, and never hears of it.
    return new FirefoxTab(context, await context.newPage({ type: 'window' }));
  }

  async another(): Promise<Tab> {
    return FirefoxTab.open(this.context);
  }

  async goto(url: string): Promise<void> {
    await this.page.goto(url, { waitUntil: 'domcontentloaded' });
  }

  async run<T>(body: string, ...args: unknown[]): Promise<T> {
    return (await this.page.evaluate(`(function () { ${body} }).apply(null, ${JSON.stringify(args)})`)) as T;
  }

  async click(selector: string): Promise<void> {
    await this.page.click(selector);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  async press(key: Key, ...held: Key[]): Promise<void> {
    for (const other of held) {
      await this.page.keyboard.down(other);
    }
    await this.page.keyboard.press(key);
    for (const other of held.toReversed()) {
      await this.page.keyboard.up(other);
    }
  }

  async complaints(): Promise<string[]> {
    return [...this.said];
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}
