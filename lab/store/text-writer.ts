import duckdb from '@duckdb/node-bindings';
import { NO_TEXT } from './batch-texts.ts';

/** Words of 32 bits that a text takes in a vector: its length, and three that hold it, or its first four bytes and where the rest stands. */
const WORDS = 4;
const TEXT_BYTES = WORDS * Uint32Array.BYTES_PER_ELEMENT;
/** Source: `duckdb_string_t` in DuckDB's C API. */
const MOST_INLINED = 12;

/** How a text of the batch is written; not looked at yet: 0. */
const INLINED = 1;
const APART = 2;

/**
 * Writes texts of one batch into DuckDB's vectors. Each call of the binding for a text costs as much as all else that is
 * done for it, so that only long ones are given to it, and each of them once a vector: a text that comes again there
 * points to the same bytes, which live as long as the vector.
 */
export class TextWriter {
  readonly #texts: readonly string[];
  readonly #how: Uint8Array;
  /** the 16 bytes of each text that is inlined */
  readonly #inlined: Uint32Array;
  /** the vector in which a long text was written last, and its place there */
  readonly #writtenIn: Int32Array;
  readonly #place: Int32Array;
  #vectors = 0;

  constructor(texts: readonly string[]) {
    this.#texts = texts;
    this.#how = new Uint8Array(texts.length);
    this.#inlined = new Uint32Array(texts.length * WORDS);
    this.#writtenIn = new Int32Array(texts.length);
    this.#place = new Int32Array(texts.length);
  }

  /** @param indexes into the texts, one for each place of the vector; NO_TEXT leaves it empty */
  write(vector: duckdb.Vector, indexes: Int32Array): void {
    const vectorNumber = ++this.#vectors;
    const count = indexes.length;
    if (count === 0) return;
    let anyApart = false;
    for (let i = 0; i < count; i++) {
      const index = indexes[i] as number;
      if (index === NO_TEXT || this.#howOf(index) === INLINED || this.#writtenIn[index] === vectorNumber)
        continue;
      duckdb.vector_assign_string_element(vector, i, this.#texts[index] as string);
      this.#writtenIn[index] = vectorNumber;
      this.#place[index] = i;
      anyApart = true;
    }
    const words = anyApart ? wordsOf(vector, count) : new Uint32Array(count * WORDS);
    for (let i = 0; i < count; i++) {
      const index = indexes[i] as number;
      if (index === NO_TEXT) continue;
      const inlined = this.#how[index] === INLINED;
      const source = inlined ? this.#inlined : words;
      const from = (inlined ? index : (this.#place[index] as number)) * WORDS;
      const to = i * WORDS;
      words[to] = source[from] as number;
      words[to + 1] = source[from + 1] as number;
      words[to + 2] = source[from + 2] as number;
      words[to + 3] = source[from + 3] as number;
    }
    duckdb.copy_data_to_vector(vector, 0, words.buffer as ArrayBuffer, words.byteOffset, words.byteLength);
  }

  #howOf(index: number): number {
    const known = this.#how[index] as number;
    if (known !== 0) return known;
    const how = this.#inline(index, this.#texts[index] as string) ? INLINED : APART;
    this.#how[index] = how;
    return how;
  }

  /** False for a text that is too long, or has characters of more than one byte. */
  #inline(index: number, text: string): boolean {
    if (text.length > MOST_INLINED) return false;
    const words = this.#inlined;
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
    return true;
  }
}

/** What stands in the vector now, as a copy. */
function wordsOf(vector: duckdb.Vector, count: number): Uint32Array {
  const bytes = duckdb.vector_get_data(vector, count * TEXT_BYTES);
  return new Uint32Array(bytes.buffer, bytes.byteOffset, count * WORDS);
}
