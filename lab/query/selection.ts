import { PROMOTED_ATTRIBUTES, storedColumn } from '../store/columns.ts';
import type { Dialect } from './dialect/index.ts';
import type { QueryColumns } from './query-columns.ts';
import { RowsInQuestion } from './rows-in-question.ts';
import { type Filter, type QuerySpec, splitRelation } from './spec.ts';
import { Parameters, type Statement } from './statement.ts';
import { timeGrid } from './time.ts';

export interface Selection {
  filters?: Filter[];
  startMs?: number;
  endMs?: number;
}

/** What of the spans is looked at. */
export interface Sample {
  rootsOnly: boolean;
  /** numbers of the parts of the table that are looked at; null: all */
  parts: readonly number[] | null;
  /** every how manieth of the selected spans, and of the others */
  selectedEvery: number;
  restEvery: number;
}

/** Rows of a part of the table: as many as the database keeps together, so that a part left out is not read. */
const ROWS_A_PART = 122_880;
/** Bins of a column of numbers, and the most different values of another column. */
export const BINS = 8;
/** A column with more values than this is an id: every selection differs in it. */
const MOST_VALUES = 2_000;
/** How many values of a column come back: those that differ most. */
const VALUES_A_COLUMN = 5;
/** Characters of a value that tell it from others. */
const MOST_CHARACTERS = 200;

/** Model columns whose values are worth comparing; times and ids differ always. */
const COMPARED = ['name', 'span.kind', 'status_code', 'status_message', 'library.name'];

/**
 * Statements for comparing selected spans with the others that the query is about. `totals` gives for each part of the
 * table, by its number `part`, selected, rest, selected_children, rest_roots. `sampled` gives selected, rest of the sample. `differences` gives for each column its
 * `present_selected` and `present_rest`, `distinct` values, and at most eight rows with `value` (or the `low` and `high`
 * of a bin, and the `least` value in it), `selected` and `rest`: the values stay in the database, which may have a million of them.
 */
export function selectionStatements(
  spec: QuerySpec,
  selection: Selection,
  columns: QueryColumns,
  nowMs: number,
): { totals: Statement; sampled(sample: Sample): Statement; differences(sample: Sample): Statement } {
  const { dialect } = columns;
  const statement = (write: (base: Base, parameters: Parameters) => string): Statement => {
    const parameters = new Parameters(dialect);
    const grid = timeGrid(spec, nowMs);
    const rows = new RowsInQuestion({ spec, grid, columns, dialect, weighted: false }, parameters);
    const conditions = (selection.filters ?? []).map(
      (filter) => `(${rows.fields.condition(filter, splitRelation(filter.column)[1], 's')})`,
    );
    if (selection.startMs !== undefined)
      conditions.push(`s.start_ms >= ${parameters.add(selection.startMs)}`);
    if (selection.endMs !== undefined) conditions.push(`s.start_ms < ${parameters.add(selection.endMs)}`);
    const inside = `coalesce(${conditions.join(' and ') || 'true'}, false) as inside`;
    const base: Base = (select) =>
      `select ${[inside, ...select].join(', ')} ${rows.from(false)} and s.annotation_type is null`;
    return parameters.statement(write(base, parameters));
  };
  return {
    totals: statement((base) => {
      const counts = [
        `${dialect.countWhere('inside')} as selected`,
        `${dialect.countWhere('not inside')} as rest`,
        `${dialect.countWhere('inside and parent_id is not null')} as selected_children`,
        `${dialect.countWhere('not inside and parent_id is null')} as rest_roots`,
      ];
      const part = `${dialect.bucket(`s.${dialect.storedOrder()}`, `${ROWS_A_PART}`)} as part`;
      const numbered = dialect.toDouble('part');
      return `select ${numbered} as part, ${counts.join(', ')} from (${base([part, 's.parent_id'])}) group by part`;
    }),
    sampled: (sample) =>
      statement(
        (base) =>
          `select ${dialect.countWhere('inside')} as selected, ${dialect.countWhere('not inside')} as rest from (${sampleOf(base, sample, [], dialect)})`,
      ),
    differences: (sample) =>
      statement((base, parameters) => differencesSql(base, sample, columns, parameters)),
  };
}

type Base = (select: readonly string[]) => string;

