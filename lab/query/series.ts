import type { SqlRow } from '../store/index.ts';
import { cellOf, type Heatmap } from './heatmap-cells.ts';
import type { SeriesItem } from './result.ts';
import type { ResultRows } from './result-rows.ts';
import type { Calculation } from './spec.ts';
import { bucketsOf, type TimeGrid } from './time.ts';

export interface SeriesInput {
  rows: ResultRows;
  grid: TimeGrid;
  /** a row of each group that is shown */
  groups: readonly SqlRow[];
  /** rows by bucket (`ts`) and group */
  values: readonly SqlRow[];
  /** the same, with the CONCURRENCY as c0 */
  concurrency: readonly SqlRow[];
  heatmaps: readonly Heatmap[];
}

/** One item for each bucket and group, empty buckets too. */
export function* seriesOf({
  rows,
  grid,
  groups,
  values,
  concurrency,
  heatmaps,
}: SeriesInput): Generator<SeriesItem> {
  const at = (row: SqlRow): string => `${row.ts} ${rows.keyOf(row)}`;
  const byBucket = new Map(values.map((row) => [at(row), row]));
  const atWork = new Map(concurrency.map((row) => [at(row), row.c0 as number]));
  const shown = groups.map((row) => ({ key: rows.keyOf(row), group: rows.groupOf(row) }));
  const before = new Map<string, SqlRow>();
  for (const bucket of bucketsOf(grid)) {
    const time = isoTime(bucket * grid.bucketMs);
    for (const { key, group } of shown) {
      const place = `${bucket} ${key}`;
      const row = filled(rows.calculations, byBucket.get(place) ?? {}, atWork.get(place));
      const cells = heatmaps.map(
        (heatmap) => [heatmap.key, cellOf(heatmap, heatmap.weights.get(place))] as const,
      );
      const now = differences(rows.calculations, row, before.get(key));
      yield { time, data: { ...group, ...rows.valuesOf(now), ...Object.fromEntries(cells) } };
      before.set(key, row);
    }
  }
}

/** A bucket without rows counts and sums to 0; there is no average, percentile or extreme of nothing. */
function filled(calculations: readonly Calculation[], row: SqlRow, concurrency: number | undefined): SqlRow {
  const out: SqlRow = {};
  calculations.forEach(({ op }, index) => {
    const zero = op === 'COUNT' || op === 'COUNT_DISTINCT' || op === 'SUM' || op === 'RATE_SUM';
    out[`c${index}`] = op === 'CONCURRENCY' ? (concurrency ?? 0) : (row[`c${index}`] ?? (zero ? 0 : null));
  });
  return out;
}

/** RATE_x: what x changed by since the bucket before; null in the first one. */
function differences(calculations: readonly Calculation[], row: SqlRow, before: SqlRow | undefined): SqlRow {
  const out = { ...row };
  calculations.forEach(({ op }, index) => {
    if (!op.startsWith('RATE_')) return;
    const [now, then] = [row[`c${index}`], before?.[`c${index}`]];
    out[`c${index}`] = typeof now === 'number' && typeof then === 'number' ? now - then : null;
  });
  return out;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
