/**
 * An independent answer to a query: plain loops over the spans, written from the rules and not from the engine.
 * It shares no code with the engine but the types of a query.
 */
import type { Span } from '@workshop/telemetry';
import type { Calculation, Filter, QuerySpec } from '../index.ts';
import { evaluate, type Kind, kindsOf, type Tree } from './oracle-expressions.ts';
import { Relations } from './oracle-relations.ts';
import { rowsOf } from './oracle-rows.ts';
import {
  aggregate,
  holds,
  NUMERIC,
  numbers,
  order,
  type Row,
  satisfies,
  type Value,
} from './oracle-values.ts';

export type Group = (Value | null)[];
export interface OracleGroup {
  group: Group;
  /** by result key; heatmaps are left out */
  values: Record<string, Value | null>;
  /** values and weights of each heatmap's column */
  heat: Record<string, [number, number][]>;
  havings: boolean;
}
export interface OracleAnswer {
  startMs: number;
  endMs: number;
  bucketMs: number;
  groups: OracleGroup[];
  /** start of each bucket -> group key -> values */
  series: Map<number, Map<string, OracleGroup>>;
}

const TEXT_MODEL = new Set([
  'trace.trace_id',
  'trace.span_id',
  'trace.parent_id',
  'name',
  'type',
  'span.kind',
  'status_message',
  'parent_name',
  'meta.annotation_type',
  'meta.signal_type',
  'library.name',
  'library.version',
]);
const PREFIX = /^(root|parent|child|any2|any3|any|none)\.(.+)$/s;

/** What the expressions of a query mean, by the names of its calculated fields and formulas. */
export type Trees = ReadonlyMap<string, Tree>;

export class Oracle {
  readonly #rows: Row[] = [];
  readonly #kinds = new Map<string, Set<string>>();
  /** columns whose every value is a number: those of the model, and calculated fields */
  readonly #numeric = new Set(NUMERIC);

  constructor(spans: readonly Span[]) {
    for (const span of spans) this.#rows.push(...rowsOf(span, this.#kinds));
  }

  /** What is shown, and the same for the earlier time that it is compared with. */
  answers(
    query: QuerySpec,
    trees: Trees,
    nowMs: number,
  ): { shown: OracleAnswer; earlier: OracleAnswer | null } {
    const oracle = trees.size > 0 ? this.#withFields(query, trees) : this;
    const offset = query.compare_time_offset_seconds;
    return {
      shown: oracle.answer(query, trees, nowMs, 0),
      earlier: offset === undefined ? null : oracle.answer(query, trees, nowMs, offset),
    };
  }

