import type { DuckDBConnection } from '@duckdb/node-api';
import { COLUMNS } from './columns.ts';
import { StoreError } from './file-fault.ts';

/** The version of the table layout; an older file is brought to it, a newer one is not opened. */
const LAYOUT = 3;

/**
 * Creates the tables of a new file, and brings those of an older one to this layout.
 * @param path of the file, for what is said of it
 * @throws StoreError when a newer lab wrote it
 */
export async function createTables(writer: DuckDBConnection, path: string): Promise<void> {
  await writer.run('create table if not exists layout (version integer)');
  const version = (await writer.runAndReadAll('select max(version) from layout')).getRows()[0]?.[0];
  if (version === null) await writer.run(`insert into layout values (${LAYOUT})`);
  else if (version === 1 || version === 2) await fromLayout(writer, version);
  else if (version !== LAYOUT) {
    throw new StoreError(
      `The lab's data has layout ${version}, this lab reads layout ${LAYOUT}. Move ${path} away and start again.`,
    );
  }
  await createSpans(writer);
  await writer.run('create table if not exists catalogue (key varchar, type varchar, origin varchar)');
  await writer.run(
    `create table if not exists resources (id integer, identity varchar, shape varchar, attrs map(varchar, varchar),
      scope_shape varchar, scope_attrs map(varchar, varchar))`,
  );
}

async function createSpans(writer: DuckDBConnection): Promise<void> {
  const columns = COLUMNS.map(
    ({ sql, storage, uncompressed }) =>
      `${sql} ${storage}${uncompressed ? ' using compression uncompressed' : ''}`,
  );
  await writer.run(`create table if not exists spans (${columns.join(', ')}, attrs map(varchar, varchar))`);
}

/** Layout 1 did not keep when a span was received, layout 2 not the attributes of scopes. */
async function fromLayout(writer: DuckDBConnection, version: 1 | 2): Promise<void> {
  await writer.run('begin');
  if (version === 1) {
    await writer.run('alter table spans rename to spans_of_layout_1');
    await createSpans(writer);
    await writer.run('insert into spans by name select *, start_ms as received_ms from spans_of_layout_1');
    await writer.run('drop table spans_of_layout_1');
  }
  await writer.run('alter table resources add column scope_shape varchar');
  await writer.run('alter table resources add column scope_attrs map(varchar, varchar)');
  // Their identity was another text: whoever sends the same again gets a row of its own.
  await writer.run(`update resources set scope_shape = '', scope_attrs = map([]::varchar[], []::varchar[])`);
  await writer.run(`update layout set version = ${LAYOUT}`);
  await writer.run('commit');
}
