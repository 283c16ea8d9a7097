import type { SqlRow } from '../store/index.ts';
import { type Expression, evaluateFormula, parseExpression } from './expression/index.ts';
import type { Group } from './groups.ts';
import type { QueryColumns } from './query-columns.ts';
import type { ResultData, ResultValue } from './result.ts';
import { type Calculation, calculationsOf, type QuerySpec, resultKey, splitRelation } from './spec.ts';

/** How the rows of the statements become results: b0, b1 … are the group, c0, c1 … the calculations. */
export class ResultRows {
  readonly calculations: readonly Calculation[];
  readonly #breakdowns: readonly { column: string; boolean: boolean }[];
  readonly #formulas: readonly { name: string; expression: Expression }[];
  readonly #places: ReadonlyMap<string, string>;

  constructor(spec: QuerySpec, columns: QueryColumns) {
    this.calculations = calculationsOf(spec);
    this.#breakdowns = (spec.breakdowns ?? []).map((column) => ({
      column,
      boolean: columns.valueType(splitRelation(column)[1]) === 'boolean',
    }));
    this.#formulas = (spec.formulas ?? []).map(({ name, expression }) => ({
      name,
      expression: parseExpression(expression),
    }));
    this.#places = new Map(this.calculations.map((item, index) => [resultKey(item), `c${index}`]));
  }

  /** The group as it is shown. */
  groupOf(row: SqlRow): ResultData {
    return Object.fromEntries(
      this.#breakdowns.map(({ column, boolean }, index) => {
        const value = (row[`b${index}`] ?? null) as ResultValue;
        return [column, boolean && value !== null ? value === 'true' : value];
      }),
    );
  }

  /** The formulas' values, which stand in the place of the calculations'; without formulas those. */
  valuesOf(row: SqlRow): ResultData {
    if (this.#formulas.length > 0) {
      const resultOf = (name: string) => (row[this.#places.get(name) as string] ?? null) as number | null;
      return Object.fromEntries(
        this.#formulas.map(({ name, expression }) => [name, evaluateFormula(expression, resultOf)]),
      );
    }
    const shown = this.calculations.flatMap((calculation, index) =>
      calculation.op === 'HEATMAP'
        ? []
        : [[resultKey(calculation), (row[`c${index}`] ?? null) as ResultValue] as const],
    );
    return Object.fromEntries(shown);
  }

  groupValues(row: SqlRow): Group {
    return this.#breakdowns.map((_, index) => (row[`b${index}`] ?? null) as Group[number]);
  }

  keyOf(row: SqlRow): string {
    return JSON.stringify(this.groupValues(row));
  }
}
