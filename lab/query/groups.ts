import type { Dialect } from './dialect/index.ts';
import type { RowsInQuestion } from './rows-in-question.ts';
import type { Parameters } from './statement.ts';

/** The values of a group's breakdowns, as the statements return them. */
export type Group = readonly (string | number | null)[];

/** Names of the columns that hold the breakdowns: b0, b1 … */
export function groupNames(breakdowns: readonly string[]): string[] {
  return breakdowns.map((_, index) => `b${index}`);
}

/** The breakdowns' values on a row, under those names. */
export function groupKeys(rows: RowsInQuestion, breakdowns: readonly string[]): string[] {
  return breakdowns.map((column, index) => `${rows.key(column)} as b${index}`);
}

/**
 * Keeps the rows of the given groups. Their values are few, so they come as parameters.
 * @param only null: all groups
 */
export function ofGroups(
  sql: string,
  groups: readonly string[],
  only: readonly Group[] | null,
  dialect: Dialect,
  parameters: Parameters,
): string {
  if (only === null || groups.length === 0) return sql;
  const value = (item: Group[number]): string => (item === null ? 'null' : parameters.add(item));
  // Other names than the rows have: a database that finds one twice shows it with its table's name.
  const names = groups.map((_, index) => `g${index}`);
  const wanted = dialect.constants(
    't',
    names,
    only.map((group) => group.map(value)),
  );
  const on = groups.map((group, index) => dialect.sameOrNull(`t.g${index}`, `x.${group}`)).join(' and ');
  return `select x.* from (${sql}) x join ${wanted} on ${on}`;
}
