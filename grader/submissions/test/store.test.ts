import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { WorkshopError } from '@workshop/base';
import { openNew, openSubmission, saveEdited } from '../edit.ts';
import { parseHeader } from '../header.ts';
import { createPatch, type ReadText } from '../patch.ts';
import { rebaseAll } from '../rebase.ts';
import { runSubmissions } from '../run-submissions.ts';
import { findSubmission, listSubmissions, writeSubmission } from '../store.ts';
import { tableLines } from '../table.ts';

const HEADER = parseHeader(
  'Base: 0\nExercise: 01-first-trace\nExpect: fail no-provider\nWhat: Changes one line.\n',
  'test',
);
const BASE = 'one\ntwo\nthree\nfour\nfive\n';
const base =
  (text: string): ReadText =>
  async (path) =>
    path === 'answers.json' ? text : null;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'submissions-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, header = HEADER, before = BASE): Promise<string> {
  const patch = await createPatch(new Map([['answers.json', before.replace('five', '5')]]), base(before));
  return writeSubmission(name, header, patch, folder);
}

test('what was written is listed, by exercise and kind, and found by name', async () => {
  await write('zeta');
  await write('alpha');
  await write('alpha', { ...HEADER, expect: { verdict: 'pass' }, exercise: '02-user-id' });
  const all = await listSubmissions(folder);
  assert.deepEqual(
    all.map(({ exercise, kind, name }) => `${exercise}/${kind}/${name}`),
    ['01-first-trace/wrong/alpha', '01-first-trace/wrong/zeta', '02-user-id/right/alpha'],
  );
  assert.equal(findSubmission(all, 'zeta'), all[1]);
  assert.equal(findSubmission(all, '02/alpha'), all[2]);
  assert.throws(() => findSubmission(all, 'alpha'), /several: 01\/alpha, 02\/alpha/);
  assert.throws(() => findSubmission(all, 'zetta'), /Did you mean zeta\?/);
});

test('one that lies in another folder than its header says is refused', async () => {
  const path = await write('alpha');
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('fail no-provider', 'pass'));
  await assert.rejects(listSubmissions(folder), /a wrong one cannot "Expect: pass"/);
  await writeFile(path, text.replace('01-first-trace', '02-user-id'));
  await assert.rejects(listSubmissions(folder), /its header says "Exercise: 02-user-id"/);
});

test('a rebase carries patches over, keeps the header, and reports conflicts by name', async () => {
  await write('carried');
  await write('lost', HEADER, BASE.replace('four', 'vier'));
  const submissions = await listSubmissions(folder);
  const grown = `zero\n${BASE}`;
  const results = await rebaseAll(submissions, async () => ({
    read: base(grown.replace('two', '2').replace('vier', 'four')),
  }));
  assert.equal(results[0]?.outcome, 'rewritten');
  const [carried] = await listSubmissions(folder);
  assert.equal(carried?.what, HEADER.what);
  assert.deepEqual(
    (await rebaseAll([carried!], async () => ({ read: base(grown.replace('two', '2')) }))).map(
      (one) => one.outcome,
    ),
    ['same'],
  );
  const gone = await rebaseAll(submissions, async () => ({ read: base('another\nfile\n') }));
  for (const { outcome } of gone) assert.match((outcome as { conflict: string }).conflict, /^answers\.json/);
  assert.equal(await readFile(carried!.path, 'utf8'), await readFile(submissions[0]!.path, 'utf8'));
});

test('a patch that no longer applies is a WRONG row that says so, and nothing is started for it', async () => {
  await write('outdated');
  const exercise = {
    id: '01-first-trace',
    number: '01',
    title: 't',
    minutes: 1,
    needs: [],
    directory: folder,
    hasChecks: true,
  };
  const outcomes = await runSubmissions(await listSubmissions(folder), [exercise], {
    driveAll: false,
    seed: 1,
    earlier: false,
    atOnce: 1,
  });
  assert.match(outcomes[0]?.seen.text ?? '', /^does not apply: answers\.json has changed/);
  const lines = tableLines(outcomes);
  assert.match(lines[1] ?? '', /^WRONG +01-first-trace +wrong +outdated/);
  assert.equal(lines.at(-1), '0 passed, 1 failed');
});

test('a new one is opened on its base, edited and saved as a patch that opens again', async () => {
  const opened = join(folder, 'opened');
  await openNew('mine', { base: 0, exercise: '01-first-trace', expect: 'fail <reason>', what: '' }, opened);
  await writeFile(join(opened, 'app-backend/src/tracing.ts'), '// nothing yet\n');
  await assert.rejects(saveEdited('mine', opened, folder), WorkshopError);
  await writeFile(
    join(opened, 'SUBMISSION.txt'),
    'Base: 0\nExercise: 01-first-trace\nExpect: fail no-provider\nWhat: An empty file.\n',
  );
  await saveEdited('mine', opened, folder);
  await assert.rejects(stat(opened), { code: 'ENOENT' });

  const [mine] = await listSubmissions(folder);
  assert.match(mine?.patch ?? '', /^--- \/dev\/null\n\+\+\+ app-backend\/src\/tracing\.ts\n/);
  assert.equal((await openSubmission(mine!, opened)).conflict, null);
  assert.equal(await readFile(join(opened, 'app-backend/src/tracing.ts'), 'utf8'), '// nothing yet\n');
  await assert.rejects(openSubmission(mine!, opened), /open already/);
});

test('one without a change cannot be saved', async () => {
  const opened = join(folder, 'opened');
  const header = { base: 0, exercise: '01-first-trace', expect: 'fail no-provider', what: 'Nothing.' };
  await openNew('mine', header, opened);
  await assert.rejects(saveEdited('mine', opened, folder), /nothing differs/);
});

test('one whose patch does not fit is opened as its base, with the old patch beside it', async () => {
  await write('outdated');
  const [outdated] = await listSubmissions(folder);
  const opened = join(folder, 'opened');
  assert.match((await openSubmission(outdated!, opened)).conflict ?? '', /answers\.json/);
  assert.match(await readFile(join(opened, 'REJECTED.patch'), 'utf8'), /^\+5$/m);
  assert.match(await readFile(join(opened, 'SUBMISSION.txt'), 'utf8'), /What: Changes one line\./);
});
