import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckResult, ExerciseResult, Reason } from '../../judge/index.ts';
import { loadManifest } from '../../workshop/index.ts';
import { equivalentMutants } from '../equivalent.ts';
import { mutantsOf } from '../generate.ts';
import { countsOf, isOpen, mutantLines, mutantsJson, scoreOf } from '../report.ts';
import { type Fate, fateOf, type MutantOutcome } from '../verdict.ts';

function result(verdict: ExerciseResult['verdict'], reason: Reason | null): ExerciseResult {
  const check: CheckResult = {
    id: 'named',
    number: '03.1',
    title: 'a title',
    verdict: reason ? 'fail' : 'pass',
    blockedBy: [],
    failure: reason && { reason, saw: 'no span', wanted: '', look: '', views: [] },
    trouble: null,
  };
  return { id: '03-custom-span', verdict, checks: [check], told: {}, ms: 0, evidence: null, trouble: null };
}

for (const [verdict, reason, marked, fate, text] of [
  ['fail', 'span-missing', undefined, 'killed', 'span-missing at named'],
  ['pass', null, undefined, 'survived', 'passed'],
  ['pass', null, 'as good as before', 'equivalent', 'as good as before'],
  ['fail', 'span-missing', 'as good as before', 'stale', 'span-missing at named'],
  ['fail', 'unexplained', undefined, 'unexplained', 'unexplained at named'],
  ['fail', 'unexplained', 'as good as before', 'unexplained', 'unexplained at named'],
  ['fail', 'page-build-failed', undefined, 'unbuilt', 'page-build-failed at named'],
  ['blocked', null, undefined, 'error', 'blocked without a failing check'],
] as const) {
  test(`${verdict} with ${reason ?? 'no reason'}${marked ? ', marked as right,' : ''} is ${fate}`, () => {
    const seen = fateOf(result(verdict, reason), marked);
    assert.deepEqual([seen.fate, seen.text], [fate, text]);
  });
}

test("the grader's own trouble is an error, in one line", () => {
  const broken = { ...result('error', null), trouble: 'a rule\n  threw' };
  assert.deepEqual(fateOf(broken, undefined), { fate: 'error', text: 'a rule threw', saw: null });
});

function outcome(fate: Fate, id: string): MutantOutcome {
  const diff = '--- a.ts\n+++ a.ts\n-a\n+b\n';
  const mutant = {
    id,
    exercise: '03-custom-span',
    operator: 'drop-call',
    path: 'a.ts',
    what: 'a is left out',
    text: 'b',
    diff,
  };
  return { mutant, fate, text: 'seen', saw: null, drivenMs: null };
}

const fates: Fate[] = ['killed', 'killed', 'killed', 'survived', 'equivalent', 'unbuilt'];
const run = { outcomes: fates.map((fate, at) => outcome(fate, `03/a.ts/drop-call/${at}`)), skipped: [] };

test('the score is the share of the wrong ones that were refused for a reason', () => {
  assert.equal(scoreOf(countsOf(run.outcomes)), 0.75);
  assert.equal(scoreOf(countsOf([outcome('killed', 'a'), outcome('unexplained', 'b')])), 0.5);
  assert.equal(scoreOf(countsOf([outcome('killed', 'a'), outcome('error', 'b')])), 0.5);
  assert.equal(scoreOf(countsOf([])), 1);
});

test('survivors are told with their diff, and the last line counts', () => {
  const lines = mutantLines(run);
  assert.equal(lines[0], 'survived: 03/a.ts/drop-call/3');
  assert.ok(lines.includes('    +b'));
  assert.ok(!lines.some((line) => line.includes('drop-call/0')));
  assert.ok(lines.some((line) => /^03-custom-span +3 +1 +1 +0 +0 +1 +0 +75\.0 %$/.test(line)));
  assert.equal(lines.at(-1), '5 passed, 1 failed');
});

test('the JSON holds every mutant, without its whole text', () => {
  const { score, counts, mutants } = JSON.parse(mutantsJson(run, 7));
  assert.equal(score, 0.75);
  assert.equal(counts.killed, 3);
  assert.equal(mutants.length, 6);
  assert.equal(mutants[3].fate, 'survived');
  assert.ok(!('text' in mutants[3] && mutants[3].text === 'b'));
});

test('stale marks are open as survivors are', () => {
  assert.deepEqual(
    (['killed', 'equivalent', 'unbuilt', 'survived', 'stale', 'unexplained', 'error'] as const).filter(
      (fate) => isOpen(outcome(fate, 'a')),
    ),
    ['survived', 'stale', 'unexplained', 'error'],
  );
});

test('each mark gives a reason, and names a mutant that there is', async () => {
  const exercises = (await loadManifest()).filter(({ hasChecks, optional }) => hasChecks && !optional);
  const known = new Set<string>();
  for (const exercise of exercises) for (const { id } of (await mutantsOf(exercise)).mutants) known.add(id);
  assert.ok(known.size >= 250, `${known.size} mutants`);
  const marks = [...equivalentMutants()];
  assert.deepEqual(
    marks.map(([id]) => id).filter((id) => !known.has(id)),
    [],
  );
  for (const [id, why] of marks) assert.match(why, /^[A-Z].{20,}\.$/, `${id}: a sentence that says why`);
});
