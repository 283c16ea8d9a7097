import { randomUUID } from 'node:crypto';
import type { RowSource, SqlRow } from '../store/index.ts';
import { type CompiledQuery, compile } from './compile.ts';
import { checkPatterns } from './expression/patterns.ts';
import type { Group } from './groups.ts';
import { type Heatmap, heatmapOf, heatmapTotals } from './heatmap-cells.ts';
import { QueryColumns } from './query-columns.ts';
import type { LazyResult, QueryResult, ResultData, SeriesItem } from './result.ts';
import { ResultRows } from './result-rows.ts';
import { RELATION_MARGIN_MS } from './rows-in-question.ts';
import { seriesOf } from './series.ts';
import { type CalculatedField, calculationsOf, type Filter, type QuerySpec } from './spec.ts';
import type { Statement } from './statement.ts';
import { shifted, type TimeGrid, timeGrid } from './time.ts';
import { validateQuery } from './validation/index.ts';

export interface RunOptions {
  /** "now" of relative time ranges, Unix milliseconds */
  now?: number;
  disableSeries?: boolean;
  /** Honeycomb's default: true */
  disableTotalByAggregate?: boolean;
  /** calculated fields that are saved beside the query, valid ones */
  savedFields?: readonly CalculatedField[];
  /** what every row satisfies besides the query's own filters, such as being of one dataset */
  within?: readonly Filter[];
}

const DEFAULT_LIMIT = 100;
/** So many times as many rows take less than the sort that weighted percentiles need. */
const FEW_WEIGHTS = 4;

/**
 * Runs one query.
 * @throws QueryError when the query is not valid
 */
export async function runQuery(
  source: RowSource,
  input: unknown,
  options: RunOptions = {},
): Promise<QueryResult> {
  const { data, comparison, ...result } = await runQueryLazily(source, input, options);
  return {
    ...result,
    data: { ...data, series: [...data.series] },
    ...(comparison && { comparison: { ...comparison, series: [...comparison.series] } }),
  };
}

/** The same; the series is made while it is read, once. */
export async function runQueryLazily(
  source: RowSource,
  input: unknown,
  options: RunOptions = {},
): Promise<LazyResult> {
  const { disableSeries, savedFields = [] } = options;
  const spec = validateQuery(input, { disableSeries, savedFields });
  const own = spec.calculated_fields ?? [];
  const columns = new QueryColumns(await source.catalogue(), source.dialect, [...savedFields, ...own]);
  await checkPatterns(source, savedFields, own);
  const run = new Run(source, spec, columns, options);
  return run.result();
}

/** One query over one window, and over the earlier one that it is compared with. */
class Run {
  readonly #source: RowSource;
  readonly #spec: QuerySpec;
  readonly #columns: QueryColumns;
  readonly #options: RunOptions;
  readonly #rows: ResultRows;
  readonly #limit: number;

  constructor(source: RowSource, spec: QuerySpec, columns: QueryColumns, options: RunOptions) {
    this.#source = source;
    this.#spec = spec;
    this.#columns = columns;
    this.#options = options;
    this.#rows = new ResultRows(spec, columns);
    this.#limit = spec.limit ?? DEFAULT_LIMIT;
  }