/** Spans are taken by their ids, so that the same ones are taken each time. */
function sampleOf(
  base: Base,
  { rootsOnly, parts, selectedEvery, restEvery }: Sample,
  select: readonly string[],
  dialect: Dialect,
): string {
  const every = (condition: string, nth: number) =>
    nth > 1 ? `(${condition} and ${dialect.oneOf(nth, 'span_id')})` : `(${condition})`;
  const taken = `${every('inside', selectedEvery)} or ${every('not inside', restEvery)}`;
  const roots = rootsOnly ? ' and parent_id is null' : '';
  const within = parts === null ? '' : ` and (${partsSql(parts, dialect)})`;
  return `select * from (${base(['s.span_id', 's.parent_id', ...select])}${within}) where (${taken})${roots}`;
}

function partsSql(parts: readonly number[], dialect: Dialect): string {
  const order = `s.${dialect.storedOrder()}`;
  return parts
    .map((part) => `(${order} >= ${part * ROWS_A_PART} and ${order} < ${(part + 1) * ROWS_A_PART})`)
    .join(' or ');
}

function differencesSql(
  base: Base,
  sample: Sample,
  { catalogue, dialect }: QueryColumns,
  parameters: Parameters,
): string {
  const numbers = catalogue
    .keys()
    .filter((key) => catalogue.types(key).every((type) => type === 'integer' || type === 'float'));
  const isNumeric = `count(*) > ${BINS} and key in (${["''", ...numbers.map((key) => parameters.add(key))].join(', ')})`;
  const named = [
    ...COMPARED.map((name) => ({ name, sql: storedColumn(name)?.sql as string })),
    ...PROMOTED_ATTRIBUTES.map((column) => ({ name: column.name as string, sql: column.sql })),
  ];
  // The names are the engine's own constants, not input.
  const pairs = named.map(({ name, sql }) => [`'${name}'`, sql] as const);
  const promoted = PROMOTED_ATTRIBUTES.map((column) => `'${column.name}'`).join(', ');
  const read = [...named.map(({ sql }) => sql), ...dialect.entryColumns()].map((column) => `s.${column}`);
  const number = dialect.toNumber('value');
  const [key, value] = [dialect.entryKey('f'), dialect.entryValue('f')];
  const text = dialect.beginning(value, MOST_CHARACTERS);
  const bin = `coalesce(floor((number - low) / nullif((high - low) / ${BINS}, 0)), 0)`;
  const atLeastOne = (condition: string): string => dialect.largest(['1', dialect.countWhere(condition)]);
  return `
    with w as (${sampleOf(base, sample, read, dialect)}),
    e as (
      select inside, ${key} as key, ${text} as value, ${dialect.toDouble('1')} as n
      from (select inside, ${dialect.eachEntry(pairs)} as f from w) where ${value} is not null
      union all
      select inside, key, ${dialect.beginning('value', MOST_CHARACTERS)}, n
      from (${dialect.sharedEntries('w', 'inside')}) where key not in (${promoted})),
    counts as (
      select key, value, ${number} as number, coalesce(sum(n) filter (where inside), 0) as selected,
        coalesce(sum(n) filter (where not inside), 0) as rest
      from e group by key, value),
    columns as (
      select key, ${dialect.count()} as values, ${isNumeric} as numeric,
        min(number) as low, max(number) as high, sum(selected) as present_selected, sum(rest) as present_rest
      from counts group by key),
    binned as (
      select key, number, numeric, present_selected, present_rest, values, selected, rest,
        case when not numeric then value end as value,
        case when numeric then ${dialect.smallest([`${BINS - 1}`, bin])} end as bin,
        low, (high - low) / ${BINS} as width
      from counts join columns using (key) where (numeric and number is not null) or (not numeric and values <= ${MOST_VALUES})),
    grouped as (
      select key, value, low + bin * width as bin_low, low + (bin + 1) * width as bin_high, present_selected, present_rest,
        min(number) as least, sum(selected) as selected, sum(rest) as rest, ${dialect.anyValue('numeric')} as numeric, ${dialect.anyValue('values')} as values
      from binned group by key, value, low, bin, width, present_selected, present_rest),
    totals as (select ${atLeastOne('inside')} as s, ${atLeastOne('not inside')} as r from w),
    ranked as (
      select *, row_number() over (partition by key order by abs(selected / s - rest / r) desc, value, bin_low) as place,
        count(*) over (partition by key) as shown
      from grouped, totals)
    select key, value, bin_low as low, bin_high as high, least, selected, rest, present_selected, present_rest,
      ${dialect.toDouble('(case when numeric then shown else values end)')} as distinct
    from ranked where numeric or place <= ${VALUES_A_COLUMN} order by key, place`;
}
