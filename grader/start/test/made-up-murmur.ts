import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, until } from '@workshop/base';

const api = `
import http from 'node:http';
import { greeting } from './greeting.mjs';
const server = http.createServer((request, response) =>
  response.end(request.url === '/clock' ? String(Date.now()) : greeting));
server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('pid', process.pid, 'listens'));
process.on('SIGTERM', () => { console.log('asked to end'); if (!process.env.STUBBORN) process.exit(0); });
`;
const worker = `
console.log('pid', process.pid, 'waits for', process.env.DATABASE_URL);
setInterval(() => {}, 1000);
`;
const PATIENCE_MS = 40_000;

/** A backend of a few lines in a temporary folder, and the running development system of it. */
export class MadeUpMurmur {
  readonly root = mkdtempSync(path.join(tmpdir(), 'made up murmur '));
  /** Text in the environment of everything that is started. */
  readonly mark = randomUUID();
  output = '';
  apiPort = 0;
  #child: ChildProcess | undefined;

  constructor() {
    mkdirSync(path.join(this.root, 'app-backend', 'src'), { recursive: true });
    const scripts = { start: 'node src/main.mjs', 'start:worker': 'node src/worker.mjs' };
    this.write('package.json', JSON.stringify({ scripts }));
    this.write('src/main.mjs', api);
    this.write('src/worker.mjs', worker);
    this.write('src/greeting.mjs', "export const greeting = 'one';\n");
  }

  write(file: string, text: string): void {
    writeFileSync(path.join(this.root, 'app-backend', file), text);
  }

  async start(
    options: {
      apiPort?: number;
      networkDelayMs?: number;
      clockSkewSeconds?: number;
      /** Ports of the lab; without them it is left out. */
      lab?: { api: number; collector: number };
      env?: Record<string, string>;
    } = {},
  ) {
    this.apiPort = options.apiPort ?? (await freePort());
    const { DATABASE_URL: _, NODE_TEST_CONTEXT: __, npm_lifecycle_event: ___, ...env } = process.env;
    const development = {
      root: this.root,
      ports: {
        api: this.apiPort,
        page: 1,
        lab: options.lab?.api ?? 1,
        collector: options.lab?.collector ?? 1,
      },
      databaseDelayMs: 0,
      networkDelayMs: options.networkDelayMs ?? 0,
      clockSkewSeconds: options.clockSkewSeconds ?? null,
      page: false,
      lab: options.lab !== undefined,
      verbose: false,
    };
    this.#child = spawn(
      process.execPath,
      [path.join(import.meta.dirname, 'run-fixture.ts'), JSON.stringify(development)],
      { env: { ...env, ...options.env, MADE_UP_MURMUR: this.mark }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const keep = (chunk: Buffer) => {
      this.output += chunk;
    };
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  get exitCode(): number | null {
    return this.#child?.exitCode ?? null;
  }

  async prints(text: string | RegExp): Promise<void> {
    const found = () => (typeof text === 'string' ? this.output.includes(text) : text.test(this.output));
    const seen = await until(found, { maxMs: PATIENCE_MS, giveUp: () => this.exitCode !== null });
    assert.ok(seen || found(), `it did not print ${text}, but:\n${this.output}`);
  }

  async exits(): Promise<number> {
    assert.ok(
      await until(() => this.exitCode !== null, { maxMs: PATIENCE_MS }),
      `it runs on after:\n${this.output}`,
    );
    return this.exitCode!;
  }

  async answer(path = '/'): Promise<string> {
    return await (await fetch(`http://127.0.0.1:${this.apiPort}${path}`)).text();
  }

  async answers(text: string): Promise<void> {
    const now = () => this.answer().catch((error: Error) => error.message);
    const seen = await until(async () => (await now()) === text, { maxMs: PATIENCE_MS });
    assert.ok(seen, `it answers ${await now()}, not ${text}:\n${this.output}`);
  }

  /** Live processes of the run: on Linux by the mark, elsewhere those that told their pid. */
  processes(): number[] {
    if (process.platform !== 'linux') {
      return [...this.output.matchAll(/pid (\d+)/g)].map((found) => Number(found[1])).filter(isAlive);
    }
    return readdirSync('/proc').flatMap((name) => {
      if (!/^\d+$/.test(name)) return [];
      try {
        return readFileSync(`/proc/${name}/environ`, 'latin1').includes(this.mark) ? [Number(name)] : [];
      } catch {
        return [];
      }
    });
  }

  async leavesNothing(): Promise<void> {
    const gone = await until(() => this.processes().length === 0);
    assert.ok(gone, `processes ${this.processes().join(', ')} are left:\n${this.output}`);
  }

  async remove(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await until(() => this.processes().length === 0);
    rmSync(this.root, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
