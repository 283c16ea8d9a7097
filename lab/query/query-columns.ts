// Not through the store's door: that one loads DuckDB.
import { IS_ROOT, storedColumn } from '../store/columns.ts';
import type { Catalogue } from '../store/index.ts';
import type { Dialect } from './dialect/index.ts';
import { type Expression, expressionSql, parseExpression } from './expression/index.ts';
import type { CalculatedField } from './spec.ts';

/** How a column's values are compared and returned. */
export type ValueType = 'number' | 'boolean' | 'text';

/** The columns that a query can name: those of the model, every attribute ever stored, and its calculated fields. */
export class QueryColumns {
  readonly catalogue: Catalogue;
  readonly dialect: Dialect;
  readonly #calculated = new Map<string, Expression>();
  readonly #types = new Map<string, readonly ValueType[]>();

  /** @param fields valid ones; of two with one name the later counts */
  constructor(catalogue: Catalogue, dialect: Dialect, fields: readonly CalculatedField[] = []) {
    this.catalogue = catalogue;
    this.dialect = dialect;
    for (const { name, expression } of fields) this.#calculated.set(name, parseExpression(expression));
  }

  /** The expression behind a name; undefined when it is a stored column. */
  expression(name: string): Expression | undefined {
    return this.#calculated.get(name);
  }

  /** One type for a column: numbers if all its values are numbers, booleans if all are, else text. */
  valueType(name: string): ValueType {
    const [type, ...others] = this.#typesOf(name);
    return type !== undefined && others.length === 0 ? type : 'text';
  }

  /** Whether a row holds the column as a number, and not as a text that may be one. */
  isNumeric(name: string): boolean {
    if (this.#calculated.has(name)) return this.valueType(name) === 'number';
    const storage = storedColumn(name)?.storage;
    return storage === 'DOUBLE' || storage === 'INTEGER';
  }

  #typesOf(name: string): readonly ValueType[] {
    const known = this.#types.get(name);
    if (known) return known;
    const expression = this.#calculated.get(name);
    const types = expression ? this.#typesOfExpression(expression) : this.#typesStored(name);
    this.#types.set(name, types);
    return types;
  }

  #typesStored(name: string): ValueType[] {
    const stored = name === IS_ROOT ? 'boolean' : storedColumn(name)?.type;
    const seen = stored ? [stored] : this.catalogue.types(name);
    return [
      ...new Set(
        seen.map(
          (type): ValueType =>
            type === 'integer' || type === 'float' ? 'number' : type === 'boolean' ? 'boolean' : 'text',
        ),
      ),
    ];
  }

  /** An expression has the types for which its SQL has parts; the parts themselves are not written. */
  #typesOfExpression(expression: Expression): ValueType[] {
    const sql = () => '';
    const typed = expressionSql(expression, {
      dialect: this.dialect,
      column: (name) => ({ [this.valueType(name)]: sql }),
      literal: sql,
      eventSeconds: sql,
      receivedSeconds: sql,
    });
    return Object.keys(typed) as ValueType[];
  }
}