  async result(): Promise<LazyResult> {
    const spec = this.#spec;
    const columns = this.#columns;
    const { within, now = Date.now() } = this.#options;
    const { dialect } = this.#source;
    const grid = timeGrid(spec, now);
    const weights = spec.usage_mode ? { weighted: false } : await this.#weights(grid);
    const compiled = compile({ spec, grid, columns, dialect, within, ...weights });
    const top = await this.#all(compiled.summary(this.#limit));
    const result: LazyResult = {
      id: randomUUID(),
      complete: true,
      query: spec,
      data: await this.#shown(compiled, top),
      links: {},
    };
    if (this.#options.disableTotalByAggregate === false) {
      const total = top.length > 0 ? (await this.#all(compiled.total()))[0] : undefined;
      result.data.total_by_aggregate = this.#rows.valuesOf(total ?? {});
    }
    const offset = spec.compare_time_offset_seconds;
    if (offset !== undefined) {
      const earlier = compile({
        spec,
        grid: shifted(grid, offset),
        columns,
        dialect,
        within,
        ...weights,
      });
      result.comparison = { offset_seconds: offset, ...(await this.#compared(earlier, top)) };
    }
    return result;
  }

  async #shown(compiled: CompiledQuery, top: SqlRow[]): Promise<LazyResult['data']> {
    if (top.length === 0) return { series: [], results: [] };
    // When every group is shown there is nothing to leave out of the series.
    const all = top.length < this.#limit && !this.#spec.havings?.length;
    return this.#data(compiled, top, top, all ? null : top.map((row) => this.#rows.groupValues(row)));
  }

  /** The groups that are shown, as they were in the earlier window; one that was not there then is left out. */
  async #compared(compiled: CompiledQuery, top: SqlRow[]): Promise<LazyResult['data']> {
    if (top.length === 0) return { series: [], results: [] };
    const groups = top.map((row) => this.#rows.groupValues(row));
    const earlier = await this.#all(compiled.summaryOf(groups));
    const order = new Map(top.map((row, index) => [this.#rows.keyOf(row), index]));
    const at = (row: SqlRow): number => order.get(this.#rows.keyOf(row)) ?? 0;
    earlier.sort((a, b) => at(a) - at(b));
    return this.#data(compiled, earlier, top, groups);
  }

  /** @param inSeries rows of the groups that the series has */
  async #data(
    compiled: CompiledQuery,
    results: SqlRow[],
    inSeries: SqlRow[],
    only: readonly Group[] | null,
  ): Promise<LazyResult['data']> {
    const heatmaps = await this.#heatmaps(compiled, only);
    return {
      series: this.#options.disableSeries ? [] : await this.#series(compiled, inSeries, only, heatmaps),
      results: results.map((row) => ({
        data: {
          ...this.#rows.groupOf(row),
          ...this.#rows.valuesOf(row),
          ...heatmapTotals(heatmaps, this.#rows.keyOf(row)),
        } satisfies ResultData,
      })),
    };
  }

  async #series(
    compiled: CompiledQuery,
    groups: SqlRow[],
    only: readonly Group[] | null,
    heatmaps: readonly Heatmap[],
  ): Promise<Iterable<SeriesItem>> {
    const calculations = calculationsOf(this.#spec);
    // The cells of a heatmap come with its own statement.
    const values = calculations.some((item) => item.op !== 'HEATMAP')
      ? await this.#all(compiled.series(only))
      : [];
    const concurrency = calculations.some((item) => item.op === 'CONCURRENCY')
      ? await this.#all(compiled.concurrency(only))
      : [];
    return seriesOf({ rows: this.#rows, grid: compiled.grid, groups, values, concurrency, heatmaps });
  }

  async #heatmaps(compiled: CompiledQuery, only: readonly Group[] | null): Promise<Heatmap[]> {
    const heatmaps: Heatmap[] = [];
    for (const calculation of calculationsOf(this.#spec)) {
      if (calculation.op !== 'HEATMAP') continue;
      const [range] = await this.#all(compiled.heatmapRange(calculation));
      heatmaps.push(
        await heatmapOf(
          calculation,
          range,
          (row) => this.#rows.keyOf(row),
          (bins) => this.#all(compiled.heatmap(calculation, bins, only)),
        ),
      );
    }
    return heatmaps;
  }

  async #all(statement: Statement): Promise<SqlRow[]> {
    return this.#source.all(statement.sql, statement.parameters, statement.within);
  }

  async #weights({ startMs, endMs }: TimeGrid): Promise<{ weighted: boolean; fewWeights: boolean }> {
    const sql = `select max(sample_rate) as most, ${this.#source.dialect.average('sample_rate')} as mean from spans`;
    const [row] = await this.#all({ sql, parameters: [], within: [startMs - RELATION_MARGIN_MS, endMs] });
    return { weighted: Number(row?.most ?? 1) > 1, fewWeights: Number(row?.mean ?? 1) <= FEW_WEIGHTS };
  }
}
