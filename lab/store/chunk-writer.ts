import duckdb from '@duckdb/node-bindings';
import { NO_TEXT } from './batch-texts.ts';
import { COLUMNS } from './columns.ts';
import type { RowBatch } from './row-batch.ts';
import { TextWriter } from './text-writer.ts';

/**
 * The hot path of ingestion: rows in columns -> DuckDB data chunks -> appender.
 *
 * It uses the C bindings directly. The comfortable vector classes build an object for every map entry, which
 * made the same work three times as slow.
 */

const STORAGE_BYTES = { DOUBLE: 8, INTEGER: 4 } as const;

/** Types of the table's columns in order, the map last. */
export function createChunk(): { chunk: duckdb.DataChunk } {
  const varchar = duckdb.create_logical_type(duckdb.Type.VARCHAR);
  const types = COLUMNS.map((column) => duckdb.create_logical_type(duckdb.Type[column.storage]));
  return { chunk: duckdb.create_data_chunk([...types, duckdb.create_map_type(varchar, varchar)]) };
}

/** Appends every row of a batch; the caller flushes. */
export function appendBatch(appender: duckdb.Appender, batch: RowBatch): void {
  const size = duckdb.vector_size();
  const texts = new TextWriter(batch.texts);
  let entry = 0;
  for (let from = 0; from < batch.rows; from += size) {
    const count = Math.min(size, batch.rows - from);
    const { chunk } = createChunk();
    duckdb.data_chunk_set_size(chunk, count);
    for (let c = 0; c < COLUMNS.length; c++) {
      const vector = duckdb.data_chunk_get_vector(chunk, c);
      const values = batch.columns[c]?.subarray(from, from + count) as Int32Array | Float64Array;
      const storage = COLUMNS[c]?.storage;
      if (storage === 'VARCHAR') writeTexts(vector, values as Int32Array, texts);
      else if (storage !== undefined) writeNumbers(vector, values as Float64Array, STORAGE_BYTES[storage]);
    }
    entry = writeMap(
      duckdb.data_chunk_get_vector(chunk, COLUMNS.length),
      batch,
      { from, count, firstEntry: entry },
      texts,
    );
    duckdb.append_data_chunk(appender, chunk);
  }
}

function writeTexts(vector: duckdb.Vector, indexes: Int32Array, texts: TextWriter): void {
  texts.write(vector, indexes);
  let valid: Uint32Array | null = null;
  for (let i = 0; i < indexes.length; i++)
    if (indexes[i] === NO_TEXT) valid = clear(valid, i, indexes.length);
  if (valid) writeValidity(vector, valid);
}

function writeNumbers(vector: duckdb.Vector, values: Float64Array, bytes: 4 | 8): void {
  const data = bytes === 8 ? values.slice() : new Int32Array(values);
  let valid: Uint32Array | null = null;
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) valid = clear(valid, i, values.length);
  duckdb.copy_data_to_vector(vector, 0, data.buffer as ArrayBuffer, 0, data.byteLength);
  if (valid) writeValidity(vector, valid);
}

/** A MAP is a list of (key, value) structs: one offset and length a row, and two flat text vectors. */
function writeMap(
  vector: duckdb.Vector,
  batch: RowBatch,
  { from, count, firstEntry }: { from: number; count: number; firstEntry: number },
  texts: TextWriter,
): number {
  // Pairs of 64 bits, of which the upper 32 stay 0.
  const offsets = new Uint32Array(count * 4);
  let total = 0;
  for (let i = 0; i < count; i++) {
    const length = batch.entryCounts[from + i] as number;
    offsets[i * 4] = total;
    offsets[i * 4 + 2] = length;
    total += length;
  }
  duckdb.list_vector_reserve(vector, total);
  duckdb.list_vector_set_size(vector, total);
  const entries = duckdb.list_vector_get_child(vector);
  const last = firstEntry + total;
  texts.write(duckdb.struct_vector_get_child(entries, 0), batch.entryKeys.subarray(firstEntry, last));
  texts.write(duckdb.struct_vector_get_child(entries, 1), batch.entryValues.subarray(firstEntry, last));
  duckdb.copy_data_to_vector(vector, 0, offsets.buffer, 0, offsets.byteLength);
  return last;
}

function clear(valid: Uint32Array | null, index: number, count: number): Uint32Array {
  // The mask is read in words of 64 bits.
  const mask = valid ?? new Uint32Array(Math.ceil(count / 64) * 2).fill(0xffffffff);
  const word = index >>> 5;
  mask[word] = (mask[word] as number) & ~(1 << (index & 31));
  return mask;
}

function writeValidity(vector: duckdb.Vector, valid: Uint32Array): void {
  duckdb.vector_ensure_validity_writable(vector);
  duckdb.copy_data_to_vector_validity(vector, 0, valid.buffer as ArrayBuffer, 0, valid.byteLength);
}
