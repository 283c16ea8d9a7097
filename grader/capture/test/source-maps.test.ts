import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { stackReader } from '../index.ts';

const site = mkdtempSync(path.join(tmpdir(), 'source-maps-'));
after(() => rmSync(site, { recursive: true, force: true }));

/** A script whose first line comes from `sources`: column 10n from line n+1 of the nth source. */
function writeMap(name: string, sources: string[]): void {
  const require = createRequire(createRequire(import.meta.url).resolve('@angular/build/package.json'));
  const { encode } = require('@jridgewell/sourcemap-codec');
  const mappings = encode([sources.map((_, at) => [at * 10, at, at, 0])]);
  writeFileSync(path.join(site, `${name}.map`), JSON.stringify({ version: 3, sources, names: [], mappings }));
}

const stack = (...frames: string[]) => `Error\n${frames.map((frame) => `    at ${frame}`).join('\n')}`;
const reader = stackReader(site);

describe('stacks of the built page', () => {
  writeMap('chunk-A.js', [
    'src/app/feed/composer.ts',
    '../src/app/feed/feed-page.ts',
    '../../../../node_modules/rxjs/dist/esm/internal/Observable.js',
    '../../../../k8-fastbuild-ST-1/bin/packages/core/rxjs-interop/src/rx_resource.ts',
  ]);
  const at = (column: number, name = '') => {
    const place = `http://localhost:4200/chunk-A.js:1:${column + 1}`;
    return name ? `${name} (${place})` : place;
  };

  test("name places in the learner's folder, and packages by their own name", () => {
    const read = reader.read(
      stack(at(20, 'e.subscribe'), at(30), at(0, 'async t.publish'), at(10, 'new Xe')),
    );
    assert.deepEqual(read, {
      stack: [
        'subscribe node_modules/rxjs/dist/esm/internal/Observable.js:3',
        '@angular/core/rxjs-interop/src/rx_resource.ts:4',
        'publish app-frontend/src/app/feed/composer.ts:1',
        'app-frontend/src/app/feed/feed-page.ts:2',
      ].join('\n'),
      place: 'app-frontend/src/app/feed/composer.ts:1',
    });
  });

  test("have no place where no frame is the learner's", () => {
    assert.equal(reader.read(stack(at(20))).place, undefined);
  });

  test('keep the name of a script without a map, and leave out what is no script of the page', () => {
    const read = reader.read(
      stack(
        'go (http://localhost:4200/assets/other.js:7:3)',
        '<anonymous>',
        'eval (eval at x (<anonymous>:1:1))',
      ),
    );
    assert.deepEqual(read, { stack: 'assets/other.js:7' });
  });

  test('may be empty', () => {
    assert.deepEqual(reader.read(''), {});
  });
});
