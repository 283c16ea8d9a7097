import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compactSpans, expandSpans } from '../pure.ts';
import { span } from './spans.ts';

test('what spans share is told once, and comes back shared', () => {
  const [one, other] = [span({ name: 'one' }), span({ name: 'other', service: 'murmur-web', scope: 'web' })];
  const spans = [one, { ...other, resource: one.resource }, other, { ...one, spanId: 'f'.repeat(16) }];
  const compact = compactSpans(spans);
  assert.deepEqual([compact.resources.length, compact.scopes.length], [2, 2]);
  const expanded = expandSpans(JSON.parse(JSON.stringify(compact)));
  assert.deepEqual(expanded, spans);
  assert.equal(expanded[0]?.resource, expanded[3]?.resource);
});

test('resources that say the same are told once, though each span has its own object', () => {
  const spans = [span({ name: 'one' }), span({ name: 'two' }), span({ name: 'web', service: 'murmur-web' })];
  const read = JSON.parse(JSON.stringify(spans)) as typeof spans;
  const compact = compactSpans(read);
  assert.deepEqual(
    compact.spans.map(({ resource }) => resource),
    [0, 0, 1],
  );
  assert.deepEqual(expandSpans(compact), spans);
});
