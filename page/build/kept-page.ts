import { existsSync } from 'node:fs';
import { readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { type Lock, tryLock, until, workshopDirectory } from '@workshop/base';
import { buildWithAngular, type RunningBuild } from './angular.ts';
import { sourcesHash } from './sources.ts';

/** Folder of all built pages: `<hash>/index.html`, `<hash>/main-….js` and so on. */
const HOME = join(workshopDirectory, 'lab-page');
/** Another process may build the same page: its build is waited for. */
const LOCK_PATIENCE_MS = 300_000;
const PAGES_KEPT = 4;

/**
 * The page of this clone, as it would be built of the present sources: there at once when it was built before, else
 * built beside everything else. Nobody waits for it.
 */
export class KeptPage {
  /** resolves when the page is built or cannot be; never rejects */
  readonly settled: Promise<void>;
  #directory: string | null = null;
  #trouble: string | null = null;
  #build: RunningBuild | null = null;
  #closed = false;

  constructor() {
    this.settled = this.#make().catch((error: Error) => {
      this.#trouble = error.message;
    });
  }

  /** Folder of the built files; null as long as there is none. */
  get directory(): string | null {
    return this.#directory;
  }

  /** Why it cannot be built; null while it is being built, and when it is. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Ends a build that runs. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#build?.stop();
    await this.settled;
  }

  async #make(): Promise<void> {
    const folder = join(HOME, sourcesHash());
    if (!isBuilt(folder)) await this.#buildAlone(folder);
    if (!isBuilt(folder)) return;
    const now = new Date();
    await utimes(folder, now, now);
    this.#directory = folder;
  }

  /** Of several processes that want the same page, one builds it. */
  async #buildAlone(folder: string): Promise<void> {
    let lock: Lock | null = null;
    const locked = (): boolean => {
      lock = tryLock(join(HOME, 'build.lock'));
      return lock !== null;
    };
    await until(locked, { maxMs: LOCK_PATIENCE_MS, everyMs: 200, giveUp: () => this.#closed });
    try {
      if (!this.#closed && !isBuilt(folder)) await this.#buildNow(folder);
    } finally {
      (lock as Lock | null)?.release();
    }
  }

  async #buildNow(folder: string): Promise<void> {
    const partial = `${folder}.partial`;
    await rm(partial, { recursive: true, force: true });
    this.#build = buildWithAngular(partial);
    const trouble = await this.#build.trouble;
    if (this.#closed) return;
    this.#trouble = trouble;
    // Whole or not at all: whoever looks meanwhile finds no folder yet.
    if (trouble === null) await rename(join(partial, 'browser'), folder);
    await rm(partial, { recursive: true, force: true, maxRetries: 5 });
    await prune();
  }
}

function isBuilt(folder: string): boolean {
  return existsSync(join(folder, 'index.html'));
}

/** Removes the pages of sources that are no longer there, the longest unused first. */
async function prune(): Promise<void> {
  const pages: { folder: string; usedMs: number }[] = [];
  for (const name of await readdir(HOME)) {
    if (!/^[0-9a-f]{16}$/.test(name)) continue;
    const folder = join(HOME, name);
    pages.push({ folder, usedMs: (await stat(folder)).mtimeMs });
  }
  pages.sort((a, b) => b.usedMs - a.usedMs);
  for (const { folder } of pages.slice(PAGES_KEPT)) await rm(folder, { recursive: true, force: true });
}
