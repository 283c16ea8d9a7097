import assert from 'node:assert/strict';
import { test } from 'node:test';
import { span } from '@workshop/grader/test/evidence';
import type { HeaderRecord } from '../../evidence/index.ts';
import { diagnoseEarlyEnd, type JourneyRequest } from '../diagnosis/spans/journey.ts';

const startMs = 1_000_000;
const part = { what: 'alone', texts: ['word'], fromMs: startMs, toMs: startMs + 500, author: '4711' };

/** Whether a journey of 200 ms is said to have ended too early when its last request ran so. */
function endedEarly(fromMs: number, durationMs: number): boolean {
  const last: JourneyRequest = {
    title: 'GET /notifications',
    record: {} as HeaderRecord,
    span: span('GET', { kind: 'CLIENT', startMs: startMs + fromMs, durationMs }),
  };
  const journey = span('publish post', { kind: 'INTERNAL', startMs, durationMs: 200 });
  return diagnoseEarlyEnd(part, journey, [last])?.reason === 'span-ended-before-its-work';
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
