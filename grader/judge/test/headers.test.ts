import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readServerTiming } from '../diagnosis/latency/server-timing.ts';
import { readTraceparent } from '../joins/index.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('reading a traceparent', () => {
  test('gives the ids of a right one, sampled or not', () => {
    assert.deepEqual(readTraceparent(`00-${TRACE}-${SPAN}-01`), { traceId: TRACE, spanId: SPAN });
    assert.deepEqual(readTraceparent(`00-${TRACE}-${SPAN}-00`), { traceId: TRACE, spanId: SPAN });
  });

  for (const [what, header] of [
    ['without flags', `00-${TRACE}-${SPAN}`],
    ['in upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['with a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['with a span id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['with the ids exchanged', `00-${SPAN}-${TRACE}-01`],
    ['with something behind it', `00-${TRACE}-${SPAN}-01-x`],
    ['without a version', `${TRACE}-${SPAN}-01`],
    ['empty', ''],
  ] as const) {
    test(`refuses one ${what}`, () => assert.equal(readTraceparent(header), null));
  }
});

describe('reading a Server-Timing header', () => {
  test('takes names and durations, in any order and with quotes', () => {
    assert.deepEqual(readServerTiming('total;dur=31.4, db;desc="near, fast";dur="2", cache;desc=miss'), [
      { name: 'total', duration: 31.4 },
      { name: 'db', duration: 2 },
      { name: 'cache', duration: null },
    ]);
  });

  test('has no duration where none can be read', () => {
    assert.deepEqual(readServerTiming('total=31.4'), []);
    assert.deepEqual(readServerTiming('total;dur=fast'), [{ name: 'total', duration: null }]);
    assert.deepEqual(readServerTiming('total;desc="31 ms"'), [{ name: 'total', duration: null }]);
    assert.deepEqual(readServerTiming(undefined), []);
    assert.deepEqual(readServerTiming(''), []);
  });
});
