import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { type System, type SystemOptions, startSystem } from '../index.ts';

const fixtures = path.join(import.meta.dirname, 'fixtures');
/** A small backend whose seed takes 0.1 s instead of Murmur's 2 s. */
export const pristineBackendDir = path.join(fixtures, 'pristine', 'app-backend');

/** An empty folder that is removed when this file's tests are over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'world-test-'));
  after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** A tree whose app-backend is one of fixtures/hostile. */
export function makeTree(fixture: string, start = `node ${fixture}.js`): string {
  const treeDir = temporaryFolder();
  const backendDir = path.join(treeDir, 'app-backend');
  mkdirSync(backendDir);
  writeFileSync(path.join(backendDir, 'package.json'), JSON.stringify({ scripts: { start } }));
  for (const name of [fixture, 'good']) {
    const source = path.join(fixtures, 'hostile', `${name}.js`);
    // The broken one is no .js file, so that the linter leaves it alone.
    copyFileSync(existsSync(source) ? source : `${source}.txt`, path.join(backendDir, `${name}.js`));
  }
  return treeDir;
}

/** Starts a fixture with limits that suit a test. */
export function startFixture(treeDir: string, options: Partial<SystemOptions> = {}): Promise<System> {
  return startSystem({
    treeDir,
    pristineBackendDir,
    ...options,
    limits: { startMs: 20_000, elsewhereMs: 300, ...options.limits },
  });
}

/** Pids of live processes that work inside a folder, found without the code under test. Linux only, else none. */
export function processesIn(folder: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
      } catch {
        return false;
      }
    })
    .map(Number);
}
