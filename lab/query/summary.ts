import { expressionSql, parseExpression } from './expression/index.ts';
import { groupedSql } from './grouped.ts';
import type { Compilation } from './rows-in-question.ts';
import { type Calculation, type CalculationOp, resultKey } from './spec.ts';
import type { Parameters } from './statement.ts';

/** The groups with their calculations, less those that a having leaves out, ordered and limited. */
export function summarySql(
  compilation: Compilation,
  calculations: readonly Calculation[],
  breakdowns: readonly string[],
  parameters: Parameters,
  limit: number,
): string {
  const { havings = [] } = compilation.spec;
  const grouped = groupedSql(compilation, calculations, breakdowns, parameters, null);
  const terms = new Terms(compilation, calculations, parameters);
  const conditions = havings.map(({ calculate_op, column, op, value }) => {
    const term = terms.named(column) ?? terms.calculated(calculate_op, column);
    return `${term} ${op === '!=' ? '<>' : op} ${parameters.add(value)}`;
  });
  const where = conditions.length > 0 ? ` where ${conditions.join(' and ')}` : '';
  const orders = orderTerms(compilation, calculations, breakdowns, terms);
  const order = orders.length > 0 ? ` order by ${orders.join(', ')}` : '';
  return `select * from (${grouped})${where}${order} limit ${Math.trunc(limit)}`;
}

/** What havings and orders name, as SQL over the grouped rows. */
class Terms {
  readonly #compilation: Compilation;
  readonly #calculations: readonly Calculation[];
  readonly #parameters: Parameters;

  constructor(compilation: Compilation, calculations: readonly Calculation[], parameters: Parameters) {
    this.#compilation = compilation;
    this.#calculations = calculations;
    this.#parameters = parameters;
  }

  /** A calculation or a formula by its name. */
  named(name: string | undefined): string | null {
    const index = this.#calculations.findIndex((item) => item.name !== undefined && item.name === name);
    if (index >= 0) return `c${index}`;
    const formula = this.#compilation.spec.formulas?.find((item) => item.name === name);
    return formula ? this.#formula(formula.expression) : null;
  }

  /** A calculation by what it does. A named one goes by its name, so the plain one comes first. */
  calculated(op: CalculationOp | undefined, column: string | undefined): string | null {
    const same = (item: Calculation) => item.op === op && item.column === column;
    const plain = this.#calculations.findIndex((item) => same(item) && item.name === undefined);
    const index = plain >= 0 ? plain : this.#calculations.findIndex(same);
    return index >= 0 ? `c${index}` : null;
  }

  #formula(text: string): string {
    const places = new Map(this.#calculations.map((item, index) => [resultKey(item), `c${index}`]));
    const typed = expressionSql(parseExpression(text), {
      dialect: this.#compilation.dialect,
      column: (name) => ({ number: () => places.get(name) as string }),
      literal: (value) => this.#parameters.add(value),
      eventSeconds: () => 'null',
      receivedSeconds: () => 'null',
    });
    const { dialect } = this.#compilation;
    return typed.number?.() ?? (typed.boolean ? dialect.truthAsNumber(typed.boolean()) : 'null');
  }
}

/** The given orders, else the first result downwards; then the groups, so that ties stay in place. */
function orderTerms(
  { spec }: Compilation,
  calculations: readonly Calculation[],
  breakdowns: readonly string[],
  terms: Terms,
): string[] {
  const given = (spec.orders ?? []).map(({ op, column, order }) => {
    const result = terms.named(column) ?? terms.calculated(op, column);
    const term = result ?? `b${breakdowns.indexOf(column as string)}`;
    return `${term} ${order === 'descending' ? 'desc' : 'asc'} nulls last`;
  });
  const results = given.length > 0 ? given : firstResult(spec, calculations, terms);
  return [...results, ...breakdowns.map((_, index) => `b${index} asc nulls last`)];
}

function firstResult(
  { formulas }: Compilation['spec'],
  calculations: readonly Calculation[],
  terms: Terms,
): string[] {
  const first = formulas?.[0]
    ? terms.named(formulas[0].name)
    : calculations.flatMap((item, index) => (item.op === 'HEATMAP' ? [] : [`c${index}`]))[0];
  return first ? [`${first} desc nulls last`] : [];
}
