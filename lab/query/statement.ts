import type { SqlParameter, TimeWindow } from '../store/index.ts';
import type { Dialect } from './dialect/index.ts';

/** Collects the parameters of one SQL statement. Every value and every attribute name passes through here. */
export class Parameters {
  readonly values: SqlParameter[] = [];
  #within: TimeWindow | undefined;
  readonly #seen = new Map<string, string>();
  readonly #dialect: Dialect;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** @returns the placeholder; the same value gets the same one */
  add(value: string | number | boolean): string {
    const key = `${typeof value} ${value}`;
    let placeholder = this.#seen.get(key);
    if (placeholder === undefined) {
      this.values.push(value);
      placeholder = this.#dialect.placeholder(this.values.length, value);
      this.#seen.set(key, placeholder);
    }
    return placeholder;
  }

  /** The statement reads rows of this time, Unix milliseconds, beside those that it was said to read before. */
  reads(fromMs: number, toMs: number): void {
    const [from, to] = this.#within ?? [fromMs, toMs];
    this.#within = [Math.min(from, fromMs), Math.max(to, toMs)];
  }

  /** The statement that was written with these parameters. */
  statement(sql: string): Statement {
    return { sql, parameters: this.values, within: this.#within };
  }
}

export interface Statement {
  sql: string;
  parameters: readonly SqlParameter[];
  /** rows of another time do not matter */
  within?: TimeWindow;
}
