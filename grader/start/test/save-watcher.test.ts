import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { until } from '@workshop/base';
import { isIgnored, type SaveWatcher, watchSaves } from '../save-watcher.ts';

describe('a save', () => {
  let root: string;
  let watcher: SaveWatcher;
  const saves: string[][] = [];
  const begun: string[] = [];
  const save = (file: string, text = String(Math.random())) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  beforeEach(async () => {
    saves.length = 0;
    begun.length = 0;
    root = mkdtempSync(path.join(tmpdir(), '.watched-'));
    save('app/src/main.ts');
    save('app/node_modules/pg/index.js');
    save('answers.json');
    watcher = watchSaves(root, ['app', 'answers.json', 'not-there-yet'], (changed) => saves.push(changed), {
      quietMs: 500,
      onChange: (file) => begun.push(file),
    });
    await watcher.ready;
  });
  afterEach(async () => {
    await watcher.close();
    rmSync(root, { recursive: true });
  });
  const seen = (file: string) => until(() => saves.flat().includes(path.join(file)), { maxMs: 10_000 });

  test('of several files at once is told once', async () => {
    save('app/src/main.ts');
    save('app/src/new/tracing.ts');
    save('answers.json');
    assert.ok(await seen('answers.json'));
    assert.deepEqual(saves, [
      ['answers.json', path.join('app/src/main.ts'), path.join('app/src/new/tracing.ts')],
    ]);
  });

  test('that goes by a file of another name is told by its own', async () => {
    save('app/src/sedXk2p9');
    assert.ok(await until(() => begun.length > 0, { maxMs: 10_000 }));
    renameSync(path.join(root, 'app/src/sedXk2p9'), path.join(root, 'app/src/main.ts'));
    assert.ok(await seen('app/src/main.ts'));
    assert.deepEqual(saves, [[path.join('app/src/main.ts')]]);
  });

  test('is told at its first file, before the burst is over', async () => {
    save('answers.json');
    assert.ok(await until(() => begun.length > 0, { maxMs: 10_000 }));
    assert.deepEqual([begun, saves], [['answers.json'], []]);
    assert.ok(await seen('answers.json'));
  });

  test('in a folder that was not there before is told', async () => {
    save('not-there-yet/fix.json');
    assert.ok(await seen('not-there-yet/fix.json'));
  });

  test('of a package, a build or an editor is not told', async () => {
    save('app/node_modules/pg/index.js');
    save('app/src/.main.ts.swp');
    save('app/dist/main.js');
    save('app/src/last.ts');
    assert.ok(await seen('app/src/last.ts'));
    assert.deepEqual(saves.flat(), [path.join('app/src/last.ts')]);
  });

  test('is ignored by what lies below the root, never by where the root lies', () => {
    assert.equal(isIgnored(''), false);
    assert.equal(isIgnored(path.join('app', 'src', 'testing.ts')), false);
    assert.equal(isIgnored(path.join('app', '.angular', 'cache')), true);
    assert.equal(isIgnored(path.join('app', 'src', 'main.ts~')), true);
  });
});
