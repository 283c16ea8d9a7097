import type { SqlParameter } from '../store/index.ts';
import type { Dialect } from './dialect/index.ts';

/** Collects the parameters of one SQL statement. Every value and every attribute name passes through here. */
export class Parameters {
  readonly values: SqlParameter[] = [];
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
}

export interface Statement {
  sql: string;
  parameters: readonly SqlParameter[];
}
