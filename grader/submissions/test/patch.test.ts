import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPatch, PatchConflict, patchedFiles, type ReadText } from '../patch.ts';

const from =
  (files: Record<string, string>): ReadText =>
  async (path) =>
    files[path] ?? null;

const LINES = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', ''];
const BASE = { 'a.ts': LINES.join('\n'), 'b.ts': 'kept\n', 'c.ts': 'to be deleted\n' };
const CHANGED = new Map<string, string | null>([
  ['a.ts', BASE['a.ts'].replace('five', 'FIVE')],
  ['c.ts', null],
  ['new/d.ts', 'created\nwithout a last line end'],
]);

test('change, creation and deletion survive the way through a patch', async () => {
  const patch = await createPatch(CHANGED, from(BASE));
  assert.match(patch, /^--- a\.ts$/m);
  assert.match(patch, /^\+\+\+ \/dev\/null$/m);
  assert.deepEqual(await patchedFiles(patch, from(BASE)), CHANGED);
});

test('what does not differ makes no patch', async () => {
  assert.equal(await createPatch(new Map([['b.ts', 'kept\r\n']]), from(BASE)), '');
});

test('a file with CRLF is patched and keeps its line ends', async () => {
  const patch = await createPatch(CHANGED, from(BASE));
  const windows = Object.fromEntries(
    Object.entries(BASE).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]),
  );
  const changed = await patchedFiles(patch, from(windows));
  assert.equal(changed.get('a.ts'), windows['a.ts']?.replace('five', 'FIVE'));
});

test('a patch whose line has changed below it is a conflict that names the file', async () => {
  const patch = await createPatch(CHANGED, from(BASE));
  const other = { ...BASE, 'a.ts': BASE['a.ts'].replace('five', '5') };
  await assert.rejects(
    patchedFiles(patch, from(other)),
    (error) => error instanceof PatchConflict && error.message.startsWith('a.ts has changed'),
  );
  await assert.rejects(patchedFiles(patch, from(other), true), PatchConflict);
});

test('a changed neighbour is a conflict for grading, and is carried over by a rebase', async () => {
  const patch = await createPatch(CHANGED, from(BASE));
  const other = { ...BASE, 'a.ts': BASE['a.ts'].replace('two', 'zwei') };
  await assert.rejects(patchedFiles(patch, from(other)), PatchConflict);
  const carried = await patchedFiles(patch, from(other), true);
  assert.equal(carried.get('a.ts'), other['a.ts'].replace('five', 'FIVE'));
});

test('files that are gone or there already are conflicts', async () => {
  const patch = await createPatch(CHANGED, from(BASE));
  const { 'c.ts': _, ...without } = BASE;
  await assert.rejects(patchedFiles(patch, from(without)), /c\.ts is not there/);
  await assert.rejects(
    patchedFiles(patch, from({ ...BASE, 'new/d.ts': 'x' })),
    /new\/d\.ts is there already/,
  );
});

for (const path of ['../outside.ts', '/outside.ts', 'app/../../outside.ts', 'C:\\outside.ts']) {
  test(`a patch may not lead outside the tree: ${path}`, async () => {
    const patch = `--- /dev/null\n+++ ${path}\n@@ -0,0 +1,1 @@\n+x\n`;
    await assert.rejects(patchedFiles(patch, from({})), /no path inside the tree/);
  });
}
