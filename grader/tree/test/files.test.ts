import assert from 'node:assert/strict';
import { rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { hashTree, listFolder, listTree } from '../index.ts';
import { inFolder, writeTexts } from './folder.ts';

const listed = async (root: string): Promise<string[]> => [...(await listTree(root)).keys()].sort();

describe('the files of a tree', () => {
  test('are those of its parts, without what tools make', () =>
    inFolder(async (root) => {
      await writeTexts(root, {
        'answers.json': '{}',
        'app-backend/src/main.ts': 'x',
        'app-backend/.env': 'KEEP=1',
        'app-backend/node_modules/a/index.js': 'x',
        'app-backend/src/dist/x.js': 'x',
        'app-backend/.angular/cache': 'x',
        'app-backend/coverage/x': 'x',
        'app-frontend/src/.DS_Store': 'x',
        'queries/a.json': '{}',
        'incident/cause.json': '{}',
        'README.md': 'not of the tree',
        'lab/index.ts': 'not of the tree',
      });
      assert.deepEqual(await listed(root), [
        'answers.json',
        'app-backend/.env',
        'app-backend/src/main.ts',
        'incident/cause.json',
        'queries/a.json',
      ]);
    }));

  test('are none of an empty folder, and never a link or what is behind it', () =>
    inFolder(async (root) => {
      assert.deepEqual(await listed(root), []);
      await writeTexts(root, { 'outside/secret.ts': 'x', 'app-backend/main.ts': 'x' });
      await symlink(join(root, 'outside'), join(root, 'app-backend/folder'), 'junction');
      if (process.platform !== 'win32') {
        await symlink(join(root, 'outside/secret.ts'), join(root, 'app-backend/file.ts'));
      }
      assert.deepEqual(await listed(root), ['app-backend/main.ts']);
    }));

  test('of any folder are all that is in it', () =>
    inFolder(async (root) => {
      await writeTexts(root, { 'NOTES.md': 'x', 'app-backend/a.ts': 'x', 'node_modules/a.js': 'x' });
      assert.deepEqual([...(await listFolder(root)).keys()].sort(), ['NOTES.md', 'app-backend/a.ts']);
    }));
});

describe('the hash of a tree', () => {
  const hashAt = async (root: string): Promise<string> => hashTree(await listTree(root));

  test('depends on content and path, and on nothing else', () =>
    inFolder(async (root) => {
      const texts = { 'answers.json': '{}', 'app-backend/a.ts': 'one', 'app-backend/b.ts': 'two' };
      await writeTexts(join(root, 'x'), texts);
      await writeTexts(join(root, 'y'), Object.fromEntries(Object.entries(texts).reverse()));
      const hash = await hashAt(join(root, 'x'));
      assert.match(hash, /^[0-9a-f]{16}$/);
      assert.equal(await hashAt(join(root, 'y')), hash);
      const files = await listTree(join(root, 'x'));
      assert.equal(await hashTree(new Map([...files].reverse())), hash);
      await writeTexts(join(root, 'y'), { 'app-backend/node_modules/x.js': 'x' });
      assert.equal(await hashAt(join(root, 'y')), hash);
      await writeFile(join(root, 'y/app-backend/b.ts'), 'twO');
      assert.notEqual(await hashAt(join(root, 'y')), hash);
      await writeFile(join(root, 'y/app-backend/b.ts'), 'two');
      assert.equal(await hashAt(join(root, 'y')), hash);
      await rename(join(root, 'y/app-backend/b.ts'), join(root, 'y/app-backend/c.ts'));
      assert.notEqual(await hashAt(join(root, 'y')), hash);
    }));

  test('tells where one file ends and the next begins', () =>
    inFolder(async (root) => {
      await writeTexts(join(root, 'x'), { 'app-backend/a': '1', 'app-backend/b': '2app-backend/b3' });
      await writeTexts(join(root, 'y'), { 'app-backend/a': '1app-backend/b2', 'app-backend/b': '3' });
      assert.notEqual(await hashAt(join(root, 'x')), await hashAt(join(root, 'y')));
    }));
});
