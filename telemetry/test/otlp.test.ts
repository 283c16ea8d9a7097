import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import {
  decodeTraceRequest,
  encodeTraceRequest,
  encodeTraceResponse,
  OtlpDecodeError,
  type Span,
} from '../index.ts';
import { readableSpans } from './readable.ts';
import { span } from './spans.ts';

const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json; charset=utf-8';

function only(body: Uint8Array, type = JSON_TYPE): Span {
  const { spans, rejected } = decodeTraceRequest(body, type);
  assert.equal(rejected, null);
  assert.equal(spans.length, 1);
  return spans[0]!;
}

function json(spans: unknown[]): Uint8Array {
  return Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
}

const IDS = { traceId: 'AB'.repeat(16), spanId: 'cd'.repeat(8) };

for (const [name, serializer, type] of [
  ['protobuf', ProtobufTraceSerializer, PROTOBUF],
  ['JSON', JsonTraceSerializer, JSON_TYPE],
] as const) {
  test(`${name} as the SDK's own serializer writes it`, () => {
    const readable = readableSpans();
    const { spans, rejected } = decodeTraceRequest(serializer.serializeRequest(readable)!, type);
    assert.equal(rejected, null);
    assert.equal(spans.length, 2);
    const [server, root] = spans as [Span, Span];
    const context = readable[0]!.spanContext();
    assert.deepEqual(server, {
      traceId: context.traceId,
      spanId: context.spanId,
      name: 'GET /feed',
      kind: 'SERVER',
      startMs: 1_790_000_000_123 + 456_789 / 1e6,
      durationMs: 1000.000001,
      status: { code: 'ERROR', message: 'no' },
      attributes: { ...readable[0]!.attributes },
      events: [{ name: 'exception', timeMs: 1_790_000_000_200, attributes: { 'exception.type': 'Error' } }],
      links: [{ traceId: '4c1d90e2'.repeat(4), spanId: '77e0b1c4'.repeat(2), attributes: { why: 'batch' } }],
      resource: { 'service.name': 'murmur-api', 'service.instance.id': 'a' },
      scope: { name: 'murmur', version: '1.2.3' },
      traceFlags: 1,
      parentIsRemote: false,
    });
    assert.equal(root.durationMs, 0);
    assert.equal(root.kind, 'INTERNAL');
    assert.equal(root.resource, server.resource, 'one resource is one object');
  });
}

test('encode and decode give the same span back, in both encodings', () => {
  const made: Span = {
    ...span({ name: 'x', kind: 'CONSUMER', at: 0.123456, ms: 12.345678, parent: 'ef'.repeat(8) }),
    parentIsRemote: true,
    traceFlags: 1,
    traceState: 'a=b',
    attributes: {
      nested: { list: [1, 'two', null, { three: [true] }], half: 0.5 },
      ['__proto__']: 'a key like others',
      large: -(2 ** 53 - 1),
      huge: 1e300,
    },
    events: [{ name: 'log', timeMs: 1_790_000_000_000.5, attributes: {}, droppedAttributes: 4 }],
    links: [
      {
        traceId: 'aa'.repeat(16),
        spanId: 'bb'.repeat(8),
        attributes: {},
        traceState: 'c=d',
        droppedAttributes: 5,
      },
    ],
    dropped: { attributes: 1, events: 2, links: 3 },
    scope: { name: 'murmur', version: '1.2', attributes: { team: 'feed', shard: 7 } },
  };
  const shared = span({ name: 'y' });
  const sameScope = { name: 'murmur', version: '1.2', attributes: { team: 'search' } };
  const spans = [
    made,
    { ...shared, resource: made.resource, scope: { name: 'other' } },
    { ...shared, resource: made.resource, scope: sameScope, dropped: { links: 1 } },
    shared,
  ];
  for (const encoding of ['protobuf', 'json'] as const) {
    const type = encoding === 'json' ? JSON_TYPE : PROTOBUF;
    const decoded = decodeTraceRequest(encodeTraceRequest(spans, encoding), type);
    assert.deepEqual(decoded, { spans, rejected: null });
    assert.equal(Object.getPrototypeOf(decoded.spans[0]!.attributes), Object.prototype);
  }
});

