import { gzipSync } from 'node:zlib';
import { encodeTraceRequest } from '@workshop/telemetry';
import type { Random } from '../query/test/random.ts';
import { sampleSpans } from './sample-spans.ts';

export interface FuzzedBody {
  kind: string;
  headers: Record<string, string>;
  body: Uint8Array;
  /** false: chance may have left it right */
  surelyWrong: boolean;
}

const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const JSON_TYPE = { 'content-type': 'application/json' };

/** Bodies that a broken or hostile sender might send. */
export class BodyFuzzer {
  readonly #random: Random;
  readonly #protobuf = encodeTraceRequest(sampleSpans({ requests: 3, endMs: Date.now() }), 'protobuf');
  readonly #json = Buffer.from(encodeTraceRequest(sampleSpans({ requests: 3, endMs: Date.now() }), 'json'));
  readonly #bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024), { level: 9 });
  readonly #deepJson = Buffer.from(`{"resourceSpans":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
  readonly #deepValue = Buffer.from(deepAttribute(5_000));
  readonly #deepProtobuf = nested(400);

  constructor(random: Random) {
    this.#random = random;
  }

  next(): FuzzedBody {
    const random = this.#random;
    switch (random.below(12)) {
      case 0:
        return this.#truncated();
      case 1:
        return {
          kind: 'random bytes',
          headers: PROTOBUF,
          body: this.#bytes(1 + random.below(200)),
          surelyWrong: false,
        };
      case 2:
        return {
          kind: 'flipped bits',
          headers: PROTOBUF,
          body: this.#flipped(this.#protobuf),
          surelyWrong: false,
        };
      case 3:
        return {
          kind: 'truncated JSON',
          headers: JSON_TYPE,
          body: this.#json.subarray(0, 1 + random.below(this.#json.length - 2)),
          surelyWrong: true,
        };
      case 4:
        return { kind: 'deep JSON', headers: JSON_TYPE, body: this.#deepJson, surelyWrong: true };
      case 5:
        return { kind: 'deep attribute', headers: JSON_TYPE, body: this.#deepValue, surelyWrong: true };
      case 6:
        return { kind: 'deep protobuf', headers: PROTOBUF, body: this.#deepProtobuf, surelyWrong: true };
      case 7:
        return { kind: 'wrong types', headers: JSON_TYPE, body: this.#wrongTypes(), surelyWrong: true };
      case 8:
        return random.chance(0.02)
          ? {
              kind: 'zip bomb',
              headers: { ...PROTOBUF, 'content-encoding': 'gzip' },
              body: this.#bomb,
              surelyWrong: true,
            }
          : {
              kind: 'broken gzip',
              headers: { ...PROTOBUF, 'content-encoding': 'gzip' },
              body: this.#bytes(50),
              surelyWrong: true,
            };
      case 9:
        return {
          kind: 'unknown type',
          headers: { 'content-type': random.pick(['text/plain', 'application/xml', 'x', '']) },
          body: this.#protobuf,
          surelyWrong: true,
        };
      case 10:
        return { kind: 'JSON as protobuf', headers: PROTOBUF, body: this.#json, surelyWrong: true };
      default:
        return { kind: 'protobuf as JSON', headers: JSON_TYPE, body: this.#protobuf, surelyWrong: true };
    }
  }

  /** Cut after a whole resource it is a smaller request, and a right one. */
  #truncated(): FuzzedBody {
    const length = 1 + this.#random.below(this.#protobuf.length - 1);
    return {
      kind: 'truncated',
      headers: PROTOBUF,
      body: this.#protobuf.slice(0, length),
      surelyWrong: !fieldEnds(this.#protobuf).includes(length),
    };
  }

  #bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#random.below(256));
  }

  #flipped(body: Uint8Array): Uint8Array {
    const copy = Uint8Array.from(body);
    for (let i = 1 + this.#random.below(8); i > 0; i--) {
      const at = this.#random.below(copy.length);
      copy[at] = (copy[at] as number) ^ (1 << this.#random.below(8));
    }
    return copy;
  }

  #wrongTypes(): Uint8Array {
    const wrong = this.#random.pick<unknown>([
      [],
      5,
      'text',
      null,
      { resourceSpans: {} },
      { resourceSpans: [5] },
      { resourceSpans: [{ scopeSpans: 'x' }] },
      { resourceSpans: [{ scopeSpans: [{ spans: { a: 1 } }] }] },
    ]);
    return Buffer.from(JSON.stringify(wrong));
  }
}

function deepAttribute(depth: number): string {
  const value = `${'{"arrayValue":{"values":['.repeat(depth)}{"intValue":"1"}${']}}'.repeat(depth)}`;
  const span = `{"traceId":"${'a'.repeat(32)}","spanId":"${'b'.repeat(16)}","name":"deep","startTimeUnixNano":"1","endTimeUnixNano":"2","attributes":[{"key":"k","value":${value}}]}`;
  return `{"resourceSpans":[{"scopeSpans":[{"spans":[${span}]}]}]}`;
}

/** A span whose attribute is an array of an array of …, in protobuf's own bytes. */
function nested(depth: number): Uint8Array {
  const field = (number: number, inner: Buffer): Buffer =>
    Buffer.concat([Buffer.from([(number << 3) | 2]), varint(inner.length), inner]);
  let value: Buffer = Buffer.from([0x18, 1]);
  for (let i = 0; i < depth; i++) value = field(5, field(1, value));
  const attribute = Buffer.concat([field(1, Buffer.from('k')), field(2, value)]);
  const span = Buffer.concat([
    field(1, Buffer.alloc(16, 1)),
    field(2, Buffer.alloc(8, 1)),
    field(5, Buffer.from('deep')),
    field(9, attribute),
  ]);
  return field(1, field(2, field(2, span)));
}

/** Where the fields of a message end that has nothing but length-delimited ones, with numbers below 16. */
function fieldEnds(message: Uint8Array): number[] {
  const ends: number[] = [];
  for (let at = 0; at < message.length; ends.push(at)) {
    let length = 0;
    let shift = 0;
    let byte: number;
    at++; // the tag
    do {
      byte = message[at++] as number;
      length |= (byte & 127) << shift;
      shift += 7;
    } while (byte >= 128);
    at += length;
  }
  return ends;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let left = value; ; left >>>= 7) {
    if (left < 128) return Buffer.from([...bytes, left]);
    bytes.push((left & 127) | 128);
  }
}
