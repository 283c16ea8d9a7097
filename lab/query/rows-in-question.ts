import type { Dialect } from './dialect/index.ts';
import { Fields } from './fields.ts';
import type { QueryColumns } from './query-columns.ts';
import { type Calculation, type Filter, type QuerySpec, type Relation, splitRelation } from './spec.ts';
import type { Parameters } from './statement.ts';
import type { TimeGrid } from './time.ts';

/**
 * How far outside the window the other spans of a trace are looked for. Honeycomb joins what arrives within
 * about ten minutes.
 */
export const RELATION_MARGIN_MS = 600_000;
/** Where rows are found by their time: a span that began longer before the window is not looked for. */
const LONGEST_SPAN_MS = 86_400_000;

/** How each relation finds its one span from a row `s`; the others' spans are `r`. */
const JOINS: Record<Exclude<Relation, 'none'>, { row: string[]; other: string[]; only?: string }> = {
  root: { row: ['trace_id'], other: ['trace_id'], only: 'r.parent_id is null' },
  parent: { row: ['trace_id', 'parent_id'], other: ['trace_id', 'span_id'] },
  child: { row: ['trace_id', 'span_id'], other: ['trace_id', 'parent_id'], only: 'r.parent_id is not null' },
  any: { row: ['trace_id'], other: ['trace_id'] },
  any2: { row: ['trace_id'], other: ['trace_id'] },
  any3: { row: ['trace_id'], other: ['trace_id'] },
};

export interface Compilation {
  spec: QuerySpec;
  grid: TimeGrid;
  columns: QueryColumns;
  dialect: Dialect;
  /** correct for the sample rate; false when no row has one */
  weighted: boolean;
  /** the weights are so few that each row may be repeated as often as its weight says */
  fewWeights?: boolean;
  /** what every row satisfies besides the query's own filters; none of it is about another span */
  within?: readonly Filter[];
}

/**
 * Spans are found by a number made of their ids, which are 48 characters a span: as texts they took three times as
 * long and as much memory. What has no id must be left out, since a number is made of that, too.
 */
function areThere(columns: readonly string[]): string {
  return columns.map((column) => `${column} is not null`).join(' and ');
}

/** The part of a statement that says which rows the query is about, and what it needs of each. */
export class RowsInQuestion {
  readonly fields: Fields;
  readonly #compilation: Compilation;
  readonly #parameters: Parameters;
  /** columns wanted of related spans, by relation */
  readonly #related = new Map<Exclude<Relation, 'none'>, string[]>();

  constructor(compilation: Compilation, parameters: Parameters) {
    this.#compilation = compilation;
    this.#parameters = parameters;
    this.fields = new Fields(compilation.columns, parameters);
  }

  /** A column's value to group by; the column may be that of a related span. */
  key(column: string): string {
    const [relation, name] = splitRelation(column);
    if (relation === null || relation === 'none') return this.fields.key(name, 's');
    const wanted = this.#related.get(relation) ?? [];
    this.#related.set(relation, wanted);
    const inner = this.fields.key(name, 'r');
    let index = wanted.indexOf(inner);
    if (index < 0) index = wanted.push(inner) - 1;
    return `${relation}_span.f${index}`;
  }

  number(column: string): string {
    return this.fields.number(column, 's');
  }

  raw(column: string): string {
    return this.fields.raw(column, 's');
  }

  /** The filters of one calculation; null when it has none. */
  calculationFilter(calculation: Calculation): string | null {
    if (!calculation.filters?.length) return null;
    const conditions = calculation.filters.map(
      (filter) => `(${this.fields.condition(filter, filter.column, 's')})`,
    );
    return conditions.join(calculation.filter_combination === 'OR' ? ' or ' : ' and ');
  }

  /**
   * Value of a calculation's column on a row; null where the calculation does not look at the row.
   * @param running the rows are also spans that began before the window, which only CONCURRENCY looks at
   */
  masked(calculation: Calculation, value: string, running: boolean): string {
    const conditions = [this.calculationFilter(calculation), running ? this.inWindow() : null].filter(
      (condition) => condition !== null,
    );
    if (conditions.length === 0) return value;
    return `case when ${conditions.map((condition) => `(${condition})`).join(' and ')} then ${value} end`;
  }

  get start(): string {
    return this.#parameters.add(this.#compilation.grid.startMs);
  }

