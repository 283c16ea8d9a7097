import duckdb from '@duckdb/node-bindings';
import { COLUMNS } from './columns.ts';
import type { RowBatch } from './row-batch.ts';

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
  let entry = 0;
  for (let from = 0; from < batch.rows; from += size) {
    const count = Math.min(size, batch.rows - from);
    const { chunk } = createChunk();
    duckdb.data_chunk_set_size(chunk, count);
    for (let c = 0; c < COLUMNS.length; c++) {
      const vector = duckdb.data_chunk_get_vector(chunk, c);
      const values = batch.columns[c] as (string | number | null)[];
      const storage = COLUMNS[c]?.storage;
      if (storage === 'VARCHAR') writeText(vector, values as (string | null)[], from, count);
      else if (storage !== undefined)
        writeNumbers(vector, values as (number | null)[], from, count, STORAGE_BYTES[storage]);
    }
    entry = writeMap(duckdb.data_chunk_get_vector(chunk, COLUMNS.length), batch, from, count, entry);
    duckdb.append_data_chunk(appender, chunk);
  }
}

function writeText(vector: duckdb.Vector, values: (string | null)[], from: number, count: number): void {
  let valid: Uint32Array | null = null;
  for (let i = 0; i < count; i++) {
    const value = values[from + i] as string | null;
    if (value === null) valid = clear(valid, i, count);
    else duckdb.vector_assign_string_element(vector, i, value);
  }
  if (valid) writeValidity(vector, valid);
}

function writeNumbers(
  vector: duckdb.Vector,
  values: (number | null)[],
  from: number,
  count: number,
  bytes: 4 | 8,
): void {
  const data = bytes === 8 ? new Float64Array(count) : new Int32Array(count);
  let valid: Uint32Array | null = null;
  for (let i = 0; i < count; i++) {
    const value = values[from + i] as number | null;
    if (value === null) valid = clear(valid, i, count);
    else data[i] = value;
  }
  duckdb.copy_data_to_vector(vector, 0, data.buffer as ArrayBuffer, 0, data.byteLength);
  if (valid) writeValidity(vector, valid);
}

/** A MAP is a list of (key, value) structs: one offset and length a row, and two flat text vectors. */
function writeMap(
  vector: duckdb.Vector,
  batch: RowBatch,
  from: number,
  count: number,
  firstEntry: number,
): number {
  const offsets = new BigUint64Array(count * 2);
  let total = 0;
  for (let i = 0; i < count; i++) {
    const length = batch.entryCounts[from + i] as number;
    offsets[i * 2] = BigInt(total);
    offsets[i * 2 + 1] = BigInt(length);
    total += length;
  }
  duckdb.list_vector_reserve(vector, total);
  duckdb.list_vector_set_size(vector, total);
  const entries = duckdb.list_vector_get_child(vector);
  const keys = duckdb.struct_vector_get_child(entries, 0);
  const values = duckdb.struct_vector_get_child(entries, 1);
  for (let i = 0; i < total; i++) {
    duckdb.vector_assign_string_element(
      keys,
      i,
      batch.keys[batch.entryKeys[firstEntry + i] as number] as string,
    );
    duckdb.vector_assign_string_element(values, i, batch.entryValues[firstEntry + i] as string);
  }
  duckdb.copy_data_to_vector(vector, 0, offsets.buffer, 0, offsets.byteLength);
  return firstEntry + total;
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
