import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { until } from '@workshop/base';
import { copyTree } from '../copy.ts';
import { hashTree, listTree } from '../index.ts';
import { inFolder, textsOf, writeTexts } from './folder.ts';

const TEXTS = {
  'answers.json': '{}\n',
  'app-backend/src/main.ts': 'main\n',
  'app-backend/src/a/b.ts': 'b\n',
};

describe('a copy of a tree', () => {
  test('lies below its content hash and holds the same files', () =>
    inFolder(async (root) => {
      await writeTexts(join(root, 'mine'), TEXTS);
      const files = await listTree(join(root, 'mine'));
      const { path, hash } = await copyTree(files, join(root, 'trees'));
      assert.equal(path, join(root, 'trees', await hashTree(files)));
      assert.equal(hash, await hashTree(files));
      assert.deepEqual(await textsOf(await listTree(path)), await textsOf(files));
      assert.deepEqual(await readdir(join(root, 'trees')), [hash]);
    }));

  test('is used again, and made anew when somebody wrote into it', () =>
    inFolder(async (root) => {
      await writeTexts(join(root, 'mine'), TEXTS);
      const files = await listTree(join(root, 'mine'));
      const { path } = await copyTree(files, join(root, 'trees'));
      const made = (await stat(join(path, 'answers.json'))).ino;
      await mkdir(join(path, 'app-backend/node_modules'));
      assert.equal((await copyTree(files, join(root, 'trees'))).path, path);
      assert.equal((await stat(join(path, 'answers.json'))).ino, made);
      await writeFile(join(path, 'app-backend/src/main.ts'), 'written by a running process\n');
      await copyTree(files, join(root, 'trees'));
      assert.equal(await readFile(join(path, 'app-backend/src/main.ts'), 'utf8'), 'main\n');
      await writeFile(join(path, 'app-backend/src/extra.ts'), 'x');
      await copyTree(files, join(root, 'trees'));
      assert.deepEqual(Object.keys(await textsOf(await listTree(path))), Object.keys(TEXTS).sort());
    }));

  test('stays while it is young; old ones beyond the newest 24 are removed', () =>
    inFolder(async (root) => {
      const trees = join(root, 'trees');
      const copyNumber = async (number: number): Promise<string> => {
        await writeTexts(join(root, 'mine'), { 'answers.json': `{"number":${number}}` });
        return (await copyTree(await listTree(join(root, 'mine')), trees)).path;
      };
      const first = await copyNumber(0);
      const second = await copyNumber(1);
      for (let number = 2; number < 26; number++) await copyNumber(number);
      assert.equal((await readdir(trees)).length, 26);
      const yesterday = new Date(Date.now() - 86_400_000);
      await utimes(first, yesterday, yesterday);
      await copyNumber(26);
      const leaves = async () => (await readdir(trees)).length === 26;
      assert.ok(await until(leaves, { maxMs: 20_000 }));
      const left = (await readdir(trees)).map((name) => join(trees, name));
      assert.equal(left.includes(first), false);
      assert.equal(left.includes(second), true);
    }));
});
