import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readAnswers, readQueries } from '../contents.ts';
import { copyTree } from '../copy.ts';
import { FileTooLargeError, listTree } from '../files.ts';
import { inFolder, textsOf, writeTexts } from './folder.ts';

const posix = process.platform === 'win32' ? 'pipes and links need a POSIX system' : false;

describe('a tree that is no plain folder of files', { skip: posix, timeout: 30_000 }, () => {
  test('has no part that is a link, a pipe or a device', () =>
    inFolder(async (root) => {
      await writeTexts(root, {
        'outside/secret.json': '{ "secret": 1 }',
        'app-backend/main.ts': 'export {};',
      });
      execFileSync('mkfifo', [join(root, 'answers.json')]);
      await symlink(join(root, 'outside'), join(root, 'queries'));
      await symlink('/dev/zero', join(root, 'incident'));
      const files = await listTree(root);
      assert.deepEqual(await textsOf(files), { 'app-backend/main.ts': 'export {};' });
      assert.deepEqual(await readAnswers(root), { state: 'missing' });
      assert.deepEqual(await readQueries(root), {});
      await copyTree(files, join(root, 'trees'));
    }));

  test('has no answers in a link to a file of somebody else', () =>
    inFolder(async (root) => {
      await writeTexts(root, { 'outside.json': '{ "01": "a secret" }' });
      await symlink(join(root, 'outside.json'), join(root, 'answers.json'));
      assert.deepEqual(await readAnswers(root), { state: 'missing' });
    }));

  test('is refused with a word about a file of gigabytes', () =>
    inFolder(async (root) => {
      await writeTexts(root, { 'app-backend/core': '' });
      await truncate(join(root, 'app-backend/core'), 3 * 1024 ** 3); // takes no room: nothing is written
      await assert.rejects(copyTree(await listTree(root), join(root, 'trees')), FileTooLargeError);
    }));

  test('is copied anew where a program wrote gigabytes into the copy', () =>
    inFolder(async (root) => {
      await writeTexts(root, { 'app-backend/main.ts': 'export {};' });
      const files = await listTree(root);
      const { path } = await copyTree(files, join(root, 'trees'));
      await writeFile(join(path, 'app-backend/dump'), '');
      await truncate(join(path, 'app-backend/dump'), 3 * 1024 ** 3);
      assert.equal((await copyTree(files, join(root, 'trees'))).path, path);
      assert.deepEqual(await textsOf(await listTree(path)), { 'app-backend/main.ts': 'export {};' });
    }));
});
