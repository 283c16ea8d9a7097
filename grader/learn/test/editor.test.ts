import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { until } from '@workshop/base';
import { EditorError, openInEditor } from '../editor.ts';

describe('an editor', {
  skip: process.platform === 'win32' && 'the programs of the test are shell scripts',
}, () => {
  let root: string;
  let bin: string;
  const told = () => readFileSync(path.join(root, 'told'), 'utf8').trim();
  const program = (name: string, exitCode = 0) => {
    const file = path.join(bin, name);
    writeFileSync(
      file,
      `#!/bin/sh\necho "$(basename "$0") $*" > "${path.join(root, 'told')}"\nexit ${exitCode}\n`,
    );
    chmodSync(file, 0o755);
    return file;
  };
  const PLACE = { path: 'app-backend/src/main.ts', line: 12, column: 3 };

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'editor '));
    bin = path.join(root, 'bin');
    mkdirSync(bin);
    mkdirSync(path.join(root, 'app-backend', 'src'), { recursive: true });
    writeFileSync(path.join(root, PLACE.path), '');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test('of EDITOR is told the file, line and column, and is not waited for', async () => {
    program('cursor');
    const file = path.join(root, PLACE.path);
    const environment = { PATH: `${bin}:/bin:/usr/bin`, EDITOR: 'cursor --wait' };
    assert.equal(await openInEditor(root, PLACE, environment), 'cursor');
    assert.ok(await until(() => told() !== ''));
    assert.equal(told(), `cursor -g ${file}:12:3`);
  });

  test('that needs a terminal is left alone: VS Code is tried', async () => {
    program('vim');
    program('code');
    const environment = { PATH: `${bin}:/bin:/usr/bin`, EDITOR: 'vim' };
    assert.equal(await openInEditor(root, PLACE, environment), 'code');
    assert.match(told(), /^code -g /);
  });

  test('that is not there, or fails, is said with what to do', async () => {
    const nothing = { PATH: bin };
    await assert.rejects(openInEditor(root, PLACE, nothing), (error: EditorError) => {
      assert.ok(error instanceof EditorError);
      assert.match(error.text, /no program "code" here\. Open app-backend\/src\/main\.ts, line 12 yourself/);
      return true;
    });
    await assert.rejects(
      openInEditor(root, PLACE, { ...nothing, EDITOR: 'nano' }),
      /EDITOR is nano, which needs/,
    );
    program('code', 1);
    await assert.rejects(openInEditor(root, PLACE, { PATH: `${bin}:/bin:/usr/bin` }), EditorError);
  });
});
