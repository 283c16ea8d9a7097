import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CheckResult, ExerciseResult, Reason } from '../../judge/index.ts';
import { compare } from '../outcome.ts';

function check(id: string, outcome: Reason | 'pass' | 'blocked' | 'error'): CheckResult {
  const base = { id, number: '01.1', title: id, blockedBy: [], failure: null, trouble: null };
  if (outcome === 'pass' || outcome === 'blocked') return { ...base, verdict: outcome };
  if (outcome === 'error') return { ...base, verdict: 'error', trouble: 'a rule threw' };
  return { ...base, verdict: 'fail', failure: { reason: outcome, saw: '', wanted: '', look: '', views: [] } };
}

function result(verdict: ExerciseResult['verdict'], ...checks: CheckResult[]): ExerciseResult {
  return { id: '01-first-trace', verdict, checks, told: {}, ms: 0, evidence: null, trouble: null };
}

const fails = (reason: Reason, at: string | null = null) => ({ verdict: 'fail' as const, reason, at });

test('the first failing check must have the reason', () => {
  const graded = result('fail', check('a', 'pass'), check('b', 'no-provider'), check('c', 'not-sampled'));
  assert.deepEqual(compare(fails('no-provider'), graded), { ok: true, text: 'fail no-provider at b' });
  assert.deepEqual(compare(fails('not-sampled'), graded), { ok: false, text: 'fail no-provider at b' });
});

test('a named check must fail with the reason, wherever it stands', () => {
  const graded = result('fail', check('b', 'no-provider'), check('c', 'not-sampled'));
  assert.equal(compare(fails('not-sampled', 'c'), graded).ok, true);
  assert.equal(compare(fails('not-sampled', 'b'), graded).ok, false);
  assert.equal(compare(fails('not-sampled', 'elsewhere'), graded).ok, false);
});

test('a named check that only waits did not fail', () => {
  const graded = result('fail', check('b', 'no-provider'), check('c', 'blocked'));
  assert.deepEqual(compare(fails('not-sampled', 'c'), graded), { ok: false, text: 'blocked at c' });
});

test('a right one must pass whole', () => {
  assert.deepEqual(compare({ verdict: 'pass' }, result('pass', check('a', 'pass'))), {
    ok: true,
    text: 'pass',
  });
  const graded = result('fail', check('a', 'pass'), check('b', 'answer-missing'));
  assert.deepEqual(compare({ verdict: 'pass' }, graded), { ok: false, text: 'fail answer-missing at b' });
});

test('a wrong one that passes was not recognised', () => {
  assert.deepEqual(compare(fails('no-provider'), result('pass', check('a', 'pass'))), {
    ok: false,
    text: 'pass',
  });
});

test("the grader's own error is never what was expected", () => {
  const graded = result('error', check('a', 'no-provider'), check('b', 'error'));
  assert.deepEqual(compare(fails('no-provider'), graded), { ok: false, text: 'error: a rule threw' });
});

test('unexplained anywhere is a defect, though the first reason is right', () => {
  const graded = result('fail', check('a', 'no-provider'), check('b', 'unexplained'));
  assert.deepEqual(compare(fails('no-provider'), graded), { ok: false, text: 'fail unexplained at b' });
});
