import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, until } from '@workshop/base';
import { RunningStart } from './running-start.ts';

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
export class MadeUpMurmur extends RunningStart {
  readonly root = mkdtempSync(path.join(tmpdir(), 'made up murmur '));
  apiPort = 0;

  constructor() {
    super();
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
    this.run(development, options.env);
  }

  async answer(path = '/'): Promise<string> {
    return await (await fetch(`http://127.0.0.1:${this.apiPort}${path}`)).text();
  }

  async answers(text: string): Promise<void> {
    const now = () => this.answer().catch((error: Error) => error.message);
    const seen = await until(async () => (await now()) === text, { maxMs: PATIENCE_MS });
    assert.ok(seen, `it answers ${await now()}, not ${text}:\n${this.output}`);
  }

  async remove(): Promise<void> {
    await this.end();
    rmSync(this.root, { recursive: true, force: true });
  }
}
