import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort, repositoryRoot, until, workshopDirectory } from '@workshop/base';

const PATIENCE_MS = 90_000;
const SOLUTIONS = path.join(repositoryRoot, 'solutions');
const PROGRAM = path.join(repositoryRoot, 'grader', 'start', 'test', 'run-fixture.ts');

/** A learner: Murmur as it is at the start, in a folder of its own, and `npm start` over it. */
export class Learner {
  /** Inside the repository, so that its packages are found. */
  readonly root: string;
  output = '';
  labUrl = '';
  apiUrl = '';
  #child: ChildProcess | undefined;

  /** @param solved number of the last exercise whose solution the files hold */
  constructor(solved = 0) {
    mkdirSync(workshopDirectory, { recursive: true });
    this.root = mkdtempSync(path.join(workshopDirectory, 'learner-'));
    for (const folder of readdirSync(SOLUTIONS).sort()) {
      if (!/^\d\d-/.test(folder) || Number(folder.slice(0, 2)) > solved) continue;
      cpSync(path.join(SOLUTIONS, folder), this.root, {
        recursive: true,
        filter: (source) => path.basename(source) !== 'NOTES.md',
      });
    }
  }

  read(file: string): string {
    return readFileSync(path.join(this.root, file), 'utf8');
  }

  save(file: string, text: string): void {
    writeFileSync(path.join(this.root, file), text);
  }

  /** of `npm start`; null before it and after its end */
  get pid(): number | null {
    return this.#child?.exitCode === null ? (this.#child.pid ?? null) : null;
  }

  /** @param murmurPage whether Murmur's own page is built and served, too */
  async start({ murmurPage = false } = {}): Promise<void> {
    const [api, page, lab, collector] = await Promise.all([1, 2, 3, 4].map(() => freePort()));
    const development = {
      root: this.root,
      ports: { api, page, lab, collector },
      databaseDelayMs: 0,
      networkDelayMs: 0,
      clockSkewSeconds: null,
      page: murmurPage,
      lab: true,
      labPage: true,
      grader: true,
      verbose: false,
    };
    const { DATABASE_URL: _, NODE_TEST_CONTEXT: __, npm_lifecycle_event: ___, ...env } = process.env;
    this.#child = spawn(process.execPath, [PROGRAM, JSON.stringify(development)], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk;
      });
    this.labUrl = `http://localhost:${lab}`;
    this.apiUrl = `http://localhost:${api}`;
    const runs = await until(() => this.output.includes('Murmur runs.'), {
      maxMs: PATIENCE_MS,
      giveUp: () => this.#child?.exitCode !== null,
    });
    assert.ok(runs, this.output);
  }

  async stop(): Promise<void> {
    this.#child?.kill('SIGTERM');
    await until(() => this.#child === undefined || this.#child.exitCode !== null, { maxMs: PATIENCE_MS });
    this.#child?.kill('SIGKILL');
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}
