// A server of one's own for each test: a free port, a data folder that nobody else uses.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { hubbub } from './build';
import { PROXY, Proxy } from './proxy';

/** `HUBBUB_*` variables. */
export type Settings = Record<string, string>;

const START_MS = 20_000;
const STOP_MS = 25_000;

export class Server {
  /** Where people visit it; the same after a restart. */
  origin = '';
  /** What it wrote to standard error, over all its lives. */
  log = '';
  /** What runs at the next start: an older release first, where an upgrade is tried. */
  program = hubbub().program;
  /** Where it listens; the same after a restart. */
  private address = '';
  private child: ChildProcess | undefined;

  private constructor(
    readonly data: string,
    private readonly settings: Settings,
    /** What stands in front of it, if anything does. */
    readonly proxy: Proxy | undefined,
  ) {}

  static async start(settings: Settings = {}): Promise<Server> {
    const data = await mkdtemp(join(tmpdir(), 'hubbub-e2e-'));
    const proxy = PROXY ? await Proxy.reserve(`${data}-proxy`) : undefined;
    const server = new Server(data, { ...proxy?.settings, ...settings }, proxy);
    await server.run('127.0.0.1:0');
    await proxy?.start(server.address);
    return server;
  }

  /** Starts again after `kill` or `stop`: same port, same data. */
  async restart(): Promise<void> {
    await this.run(this.address);
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** SIGTERM. Tells the exit status. */
  async stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  get running(): boolean {
    return this.child !== undefined;
  }

  /** `hubbub verify` on its data: what it prints, and how it ends. */
  async verify(): Promise<{ code: number; output: string }> {
    try {
      const { stdout } = await promisify(execFile)(this.program, ['verify'], { env: this.env('127.0.0.1:0') });
      return { code: 0, output: stdout };
    } catch (why) {
      const { code, stdout, stderr } = why as { code?: number; stdout?: string; stderr?: string };
      return { code: code ?? 1, output: `${stdout ?? ''}${stderr ?? ''}${String(why)}` };
    }
  }

  async clean(): Promise<void> {
    await this.proxy?.stop();
    for (const folder of [this.data, `${this.data}-proxy`]) {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Lines of the log that no healthy server writes. */
  complaints(): string[] {
    return this.log.split('\n').filter((line) => /\bERROR\b|panicked at|RUST_BACKTRACE/.test(line));
  }

  private env(addr: string): NodeJS.ProcessEnv {
    const { PATH, HOME } = process.env;
    const { site } = hubbub();
    return {
      PATH,
      HOME,
      ...(site ? { LEPTOS_SITE_ROOT: site } : {}),
      ...this.settings,
      HUBBUB_ADDR: addr,
      HUBBUB_DATA_DIR: this.data,
    };
  }

  private async run(addr: string): Promise<void> {
    const child = spawn(this.program, ['serve'], { env: this.env(addr), cwd: this.data });
    this.child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.log += text));
    let said = '';
    const listening = new Promise<string>((resolve, reject) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const found = /listening on (http:\/\/\S+)/.exec(said);
        if (found?.[1]) {
          resolve(found[1]);
        }
      });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${this.log}`)));
      setTimeout(() => reject(new Error(`the server did not listen in time: ${this.log}`)), START_MS).unref();
    });
    const found = await listening;
    this.address = new URL(found).host;
    this.origin = this.proxy?.origin ?? found;
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.child;
    if (!child) {
      throw new Error('the server does not run');
    }
    this.child = undefined;
    if (child.exitCode !== null || child.signalCode !== null) {
      return child.exitCode;
    }
    const exited = once(child, 'exit', { signal: AbortSignal.timeout(STOP_MS) });
    child.kill(signal);
    try {
      const [code] = (await exited) as [number | null];
      return code;
    } catch {
      child.kill('SIGKILL');
      throw new Error(`the server did not end within ${STOP_MS} ms of ${signal}: ${this.log}`);
    }
  }
}
