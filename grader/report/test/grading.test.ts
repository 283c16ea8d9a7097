import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Screen } from '@workshop/base/terminal';
import type { CheckResult, ExerciseResult } from '../../judge/index.ts';
import type { Exercise, Progress } from '../../workshop/index.ts';
import { type Grading, gradingLines } from '../grading.ts';

const PLAIN: Screen = { width: 80, plain: true, colour: false };
const THEN = '2026-01-01T00:00:00.000Z';

const exercises: Exercise[] = ['01-first', '02-second', '03-third'].map((id) => ({
  id,
  number: id.slice(0, 2),
  title: `The ${id.slice(3)}`,
  minutes: 20,
  needs: [],
  directory: id,
  hasChecks: true,
}));
const check = { id: 'a', title: 'a', failure: null, blockedBy: [], trouble: null, views: [] };

function passing(id: string): ExerciseResult {
  const checks = [{ ...check, number: `${id.slice(0, 2)}.1`, verdict: 'pass' } as unknown as CheckResult];
  return {
    id,
    verdict: 'pass',
    ms: 1,
    evidence: '',
    checks,
    told: { many: 3 },
    trouble: null,
  } as ExerciseResult;
}

function text(ids: string[], first: string[], progress: Partial<Progress>): string {
  const grading: Grading = {
    results: ids.map(passing),
    evidences: new Map(),
    exercises,
    screen: PLAIN,
    ownRun: true,
    reopened: [],
    first,
    progress: { schema: 1, done: {}, reopened: {}, skipped: [], hints: {}, ...progress },
    seed: 7,
    done: '- You saw {{many}}.\n',
  };
  return gradingLines(grading).join('\n');
}

test('what passes for the first time is celebrated, and then the next one is named', () => {
  const said = text(['01-first'], ['01-first'], { done: { '01-first': THEN } });
  assert.match(
    said,
    /01 · The first: done\.\n\n.*You saw 3\.\n\n {2}Next: exercises\/02-second\/README\.md/s,
  );
});

test('nothing is celebrated twice, and what passed long ago is not the next one', () => {
  const said = text(['01-first'], [], { done: { '01-first': THEN, '02-second': THEN } });
  assert.doesNotMatch(said, /done\.|You saw/);
  assert.match(said, /All of this passes, as before\.\n\n {2}Next: exercises\/03-third\/README\.md/);
});

test('after the last one stands what is left', () => {
  const done = { '01-first': THEN, '03-third': THEN };
  const said = text(['03-third'], ['03-third'], { done, skipped: ['02-second'] });
  assert.match(said, /That was the last exercise/);
  assert.match(said, /Left out, or open again: 02\. To begin one: npm run goto -- 02/);
});

test('what passed before is looked for in the exercise that is worked on, whose hints are offered', () => {
  const failure = { reason: 'span-missing', saw: 'nothing.', wanted: 'a span.', look: 'there.', seen: [] };
  const failing = {
    ...passing('02-second'),
    verdict: 'fail',
    checks: [{ ...check, number: '02.1', verdict: 'fail', failure }],
  } as unknown as ExerciseResult;
  const said = (progress: Partial<Progress>, reopened: string[]) =>
    gradingLines({
      results: [failing],
      evidences: new Map(),
      exercises,
      screen: PLAIN,
      ownRun: true,
      reopened,
      first: [],
      progress: { schema: 1, done: {}, reopened: {}, skipped: [], hints: {}, ...progress },
      seed: 7,
      done: '',
    }).join('\n');
  const open = { done: { '01-first': THEN }, reopened: { '02-second': THEN } };
  const now = said(open, ['02-second']);
  assert.match(now, /02-second passed before .*\nYou work on 03-third\. What did you change for it\?/);
  assert.match(now, /Reason span-missing\. {3}Next hint: npm run hint -- 3$/m);
  assert.match(said(open, []), /Next hint: npm run hint -- 3$/m, 'also the next time');
  assert.match(said({ done: { '01-first': THEN } }, []), /Next hint: npm run hint -- 2$/m);
});
