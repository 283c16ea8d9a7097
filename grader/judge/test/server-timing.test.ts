import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nestSpan, query, serverSpan } from '@workshop/grader/test/evidence';
import { diagnoseWrongTiming } from '../diagnosis/latency/server-timing.ts';

/** What is said of the first of some answers, given as what their headers say and how long their SERVER spans took. */
function causeOf(...answers: [told: number, tookMs: number][]): string {
  const all = answers.map(([told, tookMs]) => ({ header: `total;dur=${told}`, tookMs }));
  const server = serverSpan({ durationMs: answers[0]?.[1] });
  const found = diagnoseWrongTiming('GET /feed', all[0]?.header, server, [], all);
  return found ? (found.cause ?? 'no cause') : 'right';
}

test('a cause of a wrong time must be true of every answer', () => {
  assert.equal(causeOf([410, 400], [90, 92]), 'right');
  assert.match(causeOf([0.4, 400], [0.09, 92]), /in seconds/);
  assert.equal(causeOf([0.4, 400], [0.3, 92]), 'no cause', 'too early, and not in seconds');
  assert.match(causeOf([400_000, 400], [92_000, 92]), /smaller unit/);
  assert.match(causeOf([31, 400], [31, 92]), /same number/);
  assert.equal(causeOf([31, 400], [31, 410]), 'no cause', 'they took equally long');
});

test('a right time is no finding', () => {
  const server = serverSpan({ durationMs: 400 });
  const all = [{ header: 'total;dur=410', tookMs: 400 }];
  assert.equal(diagnoseWrongTiming('GET /feed', all[0]?.header, server, [], all), null);
});

test('a header may say less than a SERVER span that ended late, down to the work below it, and no less', () => {
  const server = serverSpan({ startMs: 1000, durationMs: 300 });
  const work = [nestSpan('list', server, { startMs: 1010, durationMs: 100 }), query(server, 1020, 60)];
  const of = (header: string) =>
    diagnoseWrongTiming('GET /feed', header, server, work, [{ header, tookMs: 300 }])?.reason ?? null;
  assert.equal(of('total;dur=301'), null);
  assert.equal(of('total;dur=180'), null);
  assert.equal(of('total;dur=98'), null);
  assert.equal(of('total;dur=60'), 'server-timing-wrong');
  assert.equal(of('total;dur=400'), 'server-timing-wrong');
});

test('a number below zero is shown as it was sent', () => {
  const server = serverSpan({ durationMs: 300 });
  const found = diagnoseWrongTiming('GET /feed', 'total;dur=-299', server, [], []);
  assert.match(found?.saw ?? '', /says total;dur=-299\./);
});
