// Not through the store's door: that one loads DuckDB.
import { IS_ROOT, storedColumn } from '../store/columns.ts';
import type { Dialect } from './dialect/index.ts';
import { type Expression, expressionSql, type TypedSql, textSql } from './expression/index.ts';
import type { QueryColumns } from './query-columns.ts';
import type { Filter } from './spec.ts';
import type { Parameters } from './statement.ts';

/** SQL for the columns of a row and for the filters on them. */
export class Fields {
  readonly #dialect: Dialect;
  readonly #parameters: Parameters;
  readonly #columns: QueryColumns;
  /** tables whose resources are read, too */
  readonly withResources = new Set<string>();

  constructor(columns: QueryColumns, parameters: Parameters) {
    this.#dialect = columns.dialect;
    this.#parameters = parameters;
    this.#columns = columns;
  }

  /** The column as it is stored: a number for durations and codes, else text. A calculated one as it would be. */
  raw(name: string, table: string): string {
    const expression = this.#columns.expression(name);
    if (!expression) return this.#stored(name, table);
    const typed = this.#calculated(expression, table);
    return this.#columns.isNumeric(name) ? (typed.number?.() as string) : textSql(typed, this.#dialect);
  }

  #calculated(expression: Expression, table: string): TypedSql {
    return expressionSql(expression, {
      dialect: this.#dialect,
      column: (name) => this.#typed(name, table),
      literal: (value) => this.#parameters.add(value),
      eventSeconds: () => `(${table}.start_ms / 1000)`,
      receivedSeconds: () => `(coalesce(${table}.received_ms, ${table}.start_ms) / 1000)`,
    });
  }

  /** A column for an expression. A stored one has one type, as in Honeycomb: that of all its values, else text. */
  #typed(name: string, table: string): TypedSql {
    const expression = this.#columns.expression(name);
    if (expression) return this.#calculated(expression, table);
    const type = this.#columns.valueType(name);
    if (type === 'number') return { number: () => this.number(name, table) };
    if (type === 'boolean') return { boolean: () => `(${this.#stored(name, table)} = 'true')` };
    return { text: () => this.#stored(name, table) };
  }

  #stored(name: string, table: string): string {
    if (name === 'meta.signal_type') return this.#parameters.add('trace');
    if (name === IS_ROOT) return this.#dialect.truthAsText(`${table}.parent_id is null`);
    const stored = storedColumn(name);
    if (stored) return `${table}.${stored.sql}`;
    const key = this.#parameters.add(name);
    const { catalogue } = this.#columns;
    // The nearer one counts, as in Honeycomb: the span's own, its scope's, its resource's.
    const places = [this.#dialect.attribute(table, key)];
    if (catalogue.isInScopes(name)) places.push(this.#dialect.sharedAttribute(table, key, 'scope'));
    if (catalogue.isInResources(name)) places.push(this.#dialect.sharedAttribute(table, key, 'resource'));
    if (places.length === 1) return places[0] as string;
    this.withResources.add(table);
    return `coalesce(${places.join(', ')})`;
  }

  /** `spans s`, with the resources of its rows when one of the columns asked for so far needs them. */
  table(table: string): string {
    return `spans ${table}${this.withResources.has(table) ? this.#dialect.joinShared(table) : ''}`;
  }

  number(name: string, table: string): string {
    const expression = this.#columns.expression(name);
    if (expression) return this.#calculatedNumber(this.#calculated(expression, table));
    const raw = this.#stored(name, table);
    return this.#columns.isNumeric(name) ? raw : this.#dialect.toNumber(raw);
  }

  #calculatedNumber({ number, text }: TypedSql): string {
    const parts = [number?.(), text && this.#dialect.toNumber(text())].filter((part) => part !== undefined);
    return parts.length > 1 ? `coalesce(${parts.join(', ')})` : (parts[0] ?? this.#dialect.noNumber());
  }

  /** A value to group by: typed as the column is. */
  key(name: string, table: string): string {
    return this.#columns.valueType(name) === 'number' ? this.number(name, table) : this.raw(name, table);
  }

  /** A condition that is true, false or null; a row without the column satisfies negations only. */
  condition(filter: Filter, name: string, table: string): string {
    const { op } = filter;
    if (op === 'exists') return `${this.raw(name, table)} is not null`;
    if (op === 'does-not-exist') return `${this.raw(name, table)} is null`;
    if (op === '!=') return negate(this.#compare('=', filter.value as never, name, table));
    if (op === 'in' || op === 'not-in') {
      const values = filter.value as (string | number | boolean)[];
      const any = values.map((value) => this.#compare('=', value, name, table)).join(' or ');
      return op === 'in' ? `(${any})` : negate(any);
    }
    if (op === '=' || op === '<' || op === '<=' || op === '>' || op === '>=') {
      return this.#compare(op, filter.value as never, name, table);
    }
    const raw = this.raw(name, table);
    const text = this.#columns.isNumeric(name) ? this.#dialect.toText(raw) : raw;
    const part = this.#parameters.add(filter.value as string);
    const positive = op
      .replace('does-not-start', 'starts')
      .replace('does-not-end', 'ends')
      .replace('does-not-contain', 'contains');
    const match =
      positive === 'starts-with'
        ? this.#dialect.startsWith(text, part)
        : positive === 'ends-with'
          ? this.#dialect.endsWith(text, part)
          : this.#dialect.contains(text, part);
    return positive === op ? match : negate(match);
  }

  /** A number compares as a number, everything else as text. */
  #compare(op: string, value: string | number | boolean, name: string, table: string): string {
    if (typeof value === 'number') return `${this.number(name, table)} ${op} ${this.#parameters.add(value)}`;
    if (this.#columns.isNumeric(name)) {
      // A stored number has no text of its own: a text that is not a number equals none.
      const number = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : Number.NaN;
      return Number.isFinite(number)
        ? `${this.raw(name, table)} ${op} ${this.#parameters.add(number)}`
        : '(false)';
    }
    return `${this.raw(name, table)} ${op} ${this.#parameters.add(String(value))}`;
  }
}

/** A text that reads as a number, to the database as to us: no hex, no words. */
const DECIMAL = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

function negate(condition: string): string {
  return `not coalesce(${condition}, false)`;
}
