// What a test asks of a browser that Playwright does not drive.

/** A browser, which gives windows that share nothing with each other. */
export interface Engine {
  /** A window with cookies and storage of its own. */
  window(): Promise<Tab>;
  close(): Promise<void>;
}

/** A page in a window. */
export interface Tab {
  goto(url: string): Promise<void>;
  /** Another page with the same cookies. */
  another(): Promise<Tab>;
  /** Runs the body of a function with these arguments in the page; they and what it returns are JSON. */
  run<T>(body: string, ...args: unknown[]): Promise<T>;
  /** Clicks in the middle of the first element that matches a selector, as a mouse does. */
  click(selector: string): Promise<void>;
  /** Types a text into what has the focus, key by key. */
  type(text: string): Promise<void>;
  /** Presses a key, with the others held: `press('Enter', 'Shift')`. */
  press(key: Key, ...held: Key[]): Promise<void>;
  /** What the page printed on its console as a warning or an error, and what it threw. */
  complaints(): Promise<string[]>;
  close(): Promise<void>;
}

export type Key = 'Enter' | 'Shift' | 'Escape' | 'Tab' | 'ArrowDown';
