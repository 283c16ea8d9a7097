import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Span } from '@workshop/telemetry/pure';
import type { CapturedSpan } from '../../capture/index.ts';
import { joinWitnesses } from '../join-witnesses.ts';

const run = { atMs: 0, clockSkewMs: 0 };

function captured(given: Partial<Span> = {}): CapturedSpan {
  return {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    name: 'rank feed',
    kind: 'INTERNAL',
    startMs: 1,
    durationMs: 2,
    status: { code: 'UNSET' },
    attributes: { 'user.id': '4711' },
    events: [],
    links: [],
    resource: { 'service.name': 'murmur-api' },
    scope: { name: 'murmur' },
    origin: { process: 'api', pid: 1, seq: 1 },
    ...given,
  };
}

/** The span as evidence tells it, when it was recorded so and arrived so. */
function joined(recorded: Partial<Span>, arrived: Partial<Span> | null) {
  const { origin: _, ...wire } = captured(arrived ?? {});
  const request = {
    path: '/v1/traces',
    method: 'POST',
    contentType: 'application/json',
    contentEncoding: '',
    headers: {},
    bytes: 1,
    status: 200,
    spans: [wire],
    atMs: 3,
  };
  const [span] = joinWitnesses([captured(recorded)], arrived ? [request] : [], run);
  assert.ok(span);
  return span;
}

describe('a span of two witnesses', () => {
  test('is what its process recorded when both say the same', () => {
    const span = joined({ status: { code: 'UNSET', message: '' } }, {});
    assert.equal(span.recorded, undefined);
    assert.deepEqual([span.origin.captured, span.origin.received], [true, true]);
  });

  test('is what its process recorded when it never arrived', () => {
    const span = joined({ attributes: { late: 1 } }, null);
    assert.deepEqual(span.attributes, { late: 1 });
    assert.equal(span.recorded, undefined);
    assert.equal(span.origin.received, false);
  });

  test('lacks what was written after the export', () => {
    const span = joined({ attributes: { 'user.id': '4711', late: 1 } }, {});
    assert.deepEqual(span.attributes, { 'user.id': '4711' });
    assert.deepEqual(span.recorded, { attributes: { 'user.id': '4711', late: 1 } });
  });

  test('has what an exporter added, and the status that it gave', () => {
    const span = joined({}, { attributes: { 'user.id': '4711', added: true }, status: { code: 'ERROR' } });
    assert.equal(span.attributes.added, true);
    assert.equal(span.status.code, 'ERROR');
    assert.deepEqual(span.recorded?.status, { code: 'UNSET' });
  });

  test('has the name, events and links that arrived', () => {
    const event = { name: 'exception', timeMs: 1, attributes: {} };
    const link = { traceId: 'c', spanId: 'd', attributes: {} };
    const span = joined({ name: 'before', events: [event], links: [link] }, { name: 'after' });
    assert.deepEqual([span.name, span.events, span.links], ['after', [], []]);
    assert.deepEqual(span.recorded, { name: 'before', events: [event], links: [link] });
  });

  test('keeps NaN, which JSON exporters send as null', () => {
    const span = joined({ attributes: { ms: Number.NaN } }, { attributes: { ms: null } });
    assert.deepEqual(span.attributes, { ms: Number.NaN });
    assert.equal(span.recorded, undefined);
  });

  test('is the same although the capture cut a long text', () => {
    const cut = `${'x'.repeat(65_536)}... [cut: 70000 characters]`;
    const span = joined({ attributes: { long: cut } }, { attributes: { long: 'x'.repeat(70_000) } });
    assert.deepEqual(span.attributes, { long: cut });
    assert.equal(span.recorded, undefined);
  });
});
