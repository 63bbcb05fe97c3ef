// A proxy in front of a test's server, over https, by the very files of deploy/: `HUBBUB_PROXY=caddy` or `nginx`. Only what those files leave
// open is filled in, and where ports and certificates are changed to what a test may have.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const DEPLOY = resolve(__dirname, '../../deploy');
const START_MS = 20_000;

/** Which proxy, if any, the tests go through. */
export const PROXY = process.env['HUBBUB_PROXY'] || undefined;

export class Proxy {
  private child: ChildProcess | undefined;
  private log = '';

  private constructor(
    private readonly folder: string,
    private readonly https: number,
    /** Where it leads to https. */
    readonly http: number,
  ) {}

  /** Ports for a proxy that keeps its files in this folder. */
  static async reserve(folder: string): Promise<Proxy> {
    await mkdir(folder);
    return new Proxy(folder, await freePort(), await freePort());
  }

  get origin(): string {
    return `https://localhost:${this.https}`;
  }

  /** What the server must be told of it. */
  get settings(): Record<string, string> {
    return { HUBBUB_PUBLIC_URL: this.origin, HUBBUB_TRUSTED_PROXIES: '127.0.0.1' };
  }

  /** Leads to the server that listens there. */
  async start(upstream: string): Promise<void> {
    const [program, ...words] = PROXY === 'nginx' ? await this.nginx(upstream) : await this.caddy();
    const env = { ...process.env, CHAT_HOST: 'localhost', CHAT_UPSTREAM: upstream, XDG_DATA_HOME: this.folder, XDG_CONFIG_HOME: this.folder };
    const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    let gone: unknown;
    for (const out of [child.stdout, child.stderr]) {
      out.setEncoding('utf8').on('data', (text: string) => (this.log += text));
    }
    child.once('error', (why) => (gone = why));
    child.once('exit', (code) => (gone = `exit status ${code}`));
    const ends = Date.now() + START_MS;
    while (!(await this.answers())) {
      if (gone !== undefined || Date.now() > ends) {
        throw new Error(`${PROXY} does not lead to the server: ${String(gone)} ${this.log}`);
      }
    }
  }

  async stop(): Promise<void> {
    const child = this.child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }
  }

  private async caddy(): Promise<[string, ...string[]]> {
    const file = join(this.folder, 'Caddyfile');
    const own = ['admin off', 'persist_config off', 'skip_install_trust', 'default_bind 127.0.0.1', `http_port ${this.http}`, `https_port ${this.https}`];
    await writeFile(file, `{\n\t${own.join('\n\t')}\n}\nimport ${DEPLOY}/Caddyfile\n`);
    return ['caddy', 'run', '--adapter', 'caddyfile', '--config', file];
  }

  private async nginx(upstream: string): Promise<[string, ...string[]]> {
    const live = join(this.folder, 'live/localhost');
    await mkdir(live, { recursive: true });
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-subj', '/CN=localhost'];
    await promisify(execFile)('openssl', ['req', '-x509', ...key, '-keyout', `${live}/privkey.pem`, '-out', `${live}/fullchain.pem`]);

    const site = (await readFile(join(DEPLOY, 'nginx.conf.template'), 'utf8'))
      .replaceAll('${CHAT_HOST}', 'localhost')
      .replaceAll('${CHAT_UPSTREAM}', upstream)
      .replaceAll('/etc/letsencrypt', this.folder)
      .replace(/^ *listen \[::\].*$/gm, '')
      .replace('listen 80;', `listen 127.0.0.1:${this.http};`)
      .replace('listen 443 ', `listen 127.0.0.1:${this.https} `);
    await writeFile(join(this.folder, 'site.conf'), site);
    // Its workers are of another user, to whom the folder of a test is closed.
    const user = process.getuid?.() === 0 ? 'user root;' : '';
    const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${this.folder}/${kind};`);
    const main = `daemon off;\n${user}\npid ${this.folder}/pid;\nevents {}\nhttp {\naccess_log off;\n${folders.join('\n')}\ninclude ${this.folder}/site.conf;\n}\n`;
    const file = join(this.folder, 'nginx.conf');
    await writeFile(file, main);
    return ['nginx', '-e', 'stderr', '-p', this.folder, '-c', file];
  }

  private answers(): Promise<boolean> {
    return new Promise((settle) => {
      get(`${this.origin}/readyz`, { rejectUnauthorized: false, agent: false }, (answer) => {
        answer.resume();
        settle(answer.statusCode === 200);
        // Nobody listens yet: a little later.
      }).once('error', () => setTimeout(() => settle(false), 50));
    });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
