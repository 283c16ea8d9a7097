import { numberAggregate, weightedQuantile } from './aggregates.ts';
import { timeAtWork } from './concurrency.ts';
import type { Compilation, RowsInQuestion } from './rows-in-question.ts';
import { type Calculation, PERCENTILES } from './spec.ts';
import type { Parameters } from './statement.ts';

interface Column {
  /** c0, c1 …: the place of its calculation */
  name: string;
  sql: string;
  /** it reads a list of quantiles, and so stands outside the grouping that makes the list */
  fromList: boolean;
}

/**
 * The calculations of a statement as columns: over each group's rows, on the values v0, v1 … that they need of
 * every row. Calculations on the same value share it.
 */
export class CalculationColumns {
  readonly columns: Column[] = [];
  /** percentile shares wanted of each value, by its number */
  readonly shares = new Map<number, number[]>();
  readonly #expressions: string[] = [];
  readonly #compilation: Compilation;
  readonly #rows: RowsInQuestion;
  readonly #parameters: Parameters;
  readonly #running: boolean;

  /** @param running the rows are also spans that began before the window and ran into it */
  constructor(compilation: Compilation, rows: RowsInQuestion, parameters: Parameters, running: boolean) {
    this.#compilation = compilation;
    this.#rows = rows;
    this.#parameters = parameters;
    this.#running = running;
  }

  add(name: string, calculation: Calculation): void {
    const fromList = calculation.op in PERCENTILES && !this.#compilation.weighted;
    this.columns.push({ name, sql: `${this.#aggregate(calculation)} as ${name}`, fromList });
  }

  /** The values of a row, under their names. */
  get values(): string[] {
    return this.#expressions.map((expression, index) => `${expression} as v${index}`);
  }

  #aggregate(calculation: Calculation): string {
    const { op } = calculation;
    if (op === 'CONCURRENCY') return this.#concurrency(calculation);
    if (op === 'COUNT') return this.#count(calculation);
    const { dialect, weighted } = this.#compilation;
    const column = calculation.column as string;
    if (op === 'COUNT_DISTINCT')
      return dialect.countDistinct(`v${this.#value(calculation, this.#rows.raw(column))}`);
    const value = this.#value(calculation, this.#rows.number(column));
    if (op in PERCENTILES) return this.#percentile(value, PERCENTILES[op as keyof typeof PERCENTILES]);
    return numberAggregate(op, `v${value}`, weighted, dialect);
  }

  /** Average over the whole window. */
  #concurrency(calculation: Calculation): string {
    const { dialect, weighted, grid } = this.#compilation;
    const v = `v${this.#indexOf(timeAtWork(this.#rows, calculation, dialect))}`;
    const sum = dialect.sum(weighted ? `${v} * w` : v);
    // A window may be empty: nothing is at work in it.
    return `coalesce(${sum}, 0) / ${this.#parameters.add(Math.max(1, grid.endMs - grid.startMs))}`;
  }

  #count(calculation: Calculation): string {
    const { dialect, weighted } = this.#compilation;
    const { column, filters } = calculation;
    if (column === undefined && !filters?.length && !this.#running)
      return weighted ? `coalesce(${dialect.sum('w')}, 0)` : dialect.count();
    const v = `v${this.#value(calculation, column === undefined ? '1' : this.#rows.raw(column))}`;
    return weighted
      ? `coalesce(${dialect.sum(`case when ${v} is not null then w end`)}, 0)`
      : dialect.countOf(v);
  }

  #percentile(value: number, share: number): string {
    const list = this.shares.get(value) ?? [];
    this.shares.set(value, list);
    if (!list.includes(share)) list.push(share);
    const { dialect, weighted } = this.#compilation;
    return weighted ? weightedQuantile(value, share) : dialect.quantile(`q${value}`, list.indexOf(share));
  }

  /** Number of the value that a calculation reads, which is null on rows that it does not look at. */
  #value(calculation: Calculation, expression: string): number {
    return this.#indexOf(this.#rows.masked(calculation, expression, this.#running));
  }

  #indexOf(expression: string): number {
    const found = this.#expressions.indexOf(expression);
    return found >= 0 ? found : this.#expressions.push(expression) - 1;
  }
}
