import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Draw, drawFrom } from '@workshop/base';
import { decodeTraceRequest, OtlpDecodeError, type Span } from '../index.ts';
import { ExportTraceServiceRequest } from '../otlp/proto.ts';

/**
 * Our own reader of OTLP's protobuf beside protobufjs, which reads the same bytes by the same proto into general
 * objects. These go on as OTLP/JSON, so that nothing of the reader is on both sides.
 */
const SEED = 20_261_128;
const BODIES = 3_000;

test(`${BODIES} bodies, whole and broken, are read or refused as protobufjs does (seed ${SEED})`, () => {
  const draw = drawFrom(SEED, 'protobuf');
  const seen = { spans: 0, refused: 0 };
  for (let round = 0; round < BODIES; round++) {
    const body = bodyOf(draw, round % 3 > 0);
    const expected = read(body, byProtobufjs);
    const found = read(body, (bytes) => decodeTraceRequest(bytes, 'application/x-protobuf').spans);
    assert.deepEqual(found, expected, `body ${round}: ${Buffer.from(body).toString('hex')}`);
    if (expected === null) seen.refused++;
    else seen.spans += expected.length;
  }
  assert.ok(seen.spans > BODIES / 2 && seen.refused > BODIES / 10, JSON.stringify(seen));
});

/** @returns null: refused */
function read(body: Uint8Array, reader: (body: Uint8Array) => Span[]): Span[] | null {
  try {
    return reader(body);
  } catch (error) {
    assert.ok(error instanceof OtlpDecodeError || reader === byProtobufjs, String(error));
    return null;
  }
}

function byProtobufjs(body: Uint8Array): Span[] {
  const message = ExportTraceServiceRequest.toObject(ExportTraceServiceRequest.decode(body), {
    longs: String,
  });
  const text = JSON.stringify(message, (key, value) => {
    const bytes = value?.type === 'Buffer' ? Buffer.from(value.data) : null;
    if (bytes) return bytes.toString(key === 'bytesValue' ? 'base64' : 'hex');
    return key === 'doubleValue' && !Number.isFinite(value) ? String(value) : value;
  });
  return decodeTraceRequest(Buffer.from(text), 'application/json').spans;
}

/** A request of a few spans with everything that a span may have. @param broken some of its bytes are others */
function bodyOf(draw: Draw, broken: boolean): Uint8Array {
  const body = ExportTraceServiceRequest.encode(
    ExportTraceServiceRequest.fromObject({
      resourceSpans: some(draw, 2, () => ({
        resource: { attributes: attributes(draw, 0) },
        scopeSpans: some(draw, 2, () => ({
          scope: { name: text(draw), version: text(draw), attributes: attributes(draw, 0) },
          spans: some(draw, 3, () => span(draw)),
        })),
      })),
    }),
  ).finish();
  const changed = Buffer.from(
    broken ? body.subarray(0, draw.pick([body.length, draw.integer(0, body.length)])) : body,
  );
  if (broken && changed.length > 0)
    for (let hits = draw.integer(0, 3); hits > 0; hits--)
      changed[draw.integer(0, changed.length - 1)] = draw.integer(0, 255);
  return changed;
}

function span(draw: Draw): object {
  return {
    traceId: bytes(draw, draw.pick([16, 16, 16, 15])),
    spanId: bytes(draw, 8),
    parentSpanId: bytes(draw, draw.pick([0, 8])),
    traceState: text(draw),
    name: text(draw),
    kind: draw.integer(0, 6),
    startTimeUnixNano: `17900000${draw.integer(0, 999_999)}`.padEnd(19, '7'),
    endTimeUnixNano: `17900001${draw.integer(0, 999_999)}`.padEnd(19, '3'),
    attributes: attributes(draw, 0),
    droppedAttributesCount: draw.integer(0, 2),
    events: some(draw, 2, () => ({
      timeUnixNano: '1790000000123456789',
      name: text(draw),
      attributes: attributes(draw, 0),
      droppedAttributesCount: draw.integer(0, 2),
    })),
    droppedEventsCount: draw.integer(0, 2),
    links: some(draw, 2, () => ({
      traceId: bytes(draw, 16),
      spanId: bytes(draw, 8),
      traceState: text(draw),
      attributes: attributes(draw, 0),
      droppedAttributesCount: draw.integer(0, 2),
    })),
    droppedLinksCount: draw.integer(0, 300),
    status: draw.pick([undefined, { code: draw.integer(0, 3), message: text(draw) }]),
    flags: draw.pick([0, 1, 0x101, 0x301, 0xffffffff]),
  };
}

function attributes(draw: Draw, depth: number): object[] {
  return some(draw, 3, () => ({ key: text(draw), value: draw.pick([undefined, value(draw, depth)]) }));
}

function value(draw: Draw, depth: number): object {
  const plain = [
    { stringValue: text(draw) },
    { boolValue: draw.pick([true, false]) },
    {
      intValue: draw.pick([
        '0',
        '-1',
        '127',
        '128',
        '-9223372036854775808',
        '9007199254740993',
        '300000000000',
      ]),
    },
    { doubleValue: draw.pick([0, -1.5, 1e300, Number.NaN, Number.NEGATIVE_INFINITY]) },
    { bytesValue: bytes(draw, draw.integer(0, 5)) },
    {},
  ];
  if (depth > 2) return draw.pick(plain);
  return draw.pick([
    ...plain,
    { arrayValue: { values: some(draw, 3, () => value(draw, depth + 1)) } },
    { kvlistValue: { values: attributes(draw, depth + 1) } },
  ]);
}

function text(draw: Draw): string {
  return draw.pick([
    '',
    'a',
    'http.route',
    'user.id',
    '__proto__',
    'Grüße 漢字 🙂',
    '\ufeffmark',
    '\ufffd',
    '\ufeff \ufffd',
    draw.word().repeat(9),
  ]);
}

function bytes(draw: Draw, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => draw.integer(0, 255)));
}

function some<T>(draw: Draw, most: number, make: () => T): T[] {
  return Array.from({ length: draw.integer(0, most) }, make);
}
