import { nearestName } from '@workshop/telemetry';
import type { QueryProblem } from '../problems.ts';
import { CALCULATION_OPS, METRIC_OPS, RELATIONS } from '../spec.ts';

/** Limits of Honeycomb's schema. */
const MAX_ITEMS = 100;
const MAX_COLUMN = 255;

export type Fields = Record<string, unknown>;

/** Collects what is wrong with an input; the pieces that every kind of field is checked with. */
export class Check {
  readonly problems: QueryProblem[] = [];
  readonly #metricOps = new Set<unknown>();

  column(value: unknown, path: string): void {
    if (value === undefined || value === null) {
      this.add(path, 'missing', 'the name of a column is needed');
      return;
    }
    if (typeof value !== 'string') {
      this.add(path, 'incorrect_type', 'the name of a column is a text');
      return;
    }
    if (value.length === 0 || value.length > MAX_COLUMN) {
      this.add(path, 'invalid', `the name of a column has 1 to ${MAX_COLUMN} characters`);
      return;
    }
    if ((RELATIONS as readonly string[]).some((relation) => value === `${relation}.`)) {
      this.add(path, 'invalid', 'a column name must follow the prefix');
    }
  }

  operation(path: string, op: unknown): boolean {
    if (op === undefined || op === null) {
      this.add(
        path,
        'missing',
        `an operation is needed: ${CALCULATION_OPS.slice(0, 8).join(', ')}, P50, P95 …`,
      );
      return false;
    }
    if ((METRIC_OPS as readonly unknown[]).includes(op)) {
      // What a having or an order repeats of the calculations is not told again.
      if (!this.#metricOps.has(op)) this.add(path, 'unsupported', metricsOnly(op as string));
      this.#metricOps.add(op);
      return false;
    }
    const [word, direction] = typeof op === 'string' ? op.split(' ') : [];
    if (direction && (CALCULATION_OPS as readonly unknown[]).includes(word?.toUpperCase())) {
      const hint = /^desc/i.test(direction)
        ? '"order": "descending"'
        : 'what belongs to it in fields of its own';
      this.add(
        path,
        'invalid',
        `${JSON.stringify(op)} is more than an operation; write "${word?.toUpperCase()}", and ${hint}`,
      );
      return false;
    }
    return this.oneOf(path, op, CALCULATION_OPS);
  }

  /** Honeycomb's own queries carry an empty one; a join of data sets is not a thing of traces. */
  joinColumn(item: Fields, path: string): void {
    const { join_column } = item;
    if (join_column === undefined || join_column === null || join_column === '') return;
    this.add(`${path}.join_column`, 'unsupported', 'the lab joins no data sets; leave it out');
  }

  oneOf(path: string, value: unknown, allowed: readonly string[]): boolean {
    if (value === undefined || (typeof value === 'string' && allowed.includes(value))) return true;
    const near = typeof value === 'string' ? nearestName(value, allowed)?.candidate : undefined;
    const hint = near ? `did you mean ${near}?` : `use one of ${allowed.join(', ')}`;
    this.add(path, 'invalid', `${JSON.stringify(value)} is not known; ${hint}`);
    return false;
  }

  integer(path: string, value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): void {
    if (value === undefined) return;
    if (typeof value !== 'number' || !Number.isInteger(value))
      this.add(path, 'incorrect_type', 'a whole number is needed');
    else if (value < least || value > most) {
      const upper = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `from ${least} to ${most}`;
      this.add(path, 'invalid', `it is ${upper}; this is ${value}`);
    }
  }

  list(path: string, value: unknown, each: (item: unknown, path: string) => void): void {
    if (value === undefined || value === null) return;
    if (!Array.isArray(value)) {
      this.add(path, 'incorrect_type', 'a list is needed');
      return;
    }
    if (value.length > MAX_ITEMS) {
      this.add(path, 'invalid', `at most ${MAX_ITEMS} items; this has ${value.length}`);
      return;
    }
    value.forEach((item, index) => {
      each(item, `${path}[${index}]`);
    });
  }

  keys(item: Fields, path: string, allowed: readonly string[]): void {
    for (const key of Object.keys(item)) {
      if (allowed.includes(key)) continue;
      const near = nearestName(key, allowed)?.candidate;
      this.add(
        `${path}.${key}`,
        'invalid',
        `this is not a field here${near ? `; did you mean ${near}?` : ''}`,
      );
    }
  }

  add(field: string, code: QueryProblem['code'], description: string): void {
    this.problems.push({ field, code, description });
  }
}

/** Of an operation or a function that Honeycomb has for its data sets of metrics. */
export function metricsOnly(name: string): string {
  return `${name} reads metrics, and the lab holds traces only`;
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isScalar(value: unknown): boolean {
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  );
}
