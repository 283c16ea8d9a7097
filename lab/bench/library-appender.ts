import { type DuckDBAppender, DuckDBInstance, MAP, mapValue, VARCHAR } from '@duckdb/node-api';
import { NO_TEXT } from '../store/batch-texts.ts';
import { COLUMNS } from '../store/columns.ts';
import { Database, type RowBatch } from '../store/index.ts';

const ATTRIBUTES = MAP(VARCHAR, VARCHAR);

/** DuckDB's appender on a new file with the store's table, as its library offers it: the floor of ingestion. */
export async function openAppender(
  path: string,
): Promise<{ append(batch: RowBatch): Promise<void>; close(): void }> {
  await (await Database.open(path)).close(); // makes the table
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run("set checkpoint_threshold = '1GB'");
  const appender = await connection.createAppender('spans');
  return {
    async append(batch) {
      await connection.run('begin');
      appendRows(appender, batch);
      appender.flushSync();
      await connection.run('commit');
    },
    close() {
      appender.closeSync();
      connection.closeSync();
      instance.closeSync();
    },
  };
}

function appendRows(appender: DuckDBAppender, { rows, columns, texts, ...entries }: RowBatch): void {
  const textAt = (index: number | undefined): string => texts[index as number] as string;
  let entry = 0;
  for (let row = 0; row < rows; row++) {
    for (const [at, { storage }] of COLUMNS.entries()) {
      const value = columns[at]?.[row] as number;
      if (storage === 'VARCHAR') {
        if (value === NO_TEXT) appender.appendNull();
        else appender.appendVarchar(textAt(value));
      } else if (Number.isNaN(value)) appender.appendNull();
      else if (storage === 'DOUBLE') appender.appendDouble(value);
      else appender.appendInteger(value);
    }
    const last = entry + (entries.entryCounts[row] as number);
    const map = [];
    for (; entry < last; entry++)
      map.push({ key: textAt(entries.entryKeys[entry]), value: textAt(entries.entryValues[entry]) });
    appender.appendMap(mapValue(map), ATTRIBUTES);
    appender.endRow();
  }
}