  get end(): string {
    return this.#parameters.add(this.#compilation.grid.endMs);
  }

  /** True for a row that began in the window. */
  inWindow(): string {
    return `(s.start_ms >= ${this.start} and s.start_ms < ${this.end})`;
  }

  /**
   * `from … where …`. Call it last: it joins what `key` asked for.
   * @param running also spans that began before the window and ran into it
   */
  from(running: boolean): string {
    const { startMs, endMs } = this.#compilation.grid;
    this.#parameters.reads(running ? startMs - LONGEST_SPAN_MS : startMs, endMs);
    const earlier = `(s.start_ms < ${this.start} and s.start_ms + s.duration_ms > ${this.start})`;
    const time = running ? `(${this.inWindow()} or ${earlier})` : this.inWindow();
    const within = (this.#compilation.within ?? []).map((filter) =>
      this.fields.condition(filter, filter.column, 's'),
    );
    const filters = this.#filters();
    const where = [time, ...within, ...(filters === null ? [] : [filters])]
      .map((condition) => `(${condition})`)
      .join(' and ');
    return `from ${this.fields.table('s')}${this.#joins()} where ${where}`;
  }

  #filters(): string | null {
    const { filters = [], filter_combination: combination } = this.#compilation.spec;
    if (filters.length === 0) return null;
    const conditions: string[] = [];
    const byRelation = new Map<Relation, Filter[]>();
    for (const filter of filters) {
      const [relation, name] = splitRelation(filter.column);
      if (relation === null) conditions.push(this.fields.condition(filter, name, 's'));
      else byRelation.set(relation, [...(byRelation.get(relation) ?? []), filter]);
    }
    // All filters of one prefix must hold on one and the same span.
    for (const [relation, list] of byRelation) conditions.push(this.#relationCondition(relation, list));
    return conditions.map((condition) => `(${condition})`).join(combination === 'OR' ? ' or ' : ' and ');
  }

  #relationCondition(relation: Relation, filters: readonly Filter[]): string {
    const join = JOINS[relation === 'none' ? 'any' : relation];
    const [row, other] = [join.row.map((column) => `s.${column}`), join.other.map((column) => `r.${column}`)];
    const candidates = this.#candidates(join.only, filters);
    const is = relation === 'none' ? 'not in' : 'in';
    if (row.length === 1) return `${row} ${is} (select ${other} ${candidates})`;
    const { hash } = this.#compilation.dialect;
    return `${areThere(row)} and ${hash(...row)} ${is} (select ${hash(...other)} ${candidates} and ${areThere(other)})`;
  }

  /** Spans near the window that satisfy the filters; events and links are no spans. */
  #candidates(only: string | undefined, filters: readonly Filter[]): string {
    const { grid } = this.#compilation;
    const [fromMs, toMs] = [grid.startMs - RELATION_MARGIN_MS, grid.endMs + RELATION_MARGIN_MS];
    this.#parameters.reads(fromMs, toMs);
    const [from, to] = [this.#parameters.add(fromMs), this.#parameters.add(toMs)];
    const conditions = [
      'r.annotation_type is null',
      `r.start_ms >= ${from} and r.start_ms < ${to}`,
      ...(only ? [only] : []),
      ...filters.map((filter) => `(${this.fields.condition(filter, splitRelation(filter.column)[1], 'r')})`),
    ];
    return `from ${this.fields.table('r')} where ${conditions.join(' and ')}`;
  }

  /** Joins to each row the first related span that satisfies the relation's filters. */
  #joins(): string {
    const { filters = [] } = this.#compilation.spec;
    let sql = '';
    for (const [relation, wanted] of this.#related) {
      const join = JOINS[relation];
      const own = filters.filter((filter) => splitRelation(filter.column)[0] === relation);
      const [row, other] = [
        join.row.map((column) => `s.${column}`),
        join.other.map((column) => `r.${column}`),
      ];
      const from = `${this.#candidates(join.only, own)} and ${areThere(other)}`;
      const { firstOf, hash } = this.#compilation.dialect;
      const first = firstOf(hash(...other), wanted, from, ['r.start_ms', 'r.span_id']);
      sql += ` left join (${first}) ${relation}_span on ${relation}_span.key = ${hash(...row)}`;
    }
    return sql;
  }
}
