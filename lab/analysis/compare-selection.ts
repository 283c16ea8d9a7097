import type { AttributeDifference, SelectionComparison, Threshold, ValueShare } from '../api/index.ts';
import {
  type Filter,
  QueryError,
  type QuerySpec,
  selectionStatements,
  splitRelation,
  validateQuery,
} from '../query/index.ts';
import { QueryColumns } from '../query/query-columns.ts';
import type { Statement } from '../query/statement.ts';
import type { RowSource, SqlRow } from '../store/index.ts';
import { isPartial, sampleOf } from './sample.ts';

/** Which spans are looked at, and which of them are the selection. */
export interface SelectionRequest {
  /** time range and filters; everything else of it is ignored */
  query: QuerySpec;
  /** what a selected span satisfies, all of it: a box in a heatmap is `duration_ms >= 500` and a time */
  selection: { filters?: Filter[]; startMs?: number; endMs?: number };
}

/** Fewer selected spans than this say nothing. */
const LEAST_SELECTED = 5;
const MOST_DIFFERENCES = 20;
/** A side of a number is said shorter than a range, and may tell a little less. */
const SAID_SHORTER = 0.05;

interface Count {
  value: string | null;
  /** of a bin: the smallest value in it */
  least?: number;
  selected: number;
  rest: number;
}

/** A column's values in the sample, and how many spans of it have one. */
interface Column {
  counts: Count[];
  presentSelected: number;
  presentRest: number;
  distinct: number;
}

/**
 * What is different about the selected spans? For every attribute: how often each value (numbers in bins, absence
 * is a value too) is in the selection and in the rest, the largest difference first. Differences that chance makes
 * as large are left out (two standard errors).
 */
export async function compareSelection(
  source: RowSource,
  request: SelectionRequest,
  nowMs = Date.now(),
): Promise<SelectionComparison> {
  const { time_range, start_time, end_time, filters, filter_combination } = request.query;
  const query = validateQuery({ time_range, start_time, end_time, filters, filter_combination });
  checkSelection(request.selection.filters);
  const columns = new QueryColumns(await source.catalogue(), source.dialect);
  const statements = selectionStatements(query, request.selection, columns, nowMs);
  const all = async ({ sql, parameters, within }: Statement): Promise<SqlRow[]> =>
    source.all(sql, parameters, within);
  const { sample, all: sides } = sampleOf(await all(statements.totals));
  const { selected, rest } = sides;
  const comparison: SelectionComparison = {
    selected,
    rest,
    rootsOnly: sample.rootsOnly,
    sampled: { selected, rest },
    differences: [],
  };
  if (selected < LEAST_SELECTED)
    return {
      ...comparison,
      note: `Only ${selected} spans are selected; at least ${LEAST_SELECTED} are needed.`,
    };
  if (rest < LEAST_SELECTED) return { ...comparison, note: `Only ${rest} spans are left to compare with.` };
  if (isPartial(sample)) {
    const [taken] = await all(statements.sampled(sample));
    comparison.sampled = { selected: Number(taken?.selected ?? 0), rest: Number(taken?.rest ?? 0) };
  }
  for (const [column, values] of columnsOf(await all(statements.differences(sample)))) {
    const found = difference(column, values, comparison.sampled);
    if (found) comparison.differences.push(found);
  }
  comparison.differences.sort((a, b) => b.score - a.score || (a.column < b.column ? -1 : 1));
  comparison.differences.splice(MOST_DIFFERENCES);
  return comparison;
}

/** By its name, what a statement found of each column. */
export function columnsOf(rows: readonly SqlRow[]): Map<string, Column> {
  const columns = new Map<string, Column>();
  for (const row of rows) {
    const column = columns.get(row.key as string) ?? {
      counts: [],
      presentSelected: row.present_selected as number,
      presentRest: row.present_rest as number,
      distinct: row.distinct as number,
    };
    columns.set(row.key as string, column);
    const bin = row.low === null ? null : `${round(row.low as number)} to ${round(row.high as number)}`;
    const value = bin ?? (row.value as string | null);
    const count = { value, selected: row.selected as number, rest: row.rest as number };
    column.counts.push(bin === null ? count : { ...count, least: row.least as number });
  }
  return columns;
}

/** @throws QueryError; a selection says what the selected spans themselves are like */
function checkSelection(filters: Filter[] | undefined): void {
  validateQuery({ filters });
  const at = (filters ?? []).findIndex((filter) => splitRelation(filter.column)[0] !== null);
  if (at < 0) return;
  const description = 'a selection takes no root., parent., child., any. or none.';
  throw new QueryError([{ field: `selection.filters[${at}].column`, code: 'invalid', description }]);
}

function difference(
  column: string,
  { counts, presentSelected, presentRest, distinct }: Column,
  { selected, rest }: { selected: number; rest: number },
): AttributeDifference | null {
  const absent: Count = {
    value: null,
    selected: Math.max(0, selected - presentSelected),
    rest: Math.max(0, rest - presentRest),
  };
  const isAbsent = absent.selected + absent.rest > 0;
  const values = (isAbsent ? [...counts, absent] : counts)
    .map(
      ({ least: _, ...item }): ValueShare => ({
        ...item,
        selectedShare: item.selected / selected,
        restShare: item.rest / rest,
      }),
    )
    .filter((item) => Math.abs(item.selectedShare - item.restShare) > 2 * standardError(item, selected, rest))
    .sort((a, b) => gap(b) - gap(a));
  const threshold = thresholdOf(counts, selected, rest);
  const [best] = values;
  if (!best && !threshold) return null;
  const tells = threshold !== null && gap(threshold) >= (best ? gap(best) : 0) - SAID_SHORTER;
  return {
    column,
    score: Math.max(tells ? gap(threshold) : 0, best ? gap(best) : 0),
    distinct: distinct + (isAbsent ? 1 : 0),
    values: values.slice(0, 5),
    ...(tells && { threshold }),
  };
}

/** Between two bins of a number: where the spans beyond it are most of the one side and fewest of the other. */
function thresholdOf(counts: readonly Count[], selected: number, rest: number): Threshold | null {
  const bins = counts.filter((count) => count.least !== undefined).sort((a, b) => least(a) - least(b));
  let best: Threshold | null = null;
  for (let at = 1; at < bins.length; at++) {
    for (const op of ['>=', '<'] as const) {
      const side = op === '<' ? bins.slice(0, at) : bins.slice(at);
      const sum = { selected: 0, rest: 0 };
      for (const bin of side) {
        sum.selected += bin.selected;
        sum.rest += bin.rest;
      }
      const shares = { selectedShare: sum.selected / selected, restShare: sum.rest / rest };
      // What is rare among the selected says what they are not; the other side of it says what they are.
      if (shares.selectedShare - shares.restShare <= 2 * standardError(sum, selected, rest)) continue;
      if (best === null || gap(shares) > gap(best)) best = { op, value: least(bins[at] as Count), ...shares };
    }
  }
  return best;
}

function least(count: Count): number {
  return count.least as number;
}

function gap(item: Pick<ValueShare, 'selectedShare' | 'restShare'>): number {
  return Math.abs(item.selectedShare - item.restShare);
}

/** Of the difference of two shares, if both were samples of the same whole. */
function standardError(item: Pick<Count, 'selected' | 'rest'>, selected: number, rest: number): number {
  const pooled = Math.min(1, (item.selected + item.rest) / (selected + rest));
  return Math.sqrt(pooled * (1 - pooled) * (1 / selected + 1 / rest));
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}
