import { randomUUID } from 'node:crypto';
import type { Catalogue, RowSource, SqlRow } from '../store/index.ts';
import { type CompiledQuery, compile } from './compile.ts';
import { DUCKDB } from './dialect.ts';
import { valueType } from './fields.ts';
import type { Group } from './groups.ts';
import type { Bins } from './heatmap.ts';
import { type Calculation, calculationsOf, type QuerySpec, resultKey, splitRelation } from './spec.ts';
import type { Statement } from './statement.ts';
import { bucketsOf, timeGrid } from './time.ts';
import { validateQuery } from './validate.ts';

export interface HeatmapCell {
  /** weight in each bin; bin n begins at min_value + n * step_size */
  counts: number[];
  min_value: number;
  max_value: number;
  step_size: number;
}
export type ResultValue = string | number | boolean | null | HeatmapCell;
export type ResultData = Record<string, ResultValue>;

/** The shape of Honeycomb's Query Data API. */
export interface QueryResult {
  id: string;
  complete: true;
  query: QuerySpec;
  data: {
    series: { time: string; data: ResultData }[];
    results: { data: ResultData }[];
    total_by_aggregate?: ResultData;
  };
  links: { query_url?: string };
}

export interface RunOptions {
  /** "now" of relative time ranges, Unix milliseconds */
  now?: number;
  disableSeries?: boolean;
  /** Honeycomb's default: true */
  disableTotalByAggregate?: boolean;
}

const DEFAULT_LIMIT = 100;
const HEATMAP_BINS = 40;

/**
 * Runs one query.
 * @throws QueryError when the query is not valid
 */
export async function runQuery(
  source: RowSource,
  input: unknown,
  options: RunOptions = {},
): Promise<QueryResult> {
  const spec = validateQuery(input, { disableSeries: options.disableSeries });
  const run = new Run(source, spec, options, await source.catalogue());
  return run.result();
}

class Run {
  private readonly source: RowSource;
  private readonly spec: QuerySpec;
  private readonly options: RunOptions;
  private readonly catalogue: Catalogue;
  private readonly grid;
  private readonly calculations: readonly Calculation[];
  private readonly breakdowns: readonly string[];
  private readonly limit: number;

  constructor(source: RowSource, spec: QuerySpec, options: RunOptions, catalogue: Catalogue) {
    this.source = source;
    this.spec = spec;
    this.options = options;
    this.catalogue = catalogue;
    this.grid = timeGrid(spec, options.now ?? Date.now());
    this.calculations = calculationsOf(spec);
    this.breakdowns = spec.breakdowns ?? [];
    this.limit = spec.limit ?? DEFAULT_LIMIT;
  }

  async result(): Promise<QueryResult> {
    const weighted = !this.spec.usage_mode && (await this.hasWeights());
    const { spec, grid, catalogue } = this;
    const compiled = compile({ spec, grid, catalogue, dialect: DUCKDB, weighted });
    const rows = await this.all(compiled.summary(this.limit));
    if (rows.length === 0) return this.answer([], [], {});
    // When every group is shown there is nothing to leave out of the series.
    const only =
      rows.length < this.limit && !spec.havings?.length ? null : rows.map((row) => this.groupValues(row));
    const heatmaps = await this.heatmaps(compiled, only);
    const results = rows.map((row) => ({
      data: { ...this.groupOf(row), ...this.valuesOf(row), ...heatmapTotals(heatmaps, this.keyOf(row)) },
    }));
    const series = this.options.disableSeries ? [] : await this.series(compiled, rows, only, heatmaps);
    const total =
      this.options.disableTotalByAggregate === false ? (await this.all(compiled.total()))[0] : undefined;
    return this.answer(series, results, total ?? {});
  }

  private answer(
    series: QueryResult['data']['series'],
    results: QueryResult['data']['results'],
    total: SqlRow,
  ): QueryResult {
    const data: QueryResult['data'] = { series, results };
    if (this.options.disableTotalByAggregate === false) data.total_by_aggregate = this.valuesOf(total);
    return { id: randomUUID(), complete: true, query: this.spec, data, links: {} };
  }

  private async all(statement: Statement): Promise<SqlRow[]> {
    return this.source.all(statement.sql, statement.parameters);
  }

  private async hasWeights(): Promise<boolean> {
    const [row] = await this.all({ sql: 'select max(sample_rate) as most from spans', parameters: [] });
    return Number(row?.most ?? 1) > 1;
  }

  private groupOf(row: SqlRow): ResultData {
    return Object.fromEntries(
      this.breakdowns.map((column, index) => {
        const value = row[`b${index}`] ?? null;
        const boolean = value !== null && valueType(splitRelation(column)[1], this.catalogue) === 'boolean';
        return [column, (boolean ? value === 'true' : value) as ResultValue];
      }),
    );
  }

  private valuesOf(row: SqlRow): ResultData {
    const shown = this.calculations.flatMap((calculation, index) =>
      calculation.op === 'HEATMAP'
        ? []
        : [[resultKey(calculation), (row[`c${index}`] ?? null) as ResultValue] as const],
    );
    return Object.fromEntries(shown);
  }

