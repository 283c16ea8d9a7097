import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeAtomically, writeAtomicallySync } from '../files.ts';

test('a file and its folder are made, then replaced, and nothing else is left', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'workshop-files-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'below', 'a.json');
  await writeAtomically(file, 'one');
  assert.equal(readFileSync(file, 'utf8'), 'one');
  writeAtomicallySync(file, 'two', { durable: false });
  assert.equal(readFileSync(file, 'utf8'), 'two');
  assert.deepEqual(readdirSync(join(folder, 'below')), ['a.json']);
});

test('a file of secrets is closed to others from the start', {
  skip: process.platform === 'win32',
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'workshop-files-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  await writeAtomically(join(folder, 'key'), 'x', { mode: 0o600 });
  assert.equal(statSync(join(folder, 'key')).mode & 0o777, 0o600);
});
