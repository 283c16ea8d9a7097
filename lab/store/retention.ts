import type { Database } from './database.ts';
import type { Retention, StoreSize } from './worker-protocol.ts';

const HOUR_MS = 3_600_000;
/** Part of the rows that goes when the data is too big: not a little each minute, since deleting costs. */
const SHARE_TO_DELETE = 0.2;

/** Rows, and the bytes that their blocks and the write-ahead log take. */
export async function sizeOf(database: Database): Promise<StoreSize> {
  const [count] = await database.all('select count(*)::double as n from spans');
  const [size] = await database.all(
    'select (used_blocks * block_size)::double as used, wal_size from pragma_database_size()',
  );
  return {
    rows: Number(count?.n ?? 0),
    bytes: Number(size?.used ?? 0) + bytesOf(String(size?.wal_size ?? '0')),
  };
}

/**
 * Deletes what has been here too long, then the oldest fifth while the data is too big. Whole traces are not looked at: a
 * trace at the border may lose its oldest spans.
 * @returns how many rows went
 */
export async function applyRetention(
  database: Database,
  retention: Retention,
  nowMs: number,
): Promise<number> {
  const before = (await sizeOf(database)).rows;
  if (retention.maxAgeHours !== undefined) {
    // By the time of receipt: an old recording that is sent today is new here. Rows lie in the order of arrival.
    await database.run(
      `delete from spans where coalesce(received_ms, start_ms) < $1
       and rowid <= (select max(rowid) from spans) - $2::bigint`,
      [nowMs - retention.maxAgeHours * HOUR_MS, retention.keepRows ?? 0],
    );
  }
  if (retention.maxBytes !== undefined) {
    // Bounded: each round keeps 80 %, so twenty rounds leave one hundredth.
    for (let round = 0; round < 20; round++) {
      await database.run('checkpoint');
      const { bytes, rows } = await sizeOf(database);
      if (bytes <= retention.maxBytes || rows === 0) break;
      const sql = 'delete from spans where start_ms <= (select quantile_disc(start_ms, $1) from spans)';
      await database.run(sql, [SHARE_TO_DELETE]);
    }
  }
  const after = (await sizeOf(database)).rows;
  if (after < before) {
    await database.dropUnusedResources();
    await database.run('checkpoint');
  }
  return before - after;
}

/** DuckDB says sizes as "1.5 MiB". */
function bytesOf(text: string): number {
  const match = /^([\d.]+)\s*(bytes|KiB|MiB|GiB|TiB)/i.exec(text);
  if (!match) return 0;
  const power = ['bytes', 'kib', 'mib', 'gib', 'tib'].indexOf((match[2] as string).toLowerCase());
  return Number(match[1]) * 1024 ** power;
}
