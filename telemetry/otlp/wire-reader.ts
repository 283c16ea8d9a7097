/** The wire types of protobuf. Source: https://protobuf.dev/programming-guides/encoding/#structure */
export const VARINT = 0;
export const FIXED64 = 1;
export const EMBEDDED = 2;
const GROUP_START = 3;
const GROUP_END = 4;
export const FIXED32 = 5;

/** A field's number and its wire type, as the wire has them. A field of another type than its own is unknown. */
export const field = (number: number, wireType: number): number => (number << 3) | wireType;
/** Field 1 or 2 of a message that holds messages. */
export const FIRST = field(1, EMBEDDED);
export const SECOND = field(2, EMBEDDED);

const MAX_VARINT_BYTES = 10;
const MAX_GROUP_DEPTH = 100;
const TWO_TO_32 = 4_294_967_296;

/** Texts of so many bytes at most are looked up first: attribute names and many values come with every span. */
const MAX_KNOWN_TEXT = 48;
const KNOWN_TEXTS = 4_096;

/**
 * Reads protobuf's wire format from a buffer, forwards. Every method throws a RangeError where the bytes end too
 * early or are no such thing.
 *
 * A reader is for one message of any length. It was made since decoding is the most that a receiver does for a span:
 * objects of a general library, and texts that are put together of pieces, took as long as all that followed.
 */
export class WireReader {
  readonly #buffer: Buffer;
  readonly #view: DataView;
  /** the upper half of the 64-bit number that was read last, signed */
  high = 0;
  /** position of the next byte */
  pos = 0;

  constructor(body: Uint8Array) {
    this.#buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    this.#view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  }

  get length(): number {
    return this.#buffer.length;
  }

  /** Field number and wire type: `tag >>> 3` and `tag & 7`. */
  tag(): number {
    const tag = this.#length();
    if (tag >>> 3 === 0) throw new RangeError('a field has the number 0');
    return tag;
  }

  /** The lower 32 bits of a varint, unsigned. */
  uint32(): number {
    const first = this.#byte();
    return first < 0x80 ? first : this.#low(first) >>> 0;
  }

  /** The lower 32 bits of a varint, signed; `high` is the rest. */
  int64Low(): number {
    this.high = 0;
    const first = this.#byte();
    return first < 0x80 ? first : this.#low(first);
  }

  bool(): boolean {
    const low = this.int64Low();
    return low !== 0 || this.high !== 0;
  }

  /** The lower half of a fixed 64-bit number, unsigned; `high` is the rest, signed. */
  fixed64Low(): number {
    const at = this.#advance(8);
    this.high = this.#view.getInt32(at + 4, true);
    return this.#view.getUint32(at, true);
  }

  fixed32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  double(): number {
    return this.#view.getFloat64(this.#advance(8), true);
  }

  /** Reads the length of an embedded message. @returns where it ends, which is not behind `end` */
  until(end: number): number {
    const until = this.#length() + this.pos;
    if (until > end) throw new RangeError('a message is longer than what holds it');
    return until;
  }

  /** A text; invalid UTF-8 is refused, as proto3 asks. */
  text(): string {
    const length = this.#length();
    const from = this.#advance(length);
    if (length === 0) return '';
    return length <= MAX_KNOWN_TEXT ? this.#knownText(from, length) : utf8(this.#buffer, from, from + length);
  }

  hex(): string {
    const length = this.#length();
    const from = this.#advance(length);
    return this.#buffer.toString('hex', from, from + length);
  }

  base64(): string {
    const length = this.#length();
    const from = this.#advance(length);
    return this.#buffer.toString('base64', from, from + length);
  }

  /** Skips the value of a field that nobody wants. */
  skip(tag: number, depth = 0): void {
    switch (tag & 7) {
      case VARINT:
        this.int64Low();
        return;
      case FIXED64:
        this.#advance(8);
        return;
      case EMBEDDED:
        this.#advance(this.#length());
        return;
      case GROUP_START:
        if (depth >= MAX_GROUP_DEPTH) throw new RangeError('groups are nested too deeply');
        for (;;) {
          const inner = this.tag();
          if ((inner & 7) !== GROUP_END) this.skip(inner, depth + 1);
          else if (inner >>> 3 === tag >>> 3) return;
          else throw new RangeError('another group ends than began');
        }
      case FIXED32:
        this.#advance(4);
        return;
      default:
        throw new RangeError(`no wire type has the number ${tag & 7}`);
    }
  }

  /** A varint that has 32 bits at most, as lengths and tags have. */
  #length(): number {
    const low = this.int64Low();
    if (this.high !== 0) throw new RangeError('a length or a tag has more than 32 bits');
    return low >>> 0;
  }

  #byte(): number {
    const byte = this.#buffer[this.pos++];
    if (byte === undefined) throw new RangeError('the bytes end in the middle of a field');
    return byte;
  }

  /** @returns where the bytes begin that are passed over */
  #advance(bytes: number): number {
    const from = this.pos;
    if (from + bytes > this.#buffer.length) throw new RangeError('the bytes end in the middle of a field');
    this.pos = from + bytes;
    return from;
  }

  /** The rest of a varint of more than one byte: seven bits a byte, the lowest first. */
  #low(first: number): number {
    let low = first & 0x7f;
    let high = 0;
    for (let n = 1; n < MAX_VARINT_BYTES; n++) {
      const byte = this.#byte();
      const bits = byte & 0x7f;
      const shift = n * 7;
      if (shift < 32) {
        low |= bits << shift;
        if (shift > 25) high |= bits >>> (32 - shift);
      } else high |= bits << (shift - 32);
      if (byte < 0x80) {
        this.high = high;
        return low;
      }
    }
    throw new RangeError('a number has more than ten bytes');
  }

  #knownText(from: number, length: number): string {
    const buffer = this.#buffer;
    let hash = length;
    for (let at = from; at < from + length; at++) hash = (Math.imul(hash, 31) + (buffer[at] as number)) | 0;
    const slot = (hash ^ (hash >>> 15)) & (KNOWN_TEXTS - 1);
    const known = knownTexts[slot] as string;
    if (known.length === length && isAt(buffer, from, known)) return known;
    const text = utf8(buffer, from, from + length);
    knownTexts[slot] = text;
    return text;
  }
}

/** Texts that were read lately, by a number made of their bytes. */
const knownTexts: string[] = new Array(KNOWN_TEXTS).fill('');

/** Only of ASCII: other texts have fewer characters than bytes. */
function isAt(buffer: Buffer, from: number, text: string): boolean {
  for (let n = 0; n < text.length; n++) if (text.charCodeAt(n) !== buffer[from + n]) return false;
  return true;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function utf8(buffer: Buffer, from: number, to: number): string {
  const text = buffer.toString('utf8', from, to);
  // Either it says so itself, which is valid, or the decoder put it where the bytes are none.
  if (!text.includes('\ufffd')) return text;
  try {
    return strict.decode(buffer.subarray(from, to));
  } catch {
    throw new RangeError('a text is not UTF-8');
  }
}

/** A 64-bit integer of two halves, both signed; one that a number cannot hold exactly is decimal text. */
export function integerOf(high: number, low: number): number | string {
  const number = high * TWO_TO_32 + (low >>> 0);
  if (Number.isSafeInteger(number)) return number;
  return ((BigInt(high) << 32n) | BigInt(low >>> 0)).toString();
}

/** A message of so many bytes has read no more than them. */
export function atEnd(reader: WireReader, end: number): void {
  if (reader.pos !== end) throw new RangeError('a field is longer than what holds it');
}
