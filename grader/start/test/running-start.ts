import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { until } from '@workshop/base';

const PATIENCE_MS = 40_000;

/** An `npm start` of a test, in a process of its own. */
export class RunningStart {
  /** Text in the environment of everything that is started. */
  readonly mark = randomUUID();
  output = '';
  #child: ChildProcess | undefined;

  /** @param development its options, as JSON */
  run(development: object, more: Record<string, string> = {}): void {
    const { DATABASE_URL: _, NODE_TEST_CONTEXT: __, npm_lifecycle_event: ___, ...env } = process.env;
    this.#child = spawn(
      process.execPath,
      [path.join(import.meta.dirname, 'run-fixture.ts'), JSON.stringify(development)],
      { env: { ...env, ...more, MADE_UP_MURMUR: this.mark }, stdio: ['ignore', 'pipe', 'pipe'] },
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

  /** Ends whatever of it still runs. */
  async end(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await until(() => this.processes().length === 0);
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
