import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, test } from 'node:test';
import { repositoryRoot } from '@workshop/base';
import {
  chainFiles,
  listFolder,
  listTree,
  solutionFolders,
  TREE_PARTS,
  TreeError,
  treeAt,
} from '../index.ts';
import { inFolder, textsOf, writeTexts } from './folder.ts';

describe('the chain', async () => {
  const folders = await solutionFolders();

  test('begins with the pristine start', async () => {
    assert.equal(folders[0], '00-start');
    const start = await textsOf(await listTree(join(repositoryRoot, 'solutions/00-start')));
    assert.deepEqual(await textsOf(await chainFiles(0)), start);
    assert.ok('app-backend/package.json' in start);
  });

  test('lays each solution over the one before: its files win, all others stay', async () => {
    for (const folder of folders.slice(1)) {
      const number = Number(folder.slice(0, 2));
      const before = await textsOf(await chainFiles(number - 1));
      const own = await textsOf(await listFolder(join(repositoryRoot, 'solutions', folder)));
      delete own['NOTES.md'];
      assert.deepEqual(await textsOf(await chainFiles(number)), sorted({ ...before, ...own }), folder);
    }
  });

  test('holds only parts of a tree, and no notes', async () => {
    for (const path of (await chainFiles(99)).keys()) {
      assert.ok((TREE_PARTS as readonly string[]).includes(path.split('/')[0] as string), path);
    }
  });
});

describe('another working tree', () => {
  test('must hold app-backend', () =>
    inFolder(async (root) => {
      await assert.rejects(treeAt(root), (error: Error) => {
        assert.ok(error instanceof TreeError);
        assert.match(error.message, /holds no app-backend folder/);
        return true;
      });
    }));

  test('is copied, and nothing is written into it', () =>
    inFolder(async (root) => {
      await writeTexts(root, { 'app-backend/a.ts': 'a', 'answers.json': '{"01":1}', 'queries/q.json': '{}' });
      const before = await textsOf(await listFolder(root));
      const tree = await treeAt(root);
      assert.match(relative(repositoryRoot, tree.path), /^\.workshop[\\/]trees[\\/][0-9a-f]{16}$/);
      assert.equal(tree.label, root);
      assert.deepEqual(tree.answers, { state: 'read', values: { '01': 1 } });
      assert.deepEqual(Object.keys(tree.queries), ['q.json']);
      assert.deepEqual(await textsOf(await listFolder(root)), before);
    }));

  test('is graded in place when it brings its own packages', () =>
    inFolder(async (root) => {
      await writeTexts(root, { 'app-backend/a.ts': 'a' });
      await mkdir(join(root, 'app-backend/node_modules'));
      assert.equal((await treeAt(root)).path, root);
    }));
});

const sorted = (texts: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)));
