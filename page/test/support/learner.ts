import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort, repositoryRoot, until, workshopDirectory } from '@workshop/base';

const PATIENCE_MS = 90_000;
const PROGRAM = path.join(repositoryRoot, 'grader', 'start', 'test', 'run-fixture.ts');

/** A learner: Murmur as it is at the start, in a folder of its own, and `npm start` over it. */
export class Learner {
  /** Inside the repository, so that its packages are found. */
  readonly root: string;
  output = '';
  labUrl = '';
  #child: ChildProcess | undefined;

  constructor() {
    mkdirSync(workshopDirectory, { recursive: true });
    this.root = mkdtempSync(path.join(workshopDirectory, 'learner-'));
    cpSync(path.join(repositoryRoot, 'solutions', '00-start'), this.root, { recursive: true });
  }

  read(file: string): string {
    return readFileSync(path.join(this.root, file), 'utf8');
  }

  save(file: string, text: string): void {
    writeFileSync(path.join(this.root, file), text);
  }

  async start(): Promise<void> {
    const [api, lab, collector] = await Promise.all([freePort(), freePort(), freePort()]);
    const development = {
      root: this.root,
      ports: { api, page: 1, lab, collector },
      databaseDelayMs: 0,
      networkDelayMs: 0,
      clockSkewSeconds: null,
      page: false,
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
