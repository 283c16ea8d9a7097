import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkshopError } from '@workshop/base';
import type { CheckResult, ExerciseResult, Reason } from '../../judge/index.ts';
import { confusionOf, confusionText } from '../confusion.ts';
import { compare } from '../outcome.ts';
import type { Outcome } from '../run-submissions.ts';

function outcome(exercise: string, expected: Reason | 'pass', seen: Reason | 'pass' | 'error'): Outcome {
  const check: CheckResult = {
    id: 'a',
    number: '01.1',
    title: 'a',
    verdict: seen === 'pass' ? 'pass' : 'fail',
    blockedBy: [],
    failure:
      seen === 'pass' || seen === 'error' ? null : { reason: seen, saw: '', wanted: '', look: '', views: [] },
    trouble: null,
  };
  const verdict = seen === 'pass' || seen === 'error' ? seen : 'fail';
  const result: ExerciseResult = {
    id: exercise,
    verdict,
    checks: [check],
    told: {},
    ms: 0,
    evidence: null,
    trouble: null,
  };
  const kind = expected === 'pass' ? ('right' as const) : ('wrong' as const);
  const expect =
    expected === 'pass' ? { verdict: expected } : { verdict: 'fail' as const, reason: expected, at: null };
  const submission = { base: 1, exercise, expect, what: '', name: 'a', kind, path: '', patch: '' };
  return {
    submission,
    seen: compare(expect, result),
    drivenMs: seen === 'pass' ? 1 : null,
    result,
    evidence: null,
  };
}

const outcomes = [
  outcome('01-first-trace', 'no-provider', 'no-provider'),
  outcome('01-first-trace', 'no-provider', 'not-sampled'),
  outcome('01-first-trace', 'no-provider', 'unexplained'),
  outcome('01-first-trace', 'no-provider', 'pass'),
  outcome('01-first-trace', 'pass', 'pass'),
  outcome('02-user-id', 'pass', 'attribute-missing'),
  outcome('02-user-id', 'attribute-missing', 'error'),
];

test('each submission is counted where it belongs', () => {
  const { exercises, all, driven } = confusionOf(outcomes, 7);
  const [first, second] = exercises;
  assert.deepEqual(first, {
    exercise: '01-first-trace',
    wrong: 4,
    accepted: 1,
    rightReason: 1,
    otherReason: 1,
    unexplained: 1,
    right: 1,
    refused: 0,
    errors: 0,
  });
  assert.deepEqual([second?.wrong, second?.right, second?.refused, second?.errors], [1, 1, 1, 1]);
  assert.deepEqual([all.wrong, all.right, all.rightReason, driven], [5, 2, 1, 2]);
});

test('a submission without a verdict is an error', () => {
  const none = { ...(outcomes[0] as Outcome), result: null, seen: { ok: false, text: 'does not apply' } };
  assert.equal(confusionOf([none], 7).all.errors, 1);
});

test('the report is Markdown or JSON by its ending, and holds the seed', () => {
  const confusion = confusionOf(outcomes, 7);
  const markdown = confusionText(confusion, 'a.md');
  assert.match(markdown, /^\| 01-first-trace \| 4 \| 1 \| 1 \| 1 \| 1 \| 1 \| 0 \| 0 \|$/m);
  assert.match(markdown, /with seed 7\./);
  assert.deepEqual(JSON.parse(confusionText(confusion, 'a.json')), confusion);
  assert.throws(() => confusionText(confusion, 'a.txt'), WorkshopError);
});
