// `test` with a server of its own, and people who visit it. After each test the server must end well, its store must be
// whole, and no page may have complained.

import { type BrowserContextOptions, expect, test as base } from '@playwright/test';

import { PASSWORD, Person } from './person';
import { Server, type Settings } from './server';

/** How many times slower than they are the pages' scripts run: `SLOWDOWN=3` brings out what hurries. */
const SLOWDOWN = Number(process.env['SLOWDOWN'] ?? 1);

interface Fixtures {
  /** `HUBBUB_*` variables of the test's server. */
  settings: Settings;
  server: Server;
  /** Somebody who is not known to the server. */
  visitor: (options?: BrowserContextOptions) => Promise<Person>;
  /** The owner, signed in; on no page yet. */
  owner: (name?: string, options?: BrowserContextOptions) => Promise<Person>;
  /** Somebody whom `host` invited, signed in; on no page yet. */
  guest: (host: Person, name: string, options?: BrowserContextOptions) => Promise<Person>;
}

export const test = base.extend<Fixtures>({
  settings: [{}, { option: true }],

  server: async ({ settings }, use, info) => {
    const server = await Server.start(settings);
    await use(server);
    const exit = server.running ? await server.stop() : 0;
    const verified = await server.verify();
    if (info.status !== info.expectedStatus || exit !== 0 || verified.code !== 0) {
      await info.attach('server.log', { body: server.log, contentType: 'text/plain' });
    }
    await server.clean();
    expect(exit, 'exit status of the server').toBe(0);
    expect(verified, `hubbub verify: ${verified.output}`).toMatchObject({ code: 0 });
    expect(server.complaints(), 'errors in the log of the server').toEqual([]);
  },

  visitor: async ({ browser, server }, use) => {
    const people: Person[] = [];
    await use(async (options = {}) => {
      const context = await browser.newContext({ baseURL: server.origin, ignoreHTTPSErrors: server.proxy !== undefined, ...options });
      const page = await context.newPage();
      if (SLOWDOWN > 1) {
        const devtools = await context.newCDPSession(page);
        await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
      }
      const person = new Person(context, page, server.origin);
      people.push(person);
      return person;
    });
    for (const { context } of people) {
      await context.close();
    }
    expect(
      people.flatMap(({ watch }) => watch.faults()),
      'what the pages complained about',
    ).toEqual([]);
  },

  owner: async ({ visitor }, use) => {
    await use(async (name = 'Ada Marlow', options = {}) => {
      const person = await visitor(options);
      await person.form('/first', { name, password: PASSWORD });
      return person;
    });
  },

  guest: async ({ visitor }, use) => {
    await use(async (host, name, options = {}) => {
      const person = await visitor(options);
      await person.form(await host.invite(), { name, password: PASSWORD });
      return person;
    });
  },
});

export { expect };
