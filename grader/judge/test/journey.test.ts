import assert from 'node:assert/strict';
import { test } from 'node:test';
import { span } from '@workshop/grader/test/evidence';
import type { HeaderRecord } from '../../evidence/index.ts';
import { diagnoseEarlyEnd } from '../diagnosis/spans/journey-span.ts';

const startMs = 1_000_000;

/** Whether a journey of 200 ms is said to have ended too early when its last request ran so. */
function endedEarly(fromMs: number, durationMs: number): boolean {
  const last = {
    title: 'GET /notifications',
    record: {} as HeaderRecord,
    span: span('GET', { kind: 'CLIENT', startMs: startMs + fromMs, durationMs }),
  };
  const journey = span('publish post', { kind: 'INTERNAL', startMs, durationMs: 200 });
  return diagnoseEarlyEnd(journey, [last])?.reason === 'span-ended-before-its-work';
}

test('a journey lasts until its last answer, give or take what two clocks of the browser differ by', () => {
  assert.equal(endedEarly(100, 95), false);
  assert.equal(endedEarly(100, 140), false);
  assert.equal(endedEarly(100, 160), true);
});

test('a quick request that began after the end is not covered', () => {
  assert.equal(endedEarly(199, 20), true);
  assert.equal(endedEarly(205, 5), true);
  assert.equal(endedEarly(190, 20), false);
});
