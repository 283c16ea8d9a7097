/** Words of 32 bits: two of a span's id, four of its trace's. */
const WORDS = 6;
const DIGITS_A_WORD = 8;
const FIRST_SLOTS = 1_024;

/**
 * The ids of the spans that were stored lately. A client that got no answer sends its batch again; the second
 * copy is recognised here and answered like the first.
 *
 * Two generations: when the young one is full it becomes the old one, so memory is bounded and no entry is
 * forgotten before `size` others came after it.
 */
export class RecentSpans {
  #young = new IdTable();
  #old = new IdTable();
  readonly #size: number;
  readonly #id = new Int32Array(WORDS);

  constructor(size: number) {
    this.#size = size;
  }

  /** @returns false when the span was there already; ids that are none of OTLP's are never recognised */
  add(traceId: string, spanId: string): boolean {
    const id = this.#id;
    if (!readId(id, traceId, spanId)) return true;
    if (this.#young.has(id) || this.#old.has(id)) return false;
    if (this.#young.size >= this.#size) {
      this.#old = this.#young;
      this.#young = new IdTable();
    }
    this.#young.add(id);
    return true;
  }

  /** Takes a span back whose storing failed. */
  remove(traceId: string, spanId: string): void {
    if (!readId(this.#id, traceId, spanId)) return;
    this.#young.remove(this.#id);
    this.#old.remove(this.#id);
  }
}

/** A set of ids in one block of memory: as texts in a Map they are what the garbage collector is busy with most. */
class IdTable {
  size = 0;
  #slots = FIRST_SLOTS;
  #words = new Int32Array(FIRST_SLOTS * WORDS);
  /** slots that are not empty, those of removed ids among them */
  #used = 0;

  has(id: Int32Array): boolean {
    return this.#isAt(this.#find(id), id);
  }

  add(id: Int32Array): void {
    if (2 * (this.#used + 1) > this.#slots) this.#grow();
    this.#words.set(id, this.#find(id) * WORDS);
    this.#used++;
    this.size++;
  }

  remove(id: Int32Array): void {
    const slot = this.#find(id);
    if (!this.#isAt(slot, id)) return;
    // What was put behind it must still be found.
    this.#words.fill(REMOVED, slot * WORDS, (slot + 1) * WORDS);
    this.size--;
  }

  /** @returns its slot, or the empty one where it belongs */
  #find(id: Int32Array): number {
    const last = this.#slots - 1;
    let slot = hashOf(id) & last;
    while (!this.#isEmpty(slot) && !this.#isAt(slot, id)) slot = (slot + 1) & last;
    return slot;
  }

  /** No id of OTLP's is all zeros. */
  #isEmpty(slot: number): boolean {
    const words = this.#words;
    const at = slot * WORDS;
    return words[at] === 0 && words[at + 1] === 0;
  }

  #isAt(slot: number, id: Int32Array): boolean {
    const words = this.#words;
    const at = slot * WORDS;
    for (let n = 0; n < WORDS; n++) if (words[at + n] !== id[n]) return false;
    return true;
  }

  #grow(): void {
    const words = this.#words;
    const before = this.#slots;
    this.#slots *= 2;
    this.#words = new Int32Array(this.#slots * WORDS);
    this.#used = 0;
    this.size = 0;
    for (let slot = 0; slot < before; slot++) {
      const id = words.subarray(slot * WORDS, (slot + 1) * WORDS);
      if ((id[0] !== 0 || id[1] !== 0) && id.some((word) => word !== REMOVED)) this.add(id);
    }
  }
}

/** In all words of a slot: an id was removed from here. */
const REMOVED = -1;

function hashOf(id: Int32Array): number {
  let hash = 0;
  for (let n = 0; n < WORDS; n++) hash = Math.imul(hash ^ (id[n] as number), 0x9e3779b1) ^ (hash >>> 15);
  return hash ^ (hash >>> 16);
}

/** Reads both ids; false when they are none of OTLP's: digits of hexadecimal numbers, 16 of a span, 32 of a trace, not all 0 or all f. */
function readId(into: Int32Array, traceId: string, spanId: string): boolean {
  if (spanId.length !== 2 * DIGITS_A_WORD || traceId.length !== 4 * DIGITS_A_WORD) return false;
  let invalid = 0;
  for (let n = 0; n < WORDS; n++) {
    const text = n < 2 ? spanId : traceId;
    const from = (n < 2 ? n : n - 2) * DIGITS_A_WORD;
    let word = 0;
    for (let at = from; at < from + DIGITS_A_WORD; at++) {
      const digit = DIGITS[text.charCodeAt(at)] ?? NO_DIGIT;
      invalid |= digit & NO_DIGIT;
      word = (word << 4) | digit;
    }
    into[n] = word;
  }
  return invalid === 0 && (into[0] !== 0 || into[1] !== 0) && into.some((word) => word !== REMOVED);
}

const NO_DIGIT = 0x80;
/** The value of each digit, by its character's code. */
const DIGITS = new Uint8Array(128).fill(NO_DIGIT);
for (const [value, digit] of [...'0123456789abcdef'].entries()) DIGITS[digit.charCodeAt(0)] = value;