  private groupValues(row: SqlRow): Group {
    return this.breakdowns.map((_, index) => (row[`b${index}`] ?? null) as Group[number]);
  }

  private keyOf(row: SqlRow): string {
    return JSON.stringify(this.groupValues(row));
  }

  /** One item for each bucket and shown group, empty buckets too. */
  private async series(
    compiled: CompiledQuery,
    top: SqlRow[],
    only: readonly Group[] | null,
    heatmaps: Heatmap[],
  ): Promise<QueryResult['data']['series']> {
    const byKey = new Map<string, SqlRow>();
    // The cells of a heatmap come with its own statement.
    if (this.calculations.some((calculation) => calculation.op !== 'HEATMAP'))
      for (const row of await this.all(compiled.series(only))) byKey.set(`${row.ts} ${this.keyOf(row)}`, row);
    const concurrency = new Map<string, number>();
    if (this.calculations.some((calculation) => calculation.op === 'CONCURRENCY')) {
      for (const row of await this.all(compiled.concurrency(only)))
        concurrency.set(`${row.ts} ${this.keyOf(row)}`, row.c0 as number);
    }
    const series: QueryResult['data']['series'] = [];
    const before = new Map<string, SqlRow>();
    for (const bucket of bucketsOf(this.grid)) {
      const time = isoTime(bucket * this.grid.bucketMs);
      for (const group of top) {
        const key = this.keyOf(group);
        const at = `${bucket} ${key}`;
        const row = this.fill(byKey.get(at) ?? {}, concurrency.get(at));
        const cells = heatmaps.map(
          (heatmap) => [heatmap.key, cell(heatmap, heatmap.weights.get(at))] as const,
        );
        series.push({
          time,
          data: {
            ...this.groupOf(group),
            ...this.valuesOf(this.differences(row, before.get(key))),
            ...Object.fromEntries(cells),
          },
        });
        before.set(key, row);
      }
    }
    return series;
  }

  /** A bucket without rows counts and sums to 0; there is no average, percentile or extreme of nothing. */
  private fill(row: SqlRow, concurrency: number | undefined): SqlRow {
    const out: SqlRow = {};
    this.calculations.forEach(({ op }, index) => {
      const zero = op === 'COUNT' || op === 'COUNT_DISTINCT' || op === 'SUM' || op === 'RATE_SUM';
      out[`c${index}`] = op === 'CONCURRENCY' ? (concurrency ?? 0) : (row[`c${index}`] ?? (zero ? 0 : null));
    });
    return out;
  }

  /** RATE_x: what x changed by since the bucket before; null in the first one. */
  private differences(row: SqlRow, before: SqlRow | undefined): SqlRow {
    const out = { ...row };
    this.calculations.forEach(({ op }, index) => {
      if (!op.startsWith('RATE_')) return;
      const [now, then] = [row[`c${index}`], before?.[`c${index}`]];
      out[`c${index}`] = typeof now === 'number' && typeof then === 'number' ? now - then : null;
    });
    return out;
  }

  private async heatmaps(compiled: CompiledQuery, only: readonly Group[] | null): Promise<Heatmap[]> {
    const heatmaps: Heatmap[] = [];
    for (const calculation of this.calculations) {
      if (calculation.op !== 'HEATMAP') continue;
      const [range] = await this.all(compiled.heatmapRange(calculation));
      const bins =
        typeof range?.low === 'number'
          ? binsFor(range.low, range.high as number)
          : { min: 0, step: 1, count: 1 };
      const weights = new Map<string, Map<number, number>>();
      for (const row of await this.all(compiled.heatmap(calculation, bins, only))) {
        const at = `${row.ts} ${this.keyOf(row)}`;
        const cells = weights.get(at) ?? new Map<number, number>();
        weights.set(at, cells.set(row.bin as number, row.n as number));
      }
      heatmaps.push({ key: resultKey(calculation), bins, weights });
    }
    return heatmaps;
  }
}

interface Heatmap {
  key: string;
  bins: Bins;
  /** by "bucket group": weight by bin */
  weights: Map<string, Map<number, number>>;
}

function heatmapTotals(heatmaps: readonly Heatmap[], key: string): ResultData {
  return Object.fromEntries(
    heatmaps.map((heatmap) => {
      const sums = new Map<number, number>();
      for (const [at, cells] of heatmap.weights) {
        if (at.slice(at.indexOf(' ') + 1) !== key) continue;
        for (const [bin, weight] of cells) sums.set(bin, (sums.get(bin) ?? 0) + weight);
      }
      return [heatmap.key, cell(heatmap, sums)];
    }),
  );
}

function cell({ bins }: Heatmap, weights: ReadonlyMap<number, number> | undefined): HeatmapCell {
  const counts = Array.from({ length: bins.count }, (_, bin) => weights?.get(bin) ?? 0);
  return { counts, min_value: bins.min, max_value: bins.min + bins.step * bins.count, step_size: bins.step };
}

/** About forty bins of an easy width that cover the values. */
export function binsFor(low: number, high: number): Bins {
  const rough = (high - low) / HEATMAP_BINS;
  if (!(rough > 0)) return { min: low, step: 1, count: 1 };
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const min = Math.floor(low / step) * step;
  return { min, step, count: Math.floor((high - min) / step) + 1 };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
