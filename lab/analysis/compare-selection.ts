import {
  type Filter,
  QueryError,
  type QuerySpec,
  selectionStatement,
  splitRelation,
  validateQuery,
} from '../query/index.ts';
import type { Catalogue, RowSource } from '../store/index.ts';

/** Which spans are looked at, and which of them are the selection. */
export interface SelectionRequest {
  /** time range and filters; everything else of it is ignored */
  query: QuerySpec;
  /** what a selected span satisfies, all of it: a box in a heatmap is `duration_ms >= 500` and a time */
  selection: { filters?: Filter[]; startMs?: number; endMs?: number };
}

export interface ValueShare {
  /** the value, or the range of a bin, or null: the attribute is absent */
  value: string | null;
  /** how many spans have it */
  selected: number;
  rest: number;
  /** parts of all selected spans, and of all others */
  selectedShare: number;
  restShare: number;
}

export interface AttributeDifference {
  column: string;
  /** 0 to 1: the largest difference between the two shares of one value */
  score: number;
  /** different values (or bins) seen */
  distinct: number;
  /** those that differ most, at most five */
  values: ValueShare[];
}

export interface SelectionComparison {
  selected: number;
  rest: number;
  /** true: only root spans were compared, since only such are selected */
  rootsOnly: boolean;
  /** why there is no ranking */
  note?: string;
  differences: AttributeDifference[];
}

/** Fewer selected spans than this say nothing. */
const LEAST_SELECTED = 5;
/** A column with more values than this is an id: every selection differs in it. */
const MOST_VALUES = 2_000;
const BINS = 8;
const MOST_DIFFERENCES = 20;

interface Count {
  value: string | null;
  selected: number;
  rest: number;
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
  const catalogue = await source.catalogue();
  const { totals, counts } = selectionStatement(query, request.selection, catalogue, nowMs);
  const [sum] = await source.all(totals.sql, totals.parameters);
  const rootsOnly = Number(sum?.selected_children ?? 0) === 0;
  const selected = Number(sum?.selected ?? 0);
  const rest = Number((rootsOnly ? sum?.rest_roots : sum?.rest) ?? 0);
  const comparison: SelectionComparison = { selected, rest, rootsOnly, differences: [] };
  if (selected < LEAST_SELECTED)
    return {
      ...comparison,
      note: `Only ${selected} spans are selected; at least ${LEAST_SELECTED} are needed.`,
    };
  if (rest < LEAST_SELECTED) return { ...comparison, note: `Only ${rest} spans are left to compare with.` };
  const byColumn = new Map<string, Count[]>();
  const statement = counts(rootsOnly);
  for (const row of await source.all(statement.sql, statement.parameters)) {
    const list = byColumn.get(row.key as string) ?? [];
    list.push({ value: row.value as string, selected: row.selected as number, rest: row.rest as number });
    byColumn.set(row.key as string, list);
  }
  for (const [column, values] of byColumn) {
    const numeric = values.length > BINS && isNumber(catalogue, column);
    if (!numeric && values.length > MOST_VALUES) continue;
    const found = difference(column, numeric ? binned(values) : values, selected, rest);
    if (found) comparison.differences.push(found);
  }
  comparison.differences.sort((a, b) => b.score - a.score || (a.column < b.column ? -1 : 1));
  comparison.differences.splice(MOST_DIFFERENCES);
  return comparison;
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
  counts: readonly Count[],
  selected: number,
  rest: number,
): AttributeDifference | null {
  const present = counts.reduce(
    (sum, item) => ({ selected: sum.selected + item.selected, rest: sum.rest + item.rest }),
    { selected: 0, rest: 0 },
  );
  const absent: Count = {
    value: null,
    selected: Math.max(0, selected - present.selected),
    rest: Math.max(0, rest - present.rest),
  };
  const all = absent.selected + absent.rest > 0 ? [...counts, absent] : counts;
  const values = all
    .map(
      (item): ValueShare => ({
        ...item,
        selectedShare: item.selected / selected,
        restShare: item.rest / rest,
      }),
    )
    .filter((item) => Math.abs(item.selectedShare - item.restShare) > 2 * standardError(item, selected, rest))
    .sort((a, b) => gap(b) - gap(a));
  if (values.length === 0) return null;
  return { column, score: gap(values[0] as ValueShare), distinct: all.length, values: values.slice(0, 5) };
}

function gap(item: ValueShare): number {
  return Math.abs(item.selectedShare - item.restShare);
}

/** Of the difference of two shares, if both were samples of the same whole. */
function standardError(item: Count, selected: number, rest: number): number {
  const pooled = Math.min(1, (item.selected + item.rest) / (selected + rest));
  return Math.sqrt(pooled * (1 - pooled) * (1 / selected + 1 / rest));
}

function isNumber(catalogue: Catalogue, column: string): boolean {
  const types = catalogue.types(column);
  return types.length > 0 && types.every((type) => type === 'integer' || type === 'float');
}

/** Numbers in bins of equal width. */
function binned(counts: readonly Count[]): Count[] {
  const numbers = counts.map((item) => Number(item.value));
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const width = (high - low) / BINS || 1;
  const bins = new Map<number, Count>();
  for (const [index, item] of counts.entries()) {
    const bin = Math.min(BINS - 1, Math.floor(((numbers[index] as number) - low) / width));
    const from = low + bin * width;
    const known = bins.get(bin) ?? {
      value: `${round(from)} to ${round(from + width)}`,
      selected: 0,
      rest: 0,
    };
    bins.set(bin, { ...known, selected: known.selected + item.selected, rest: known.rest + item.rest });
  }
  return [...bins.values()];
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}
