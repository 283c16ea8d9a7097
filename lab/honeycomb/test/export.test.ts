import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WorkshopError } from '@workshop/base';
import { readConfig } from '../config.ts';
import { assertCanExport, exportGradedSpans } from '../export.ts';
import { keysFor, makeRoot, makeSpan, startStandIn } from './fixtures.ts';

const MARKS = { seed: 4711, exercise: '03-custom-span' };

test('graded spans arrive marked; the learner’s own spans are not changed', async (t) => {
  const honeycomb = await startStandIn(t);
  const config = readConfig(makeRoot(t), { ...keysFor(honeycomb), HONEYCOMB_LEARNER: 'Anna' });
  const spans = Array.from({ length: 2500 }, (_, n) => makeSpan(n));
  const result = await exportGradedSpans(spans, MARKS, { config });
  assert.deepEqual(result, { sent: 2500, warning: null });
  assert.equal(honeycomb.spans.length, 2500);
  assert.deepEqual(honeycomb.spans[7]!.attributes, {
    n: 7,
    'murmur.graded': true,
    'murmur.graded.seed': 4711,
    'murmur.graded.exercise': '03-custom-span',
  });
  assert.equal(honeycomb.spans[7]!.resource['deployment.environment.name'], 'Anna');
  assert.deepEqual(spans[7], makeSpan(7));
});

test('a busy Honeycomb is waited for; one that stays away is a warning, never an error', async (t) => {
  const honeycomb = await startStandIn(t);
  const config = readConfig(makeRoot(t), keysFor(honeycomb));
  const waits: number[] = [];
  const options = { config, sleep: async (ms: number) => waits.push(ms) };
  honeycomb.fail({ times: 1, status: 429, headers: { RateLimit: 'limit=1, remaining=0, reset=3' } });
  assert.deepEqual(await exportGradedSpans([makeSpan(1)], MARKS, options), { sent: 1, warning: null });
  assert.deepEqual(waits, [3000]);

  honeycomb.fail({ times: 4, status: 503, headers: { RateLimit: '' } });
  const away = await exportGradedSpans([makeSpan(1), makeSpan(2)], MARKS, options);
  assert.equal(away.sent, 0);
  assert.match(away.warning!, /^2 graded spans did not reach Honeycomb \(status 503/);

  honeycomb.keys.clear();
  const refused = await exportGradedSpans([makeSpan(1)], MARKS, options);
  assert.match(refused.warning!, /status 401/);
  await honeycomb.goOffline();
  const offline = await exportGradedSpans([makeSpan(1)], MARKS, options);
  assert.match(offline.warning!, /ECONNREFUSED/);
});

test('without a key the export is refused before anything else', (t) => {
  assert.throws(() => assertCanExport(readConfig(makeRoot(t), {})), WorkshopError);
});