  /** The same rows with the query's calculated fields on them. */
  #withFields(query: QuerySpec, trees: Trees): Oracle {
    const oracle = new Oracle([]);
    for (const [key, kinds] of this.#kinds) oracle.#kinds.set(key, kinds);
    const fields = (query.calculated_fields ?? []).map(({ name }) => ({
      name,
      tree: trees.get(name) as Tree,
    }));
    for (const row of this.#rows) {
      const event = { read: (column: string) => this.#typed(row, column), seconds: row.time / 1000 };
      const own = new Map(row.fields);
      for (const { name, tree } of fields) {
        const value = evaluate(tree, event);
        if (value !== null) own.set(name, value);
      }
      oracle.#rows.push({ ...row, fields: own });
    }
    for (const { name, tree } of fields) {
      const kinds = kindsOf(tree, (column) => this.#kindOf(column));
      const typeName = (kind: Kind): string => (kind === 'text' ? 'string' : kind);
      oracle.#kinds.set(name, new Set([...kinds].map(typeName)));
      if (kinds.size === 1 && kinds.has('number')) oracle.#numeric.add(name);
    }
    return oracle;
  }

  #kindOf(column: string): Kind {
    if (NUMERIC.has(column)) return 'number';
    const [kind, ...others] = TEXT_MODEL.has(column) ? ['string'] : (this.#kinds.get(column) ?? []);
    if (others.length > 0 || kind === undefined || kind === 'string') return 'text';
    return kind as Kind;
  }

  /** A column as an expression reads it: of the one type that all its values have, else a text. */
  #typed(row: Row, column: string): Value | null {
    const value = row.fields.get(column) ?? null;
    return value === null || this.#kindOf(column) !== 'text' ? value : String(value);
  }

  answer(query: QuerySpec, trees: Trees, nowMs: number, offset: number): OracleAnswer {
    const now = Math.ceil(nowMs / 1000) - offset;
    const length = query.time_range ?? 7200;
    const later = (time: number | undefined): number | undefined =>
      time === undefined ? undefined : time - offset;
    const [from, to] = [later(query.start_time), later(query.end_time)];
    const end = to ?? (from === undefined ? now : from + length);
    const start = from ?? end - length;
    const [startMs, endMs] = [start * 1000, end * 1000];
    const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];
    const bucketMs =
      1000 *
      (query.granularity ||
        (steps.find((step) => step >= (end - start) / 120) ?? Math.ceil((end - start) / 120)));
    const calculations = query.calculations?.length ? query.calculations : [{ op: 'COUNT' as const }];
    const concurrency = calculations.some((c) => c.op === 'CONCURRENCY');
    const near = this.#rows.filter(
      (row) =>
        row.time >= startMs - 600_000 &&
        row.time < endMs + 600_000 &&
        !row.fields.has('meta.annotation_type'),
    );
    const relations = new Relations(near);
    const inWindow = (row: Row): boolean => row.time >= startMs && row.time < endMs;
    const running = (row: Row): boolean => row.time < startMs && row.end !== null && row.end > startMs;
    const matching = this.#rows.filter(
      (row) => (inWindow(row) || (concurrency && running(row))) && this.#matches(row, query, relations),
    );
    const groupOf = (row: Row): Group =>
      (query.breakdowns ?? []).map((column) =>
        this.#keyValue(column, this.#read(row, column, query, relations)),
      );
    const compute = (rows: Row[], from: number, to: number, list: readonly Calculation[]): OracleGroup => {
      const values: Record<string, Value | null> = {};
      const heat: Record<string, [number, number][]> = {};
      for (const calculation of list) {
        const name =
          calculation.name ??
          (calculation.column === undefined ? calculation.op : `${calculation.op}(${calculation.column})`);
        const chosen = rows.filter((row) =>
          this.#passes(row, calculation.filters ?? [], calculation.filter_combination),
        );
        const weigh = (row: Row): number => (query.usage_mode ? 1 : row.weight);
        if (calculation.op === 'CONCURRENCY') {
          let covered = 0;
          for (const row of chosen)
            if (row.end !== null)
              covered += weigh(row) * Math.max(0, Math.min(row.end, to) - Math.max(row.time, from));
          values[name] = to > from ? covered / (to - from) : 0;
          continue;
        }
        const inside = chosen.filter((row) => row.time >= from && row.time < to);
        const cells = inside.flatMap((row): [Value | null, number][] =>
          calculation.column === undefined
            ? [[1, weigh(row)]]
            : [[this.#read(row, calculation.column, query, relations), weigh(row)]],
        );
        if (calculation.op === 'HEATMAP') heat[name] = numbers(cells);
        else values[name] = aggregate(calculation.op, cells);
      }
      return { group: [], values, heat, havings: true };
    };
    const groups = new Map<string, { group: Group; rows: Row[] }>();
    if (!query.breakdowns?.length) groups.set('[]', { group: [], rows: [] });
    for (const row of matching) {
      const group = groupOf(row);
      const key = JSON.stringify(group);
      const found = groups.get(key) ?? { group, rows: [] };
      found.rows.push(row);
      groups.set(key, found);
    }
    const answer: OracleAnswer = { startMs, endMs, bucketMs, groups: [], series: new Map() };
    for (const { group, rows } of groups.values()) {
      const computed = compute(rows, startMs, endMs, calculations);
      const values = withFormulas(query, trees, computed.values);
      const havings = (query.havings ?? []).every(({ calculate_op, column, op, value }) => {
        const plain = column === undefined ? String(calculate_op) : `${calculate_op}(${column})`;
        const held = values[column !== undefined && column in values ? column : plain];
        return held !== null && held !== undefined && holds(Number(held), op, value);
      });
      answer.groups.push({ ...computed, values, group, havings });
    }
    for (let at = Math.floor(startMs / bucketMs) * bucketMs; at < endMs; at += bucketMs) {
      const [from, to] = [Math.max(at, startMs), Math.min(at + bucketMs, endMs)];
      const byGroup = new Map<string, OracleGroup>();
      for (const [key, { group, rows }] of groups) {
        const touching = rows.filter(
          (row) => row.time < to && (row.time >= from || (row.end ?? row.time) > from),
        );
        byGroup.set(key, { ...compute(touching, from, to, calculations), group });
      }
      answer.series.set(at, byGroup);
    }
    // RATE_x in the series: the difference to the bucket before.
    for (const key of groups.keys()) {
      let before: Record<string, Value | null> | null = null;
      for (const byGroup of answer.series.values()) {
        const item = byGroup.get(key) as OracleGroup;
        const plain = { ...item.values };
        for (const name of Object.keys(plain)) {
          if (!name.startsWith('RATE_')) continue;
          const [now, then] = [plain[name], before?.[name]];
          item.values[name] = typeof now === 'number' && typeof then === 'number' ? now - then : null;
        }
        before = plain;
        item.values = withFormulas(query, trees, item.values);
      }
    }
    return answer;
  }

  /** A group's value has the type that all values of its column have, else it is a text. */
  #keyValue(column: string, value: Value | null): Value | null {
    if (value === null) return null;
    const name = PREFIX.exec(column)?.[2] ?? column;
    if (this.#numeric.has(name)) return value;
    const kinds = TEXT_MODEL.has(name) ? new Set(['string']) : (this.#kinds.get(name) ?? new Set());
    return kinds.size === 1 ? value : String(value);
  }

  #read(row: Row, column: string, query: QuerySpec, relations: Relations): Value | null {
    const match = PREFIX.exec(column);
    if (!match) return row.fields.get(column) ?? null;
    const [, relation, name] = match as unknown as [string, string, string];
    const own = (query.filters ?? []).filter((filter) => filter.column.startsWith(`${relation}.`));
    const found = relations
      .of(row, relation)
      .filter((other) =>
        own.every((filter) =>
          satisfies(other, filter, filter.column.slice(relation.length + 1), this.#numeric),
        ),
      )
      .sort(
        (a, b) =>
          a.time - b.time || order(a.fields.get('trace.span_id') ?? '', b.fields.get('trace.span_id') ?? ''),
      )[0];
    return found?.fields.get(name) ?? null;
  }

  #passes(row: Row, filters: readonly Filter[], combination: 'AND' | 'OR' | undefined): boolean {
    if (filters.length === 0) return true;
    const held = filters.map((filter) => satisfies(row, filter, filter.column, this.#numeric));
    return combination === 'OR' ? held.some(Boolean) : held.every(Boolean);
  }

  #matches(row: Row, query: QuerySpec, relations: Relations): boolean {
    const filters = query.filters ?? [];
    if (filters.length === 0) return true;
    const holdsAll = (relation: string, list: Filter[]): boolean => {
      const there = relations
        .of(row, relation === 'none' ? 'any' : relation)
        .some((other) =>
          list.every((filter) =>
            satisfies(other, filter, filter.column.slice(relation.length + 1), this.#numeric),
          ),
        );
      return relation === 'none' ? !there : there;
    };
    const plain = filters.filter((filter) => !PREFIX.test(filter.column));
    const related = filters.filter((filter) => PREFIX.test(filter.column));
    const relationOf = (filter: Filter): string =>
      (PREFIX.exec(filter.column) as RegExpExecArray)[1] as string;
    if (query.filter_combination === 'OR')
      return plain.some((filter) => satisfies(row, filter, filter.column, this.#numeric));
    const groups = Map.groupBy(related, relationOf);
    return (
      plain.every((filter) => satisfies(row, filter, filter.column, this.#numeric)) &&
      [...groups].every(([relation, list]) => holdsAll(relation, list))
    );
  }
}

/** The results with those of the formulas. */
function withFormulas(
  query: QuerySpec,
  trees: Trees,
  values: Record<string, Value | null>,
): Record<string, Value | null> {
  const event = { read: (name: string) => values[name] ?? null, seconds: 0 };
  const formulas = (query.formulas ?? []).map(
    ({ name }) => [name, evaluate(trees.get(name) as Tree, event)] as const,
  );
  return { ...values, ...Object.fromEntries(formulas) };
}
