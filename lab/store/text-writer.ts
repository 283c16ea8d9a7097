import duckdb from '@duckdb/node-bindings';
import { NO_TEXT } from './batch-texts.ts';

/** Words of 32 bits that a text takes in a vector: its length, and three that hold it, or its first four bytes and where all of them stand. */
const WORDS = 4;
const TEXT_BYTES = WORDS * Uint32Array.BYTES_PER_ELEMENT;
/** Source: `duckdb_string_t` in DuckDB's C API. */
const MOST_INLINED = 12;
const TWO_TO_32 = 4_294_967_296;
/** Characters of more than one byte, and the one that ends a text for the binding. */
const NOT_PLAIN = /[^\x01-\x7f]/;

/** In the place of a vector's number: the words of this text are right in every vector. */
const EVERYWHERE = -1;

/**
 * Writes texts of one batch into DuckDB's vectors. A call of the binding for each text takes longer than all else that is
 * done for it. So those of up to 12 bytes are written as the numbers that they are, and the longer ones of a vector are
 * given to it as one text, each once: what is written for each of them points into that, and lives as long as the vector.
 */
export class TextWriter {
  readonly #texts: readonly string[];
  /** the 16 bytes of each text */
  readonly #words: Uint32Array;
  /** the vector in which those bytes are right: its number, EVERYWHERE, or 0 for none yet */
  readonly #rightIn: Int32Array;
  #vectors = 0;

  constructor(texts: readonly string[]) {
    this.#texts = texts;
    this.#words = new Uint32Array(texts.length * WORDS);
    this.#rightIn = new Int32Array(texts.length);
  }

  /** @param indexes into the texts, one for each place of the vector; NO_TEXT leaves it empty */
  write(vector: duckdb.Vector, indexes: Int32Array): void {
    if (indexes.length === 0) return;
    this.#prepare(vector, indexes, ++this.#vectors);
    const known = this.#words;
    const words = new Uint32Array(indexes.length * WORDS);
    for (let i = 0; i < indexes.length; i++) {
      const index = indexes[i] as number;
      if (index === NO_TEXT) continue;
      const from = index * WORDS;
      const to = i * WORDS;
      words[to] = known[from] as number;
      words[to + 1] = known[from + 1] as number;
      words[to + 2] = known[from + 2] as number;
      words[to + 3] = known[from + 3] as number;
    }
    duckdb.copy_data_to_vector(vector, 0, words.buffer, 0, words.byteLength);
  }

  /** Makes the words of all these texts right in this vector. */
  #prepare(vector: duckdb.Vector, indexes: Int32Array, vectorNumber: number): void {
    const longIndexes: number[] = [];
    const longTexts: string[] = [];
    for (let i = 0; i < indexes.length; i++) {
      const index = indexes[i] as number;
      if (index === NO_TEXT) continue;
      const rightIn = this.#rightIn[index] as number;
      if (rightIn === EVERYWHERE || rightIn === vectorNumber) continue;
      const text = this.#texts[index] as string;
      if (rightIn === 0 && this.#inline(index, text)) continue;
      this.#rightIn[index] = vectorNumber;
      longIndexes.push(index);
      longTexts.push(text);
    }
    if (longTexts.length === 0) return;
    const joined = longTexts.join('');
    if (NOT_PLAIN.test(joined)) this.#writeEach(vector, longIndexes);
    else this.#writeJoined(vector, longIndexes, joined);
  }

  /** False for a text that is too long, or has characters of more than one byte. */
  #inline(index: number, text: string): boolean {
    if (text.length > MOST_INLINED) return false;
    const words = this.#words;
    const at = index * WORDS;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) {
        words.fill(0, at, at + WORDS);
        return false;
      }
      const word = at + 1 + (i >> 2);
      words[word] = (words[word] as number) | (code << ((i & 3) * 8));
    }
    words[at] = text.length;
    this.#rightIn[index] = EVERYWHERE;
    return true;
  }

  /** @param joined these texts one after another, each of more than 12 bytes, each character one byte */
  #writeJoined(vector: duckdb.Vector, indexes: readonly number[], joined: string): void {
    duckdb.vector_assign_string_element(vector, 0, joined);
    const [, , low = 0, high = 0] = wordsOf(vector, 1);
    const words = this.#words;
    let from = 0;
    for (const index of indexes) {
      const { length } = this.#texts[index] as string;
      const at = index * WORDS;
      // The address has 64 bits.
      const address = low + from;
      words[at] = length;
      words[at + 1] =
        joined.charCodeAt(from) |
        (joined.charCodeAt(from + 1) << 8) |
        (joined.charCodeAt(from + 2) << 16) |
        (joined.charCodeAt(from + 3) << 24);
      words[at + 2] = address;
      words[at + 3] = address < TWO_TO_32 ? high : high + 1;
      from += length;
    }
  }

  /** Any texts: what each of them is in UTF-8, and whether it is inlined, is known to the binding. */
  #writeEach(vector: duckdb.Vector, indexes: readonly number[]): void {
    indexes.forEach((index, place) => {
      duckdb.vector_assign_string_element(vector, place, this.#texts[index] as string);
    });
    const words = wordsOf(vector, indexes.length);
    indexes.forEach((index, place) => {
      this.#words.set(words.subarray(place * WORDS, (place + 1) * WORDS), index * WORDS);
    });
  }
}

/** What stands in the first places of the vector now, as a copy. */
function wordsOf(vector: duckdb.Vector, count: number): Uint32Array {
  const bytes = duckdb.vector_get_data(vector, count * TEXT_BYTES);
  return new Uint32Array(bytes.buffer, bytes.byteOffset, count * WORDS);
}
