import { nearestKey, SAMPLE_RATE_KEYS } from '@workshop/telemetry';
// Not through the store's door: that one loads DuckDB.
import { DERIVED_NAMES, IS_ROOT, MODEL_NAMES } from '../store/columns.ts';
import type { Catalogue, RowSource } from '../store/index.ts';
import { columnsOf, parseExpression } from './expression/index.ts';
import type { LazyResult, ResultValue } from './result.ts';
import { type Calculation, calculationsOf, type QuerySpec, resultKey, splitRelation } from './spec.ts';

const NO_SPANS = 'The lab holds no spans yet. Use Murmur, or run "npm run traffic".';
const NOTHING = 'Nothing matches in this time range.';

/**
 * What a person should know beside a result: a column that no span has, or why there is nothing in it. Sentences,
 * most often none. A query that names an unknown column stays a good query, as its first span may come tomorrow;
 * but a typo in a name looks the same, and its result is just empty.
 */
export async function queryNotes(source: RowSource, result: LazyResult): Promise<string[]> {
  const { query: spec } = result;
  const catalogue = await source.catalogue();
  const unknown = namedColumns(spec).filter((name) => !isKnown(name, catalogue));
  const notes = unknown.length > 0 ? unknownColumns(unknown, catalogue) : emptiness(spec, result);
  if (notes.length === 0) return [];
  const [some] = await source.all('select 1 as one from spans limit 1');
  return some ? notes : [NO_SPANS];
}

/**
 * Every column that a query reads, without relational prefixes, once. Orders are not asked: they repeat a breakdown,
 * a calculation or its name.
 */
function namedColumns(spec: QuerySpec): string[] {
  const calculations = spec.calculations ?? [];
  const names = new Set([...calculations, ...(spec.formulas ?? [])].map(({ name }) => name));
  const columns = [
    ...(spec.breakdowns ?? []),
    ...calculations.flatMap(({ column, filters = [] }) => [
      column,
      ...filters.map((filter) => filter.column),
    ]),
    ...(spec.filters ?? []).map((filter) => filter.column),
    ...(spec.havings ?? []).map(({ column }) => (names.has(column) ? undefined : column)),
  ];
  const fields = new Map((spec.calculated_fields ?? []).map(({ name, expression }) => [name, expression]));
  const read = columns.flatMap((column) => (column ? [splitRelation(column)[1]] : []));
  return [...new Set(read.flatMap((column) => behind(column, fields)))];
}

/** The columns that a calculated field reads in the end; a stored column is itself. */
function behind(column: string, fields: ReadonlyMap<string, string>): string[] {
  const expression = fields.get(column);
  return expression === undefined
    ? [column]
    : columnsOf(parseExpression(expression)).flatMap((read) => behind(read, fields));
}

function isKnown(name: string, catalogue: Catalogue): boolean {
  return (
    name === IS_ROOT || MODEL_NAMES.has(name) || DERIVED_NAMES.has(name) || catalogue.types(name).length > 0
  );
}

function unknownColumns(names: readonly string[], catalogue: Catalogue): string[] {
  const candidates = [...MODEL_NAMES, ...catalogue.keys()];
  return names.map((name) => {
    if ((SAMPLE_RATE_KEYS as readonly string[]).includes(name))
      return `${name} is no column: the lab, like Honeycomb, reads it as the weight of its span.`;
    const near = nearestKey(name, candidates)?.candidate;
    return `No span has the column ${name}.${near ? ` Did you mean ${near}?` : ''}`;
  });
}

/** Why a result is empty though all its columns are known; nothing when it is not. */
function emptiness(spec: QuerySpec, { data: { results } }: LazyResult): string[] {
  const known = namedColumns(spec).length > 0 ? ' Every column that the query names is known.' : '';
  if (results.length === 0) return [NOTHING + known];
  // A group is there because spans are in it; without groups there is one row, whatever matches.
  if (spec.breakdowns?.length) return [];
  const row = results[0]?.data ?? {};
  const plain = calculationsOf(spec).filter((calculation) => !calculation.filters?.length);
  const counted = plain.find(({ op, column }) => op === 'COUNT' && !column);
  if (counted && row[resultKey(counted)] === 0) return [NOTHING + known];
  return [...new Set(plain.flatMap((calculation) => lack(calculation, row[resultKey(calculation)] ?? null)))];
}

/** A sum of nothing is 0 as a sum of zeros is, so it tells nothing. */
function lack({ op, column }: Calculation, value: ResultValue): string[] {
  if (!column) return [];
  const counts = op === 'COUNT' || op === 'COUNT_DISTINCT';
  const cells = typeof value === 'object' ? value?.counts : undefined;
  const nothing = counts ? value === 0 : value === null || cells?.every((count) => count === 0);
  return nothing
    ? [`No matching span in this time range has a ${counts ? 'value' : 'number'} in ${column}.`]
    : [];
}