test('protobuf: fields in any order, unknown ones skipped, lengths that overrun refused', () => {
  const body = Buffer.from(encodeTraceRequest([span({ name: 'x' })], 'protobuf'));
  const field = (tag: number, content: Uint8Array) =>
    Buffer.concat([Buffer.from([tag, (content.length & 0x7f) | 0x80, content.length >> 7]), content]);
  const inner = body.subarray(2 + (body[1]! > 127 ? 1 : 0));
  const resourceLength = 2 + inner[1]!;
  const swapped = Buffer.concat([inner.subarray(resourceLength), inner.subarray(0, resourceLength)]);
  const unknown = Buffer.concat([field(0x7a, Buffer.from('?')), Buffer.from([0x78, 1])]);
  const { spans } = decodeTraceRequest(Buffer.concat([unknown, field(0x0a, swapped), unknown]), PROTOBUF);
  assert.equal(spans[0]?.resource['service.name'], 'murmur-api');
  const overrun = field(0x0a, Buffer.concat([Buffer.from([0x12, 100]), Buffer.alloc(20)]));
  assert.throws(
    () => decodeTraceRequest(Buffer.concat([overrun, Buffer.alloc(200)]), PROTOBUF),
    OtlpDecodeError,
  );
});

test('what protobuf and JSON say of the same span is the same', () => {
  const readable = readableSpans();
  const fromProtobuf = decodeTraceRequest(ProtobufTraceSerializer.serializeRequest(readable)!, PROTOBUF);
  const fromJson = decodeTraceRequest(JsonTraceSerializer.serializeRequest(readable)!, JSON_TYPE);
  assert.deepEqual(fromJson, fromProtobuf);
});

test("our protobuf is what the SDK's is, read by an independent JSON mapping", () => {
  const { spans } = decodeTraceRequest(ProtobufTraceSerializer.serializeRequest(readableSpans())!, PROTOBUF);
  const again = decodeTraceRequest(encodeTraceRequest(spans, 'protobuf'), PROTOBUF);
  assert.deepEqual(again.spans, spans);
});

test('JSON: numbers or strings for integers, numbers or names for enums, ids in either case', () => {
  const decoded = only(
    json([
      {
        ...IDS,
        parentSpanId: '',
        name: 'n',
        kind: 'SPAN_KIND_CLIENT',
        startTimeUnixNano: 1_790_000_000_000_000_000,
        endTimeUnixNano: '1790000000001000000',
        status: { code: 'STATUS_CODE_OK' },
        flags: 0x301,
        attributes: [
          { key: 'a', value: { intValue: '12' } },
          { key: 'b', value: { intValue: 12 } },
          { key: 'big', value: { intValue: '9007199254740993' } },
          { key: 'min', value: { intValue: '-9223372036854775808' } },
          { key: 'nan', value: { doubleValue: 'NaN' } },
          { key: 'bytes', value: { bytesValue: 'AAE=' } },
          { key: 'none' },
          { key: 'null', value: {} },
        ],
        unknownField: { anything: 1 },
      },
    ]),
  );
  assert.equal(decoded.traceId, 'ab'.repeat(16));
  assert.equal(decoded.kind, 'CLIENT');
  assert.deepEqual(decoded.status, { code: 'OK' });
  assert.equal(decoded.durationMs, 1);
  assert.equal(decoded.parentIsRemote, true);
  assert.ok(!('parentSpanId' in decoded));
  assert.deepEqual(decoded.attributes, {
    a: 12,
    b: 12,
    big: '9007199254740993',
    min: '-9223372036854775808',
    nan: Number.NaN,
    bytes: 'AAE=',
    none: null,
    null: null,
  });
});

test('spans with broken ids are rejected, the others kept', () => {
  const bad = [
    { ...IDS, traceId: 'ab' },
    { ...IDS, traceId: '0'.repeat(32) },
    { ...IDS, spanId: '' },
    { ...IDS, spanId: '0'.repeat(16) },
    { ...IDS, spanId: 'xy'.repeat(8) },
    { ...IDS, parentSpanId: 'abc0' },
  ];
  const decoded = decodeTraceRequest(json([...bad, { ...IDS, parentSpanId: '0'.repeat(16) }]), JSON_TYPE);
  assert.equal(decoded.spans.length, 1);
  assert.ok(!('parentSpanId' in decoded.spans[0]!));
  assert.deepEqual(decoded.rejected, { count: 6, reason: 'a trace id has 1 bytes instead of 16' });

  const short = { ...span({ name: 'short' }), traceId: 'abcd' };
  const zero = { ...span({ name: 'zero' }), spanId: '0'.repeat(16) };
  const wire = decodeTraceRequest(
    encodeTraceRequest([short, zero, span({ name: 'good' })], 'protobuf'),
    PROTOBUF,
  );
  assert.deepEqual(
    wire.spans.map((each) => each.name),
    ['good'],
  );
  assert.deepEqual(wire.rejected, { count: 2, reason: 'a trace id has 2 bytes instead of 16' });
});

