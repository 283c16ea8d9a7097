import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { repositoryRoot, workshopDirectory } from '@workshop/base';
import type { PageSources } from '../page/page-sources.ts';
import { readPageSources } from '../page/page-sources.ts';
import { ResidentBuilder } from '../page/resident-builder.ts';
import { makePassable } from '../server-directory.ts';

// Inside the repository, so that Angular's packages are found.
makePassable(workshopDirectory);
const folder = mkdtempSync(path.join(workshopDirectory, 'test-builder-'));
const builder = new ResidentBuilder(path.join(folder, 'builder'), 'set-up', path.join(folder, 'cache'));
after(() => {
  builder.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Two files of Murmur's page, in the order in which they are copied. */
const CHANGED = ['src/app/app.ts', 'src/main.ts'];

/** Files that are handed out as on a busy machine: after the first of those that changed, nothing happens for a while. */
class StallingFiles extends Map<string, string> {
  readonly #stallMs: number;

  constructor(files: Iterable<[string, string]>, stallMs: number) {
    super(files);
    this.#stallMs = stallMs;
  }

  override *[Symbol.iterator](): MapIterator<[string, string]> {
    for (const entry of this.entries()) {
      yield entry;
      if (entry[0] === CHANGED[0])
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, this.#stallMs);
    }
  }
}

/** Murmur's page as it is, but each of CHANGED logs its own name and the mark. */
function marked(page: PageSources, mark: string, stallMs: number): PageSources {
  const files = new StallingFiles(page.files, stallMs);
  for (const file of CHANGED) {
    const source = path.join(folder, 'tree', file);
    mkdirSync(path.dirname(source), { recursive: true });
    const text = readFileSync(path.join(repositoryRoot, 'app-frontend', file), 'utf8');
    writeFileSync(source, `${text}\nconsole.log('${file} ${mark}');\n`);
    files.set(file, source);
  }
  return { files, hash: mark, setupHash: builder.setupHash };
}

/** What a browser gets that opens the newest page. */
function builtScript(): string {
  const html = readFileSync(path.join(builder.output, 'index.html'), 'utf8');
  const name = readdirSync(builder.output).find((file) => /^main.*\.js$/.test(file) && html.includes(file));
  return readFileSync(path.join(builder.output, name ?? ''), 'utf8');
}

describe('a running builder', () => {
  // A build takes half a second: with the first file it begins, and the second arrives before, in and after it.
  for (const stallMs of [0, 200, 400, 600, 1000]) {
    test(`has built all that it was given when copying stalls for ${stallMs} ms`, async () => {
      const page = await readPageSources(repositoryRoot);
      assert.ok(page);
      const mark = `stalls ${stallMs}`;
      const built = await builder.build(marked(page, mark, stallMs));
      assert.equal(built.ok, true, built.output);
      const script = builtScript();
      for (const file of CHANGED)
        assert.ok(script.includes(`${file} ${mark}`), `${file} is of an earlier page`);
    });
  }
});
