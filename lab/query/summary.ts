import { groupedSql } from './grouped.ts';
import type { Compilation } from './rows-in-question.ts';
import type { Calculation, Having, Order } from './spec.ts';
import type { Parameters } from './statement.ts';

/** The groups with their calculations, less those that a having leaves out, ordered and limited. */
export function summarySql(
  compilation: Compilation,
  calculations: readonly Calculation[],
  breakdowns: readonly string[],
  parameters: Parameters,
  limit: number,
): string {
  const { spec } = compilation;
  const { all, at } = hiddenCalculations(calculations, spec.havings ?? []);
  const grouped = groupedSql(compilation, all, breakdowns, parameters, null);
  const havings = (spec.havings ?? []).map(
    (having, index) =>
      `c${at[index]} ${having.op === '!=' ? '<>' : having.op} ${parameters.add(having.value)}`,
  );
  const where = havings.length > 0 ? ` where ${havings.join(' and ')}` : '';
  const orders = orderTerms(compilation, calculations, breakdowns);
  const order = orders.length > 0 ? ` order by ${orders.join(', ')}` : '';
  return `select * from (${grouped})${where}${order} limit ${Math.trunc(limit)}`;
}

/** A calculation that only a having names is computed too, and not shown. */
function hiddenCalculations(
  calculations: readonly Calculation[],
  havings: readonly Having[],
): { all: Calculation[]; at: number[] } {
  const all = [...calculations];
  const at = havings.map((having) => {
    const named = all.findIndex((item) => item.name !== undefined && item.name === having.column);
    if (named >= 0) return named;
    const found = all.findIndex(
      (item) =>
        item.op === having.calculate_op &&
        (item.column ?? undefined) === (having.column ?? undefined) &&
        !item.filters?.length,
    );
    return found >= 0 ? found : all.push({ op: having.calculate_op, column: having.column }) - 1;
  });
  return { all, at };
}

/** The given orders, else the first calculation downwards; then the groups, so that ties stay in place. */
function orderTerms(
  compilation: Compilation,
  calculations: readonly Calculation[],
  breakdowns: readonly string[],
): string[] {
  const orders = compilation.spec.orders ?? [];
  const terms = orders.map((order) => {
    const direction = order.order === 'descending' ? 'desc' : 'asc';
    const calculation = orderedBy(calculations, order);
    const term = calculation >= 0 ? `c${calculation}` : `b${breakdowns.indexOf(order.column as string)}`;
    return `${term} ${direction} nulls last`;
  });
  const first = calculations.findIndex((item) => item.op !== 'HEATMAP');
  if (orders.length === 0 && first >= 0) terms.push(`c${first} desc nulls last`);
  return [...terms, ...breakdowns.map((_, index) => `b${index} asc nulls last`)];
}

/** Place of the calculation that an order names, or -1. A named one goes by its name, so the plain one comes first. */
function orderedBy(calculations: readonly Calculation[], { op, column }: Order): number {
  if (op === undefined)
    return calculations.findIndex((item) => item.name !== undefined && item.name === column);
  const same = (item: Calculation) => item.op === op && (item.column ?? undefined) === (column ?? undefined);
  const plain = calculations.findIndex((item) => same(item) && item.name === undefined);
  return plain >= 0 ? plain : calculations.findIndex(same);
}