test('a span that ends before it starts has the duration 0', () => {
  const times = { startTimeUnixNano: '2000000', endTimeUnixNano: '1000000' };
  assert.equal(only(json([{ ...IDS, ...times }])).durationMs, 0);
});

function nested(levels: number): Span {
  let value: Span['attributes'][string] = 1;
  for (let i = 0; i < levels; i++) value = [value];
  return { ...span({ name: 'deep' }), attributes: { deep: value } };
}

/** A resource attribute of lists in lists, written byte by byte: no encoder writes one so deep. */
function nestedProtobuf(levels: number): Uint8Array {
  let value = Buffer.from([0x18, 0x01]);
  const field = (tag: number, content: Buffer) => {
    const length = content.length;
    return Buffer.concat([Buffer.from([tag, (length & 0x7f) | 0x80, length >> 7]), content]);
  };
  for (let i = 0; i < levels; i++) value = field(0x2a, field(0x0a, value));
  return field(0x0a, field(0x0a, field(0x0a, field(0x12, value))));
}

test('nesting is bounded in both encodings', () => {
  for (const encoding of ['protobuf', 'json'] as const) {
    const type = encoding === 'json' ? JSON_TYPE : PROTOBUF;
    assert.equal(decodeTraceRequest(encodeTraceRequest([nested(20)], encoding), type).spans.length, 1);
    for (const levels of [26, 40]) {
      const body = encodeTraceRequest([nested(levels)], encoding);
      assert.throws(() => decodeTraceRequest(body, type), OtlpDecodeError);
    }
  }
  assert.throws(() => decodeTraceRequest(nestedProtobuf(1000), PROTOBUF), OtlpDecodeError);
  assert.throws(
    () => decodeTraceRequest(encodeTraceRequest([nested(1000)], 'json'), JSON_TYPE),
    OtlpDecodeError,
  );
  const brackets = Buffer.from(`${'['.repeat(200_000)}${']'.repeat(200_000)}`);
  assert.throws(() => decodeTraceRequest(brackets, JSON_TYPE), OtlpDecodeError);
});

test('messages for people', () => {
  const message = (body: string, type: string) => {
    try {
      decodeTraceRequest(Buffer.from(body), type);
    } catch (error) {
      assert.ok(error instanceof OtlpDecodeError);
      return error.message;
    }
    return assert.fail('accepted');
  };
  assert.equal(message('{', JSON_TYPE), 'The body is not JSON.');
  assert.match(message('[]', JSON_TYPE), /the body must be an object/);
  assert.match(
    message('{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":7}]}]}]}', JSON_TYPE),
    /traceId must be a string/,
  );
  assert.match(message('{}', PROTOBUF), /not an OTLP trace request in protobuf/);
  assert.match(message('x', 'text/plain'), /"text\/plain" instead of application\/x-protobuf/);
});

test('2,000 truncated and mutated bodies: decoded or OtlpDecodeError, nothing else', () => {
  let seed = 20261122;
  const random = (below: number) => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  const readable = readableSpans();
  let refused = 0;
  for (const [body, type] of [
    [ProtobufTraceSerializer.serializeRequest(readable)!, PROTOBUF],
    [JsonTraceSerializer.serializeRequest(readable)!, JSON_TYPE],
  ] as const) {
    for (let round = 0; round < 1000; round++) {
      const cut = Buffer.from(body.subarray(0, round % 2 ? body.length : random(body.length)));
      for (let hits = random(6); hits > 0 && cut.length > 0; hits--) cut[random(cut.length)] = random(256);
      try {
        for (const each of decodeTraceRequest(cut, type).spans) {
          assert.match(each.traceId, /^[0-9a-f]{32}$/);
          assert.ok(each.durationMs >= 0 && Number.isFinite(each.startMs));
        }
      } catch (error) {
        assert.ok(error instanceof OtlpDecodeError, String(error));
        refused++;
      }
    }
  }
  assert.ok(refused > 500 && refused < 2000, `${refused} refused`);
});

test('the answer: empty when all was kept, else the count and the reason', () => {
  assert.equal(encodeTraceResponse(PROTOBUF).length, 0);
  assert.equal(Buffer.from(encodeTraceResponse(JSON_TYPE)).toString(), '{}');
  const partial = { count: 2, reason: 'why' };
  const read = JsonTraceSerializer.deserializeResponse(encodeTraceResponse(JSON_TYPE, partial));
  assert.equal(read.partialSuccess?.errorMessage, 'why');
  const binary = ProtobufTraceSerializer.deserializeResponse(encodeTraceResponse(PROTOBUF, partial));
  assert.equal(Number(binary.partialSuccess?.rejectedSpans), 2);
  assert.equal(binary.partialSuccess?.errorMessage, 'why');
});
