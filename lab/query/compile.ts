import { numberAggregate, ranked, weightedQuantile } from './aggregates.ts';
import { type Compilation, RowsInQuestion } from './rows-in-question.ts';
import { type Calculation, type Having, type Order, PERCENTILES } from './spec.ts';
import { Parameters, type Statement } from './statement.ts';
import { type TimeGrid } from './time.ts';

/** A heatmap's bins: bin n holds values from `min + n * step`. */
export interface Bins {
  min: number;
  step: number;
  count: number;
}

/** The values of a group's breakdowns, as the statements return them. */
export type Group = readonly (string | number | null)[];

/**
 * One query, compiled. Columns of the statements: b0, b1 … the breakdowns, c0, c1 … the calculations, `ts` the
 * number of the bucket.
 */
export interface CompiledQuery {
  calculations: readonly Calculation[];
  grid: TimeGrid;
  /** one row for each group, filtered, ordered and limited */
  summary(limit: number): Statement;
  /** the calculations over all groups as one */
  total(): Statement;
  /** one row for each group and bucket that has rows; `only`: of these groups */
  series(only: readonly Group[] | null): Statement;
  /** average number of spans at work in each bucket, as c0 */
  concurrency(only: readonly Group[] | null): Statement;
  /** lowest and highest value of a heatmap's column, as `low` and `high` */
  heatmapRange(calculation: Calculation): Statement;
  /** weight in each bin, as `bin` and `n` */
  heatmap(calculation: Calculation, bins: Bins, only: readonly Group[] | null): Statement;
}

export function calculationsOf(compilation: Pick<Compilation, 'spec'>): readonly Calculation[] {
  const given = compilation.spec.calculations ?? [];
  return given.length > 0 ? given : [{ op: 'COUNT' }];
}

/** Honeycomb's query -> SQL. Values and attribute names are parameters, always. */
export function compile(compilation: Compilation): CompiledQuery {
  const { spec, grid, dialect } = compilation;
  const calculations = calculationsOf(compilation);
  const breakdowns = spec.breakdowns ?? [];
  const groups = breakdowns.map((_, index) => `b${index}`);
  const statement = (write: (parameters: Parameters) => string): Statement => {
    const parameters = new Parameters(dialect);
    return { sql: write(parameters), parameters: parameters.values };
  };

  /** Keeps the rows of the given groups. Their values are few, so they come as parameters. */
  const withOnly = (sql: string, parameters: Parameters, only: readonly Group[] | null): string => {
    if (only === null || groups.length === 0) return sql;
    const value = (item: Group[number]): string => (item === null ? 'null' : parameters.add(item));
    const rows = only.map((group) => `(${group.map(value).join(', ')})`).join(', ');
    const on = groups.map((group) => dialect.sameOrNull(`t.${group}`, `x.${group}`)).join(' and ');
    return `select x.* from (${sql}) x join (values ${rows}) t(${groups.join(', ')}) on ${on}`;
  };

  return {
    calculations,
    grid,
    summary: (limit) =>
      statement((parameters) => summarySql(compilation, calculations, breakdowns, parameters, limit)),
    total: () => statement((parameters) => groupedSql(compilation, calculations, [], parameters, null)),
    series: (only) =>
      statement((parameters) => {
        const bucket = dialect.bucket('s.start_ms', parameters.add(grid.bucketMs));
        const shown = calculations.map((calculation) =>
          calculation.op === 'CONCURRENCY' ? null : calculation,
        );
        return withOnly(groupedSql(compilation, shown, breakdowns, parameters, bucket), parameters, only);
      }),
    concurrency: (only) =>
      statement((parameters) =>
        withOnly(concurrencySql(compilation, breakdowns, parameters), parameters, only),
      ),
    heatmapRange: (calculation) =>
      statement((parameters) => {
        const rows = new RowsInQuestion(compilation, parameters);
        const value = masked(rows, calculation, rows.number(calculation.column as string), false);
        return `select min(v) as low, max(v) as high from (select ${value} as v ${rows.from(false)})`;
      }),
    heatmap: (calculation, bins, only) =>
      statement((parameters) => {
        const rows = new RowsInQuestion(compilation, parameters);
        const value = masked(rows, calculation, rows.number(calculation.column as string), false);
        const keys = breakdowns.map((column, index) => `${rows.key(column)} as b${index}`);
        const bucket = dialect.bucket('s.start_ms', parameters.add(grid.bucketMs));
        const base = `select ${[...keys, `${bucket} as ts`, `${value} as v`, 's.sample_rate as w'].join(', ')} ${rows.from(false)}`;
        const bin = `least(floor((v - ${parameters.add(bins.min)}) / ${parameters.add(bins.step)}), ${parameters.add(bins.count - 1)})`;
        const weight = compilation.weighted ? dialect.sum('w') : 'count(*)::double';
        const by = [...groups, 'ts', 'bin'].join(', ');
        const sql = `select ${[...groups, 'ts'].join(', ')}, ${bin} as bin, ${weight} as n from (${base}) where v is not null group by ${by}`;
        return withOnly(sql, parameters, only);
      }),
  };
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

function summarySql(
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

/** Value of a calculation's column on a row; null where the calculation does not look at the row. */
function masked(rows: RowsInQuestion, calculation: Calculation, value: string, running: boolean): string {
  const conditions = [rows.calculationFilter(calculation), running ? rows.inWindow() : null].filter(
    (c) => c !== null,
  );
  return conditions.length === 0
    ? value
    : `case when ${conditions.map((c) => `(${c})`).join(' and ')} then ${value} end`;
}

/**
 * The heart: rows with their values (base), with running weights where a weighted percentile needs them
 * (ranked), grouped.
 * @param calculations null: leave its column out
 */
function groupedSql(
  compilation: Compilation,
  calculations: readonly (Calculation | null)[],
  breakdowns: readonly string[],
  parameters: Parameters,
  bucket: string | null,
): string {
  const { dialect, weighted, grid } = compilation;
  const rows = new RowsInQuestion(compilation, parameters);
  const running = calculations.some((calculation) => calculation?.op === 'CONCURRENCY');
  const keys = breakdowns.map((column, index) => `${rows.key(column)} as b${index}`);
  const groups = breakdowns.map((_, index) => `b${index}`);
  if (bucket !== null) {
    keys.push(`${bucket} as ts`);
    groups.push('ts');
  }
  const values: string[] = [];
  const valueIndex = (expression: string): number => {
    const found = values.indexOf(expression);
    return found >= 0 ? found : values.push(expression) - 1;
  };
  /** percentile shares wanted of each value */
  const shares = new Map<number, number[]>();
  const columns: string[] = [];
  /** those that read a list of quantiles, outside the grouping that makes it */
  const fromLists = new Set<string>();
  const names: string[] = [];
  for (const [index, calculation] of calculations.entries()) {
    if (calculation === null || calculation.op === 'HEATMAP') continue;
    const add = (expression: string): void => {
      columns.push(`${expression} as c${index}`);
      names.push(`c${index}`);
    };
    const { op, column } = calculation;
    if (op === 'CONCURRENCY') {
      // Events have no duration, and least() of a missing number would be the other one.
      const length = `greatest(0, least(s.start_ms + s.duration_ms, ${rows.end}) - greatest(s.start_ms, ${rows.start}))`;
      const only = rows.calculationFilter(calculation);
      const value = valueIndex(
        `case when s.duration_ms is not null${only === null ? '' : ` and (${only})`} then ${length} end`,
      );
      add(
        `coalesce(${dialect.sum(weighted ? `v${value} * w` : `v${value}`)}, 0) / ${parameters.add(grid.endMs - grid.startMs)}`,
      );
    } else if (op === 'COUNT') {
      const bare = column === undefined && !calculation.filters?.length && !running;
      if (bare) {
        add(weighted ? `coalesce(${dialect.sum('w')}, 0)` : 'count(*)::double');
        continue;
      }
      const value = valueIndex(
        masked(rows, calculation, column === undefined ? '1' : rows.raw(column), running),
      );
      add(
        weighted
          ? `coalesce(${dialect.sum(`case when v${value} is not null then w end`)}, 0)`
          : `count(v${value})::double`,
      );
    } else if (op === 'COUNT_DISTINCT') {
      add(
        dialect.countDistinct(
          `v${valueIndex(masked(rows, calculation, rows.raw(column as string), running))}`,
        ),
      );
    } else {
      const value = valueIndex(masked(rows, calculation, rows.number(column as string), running));
      const v = `v${value}`;
      if (op in PERCENTILES) {
        const list = shares.get(value) ?? [];
        shares.set(value, list);
        const share = PERCENTILES[op as keyof typeof PERCENTILES];
        if (!list.includes(share)) list.push(share);
        add(weighted ? weightedQuantile(value, share) : dialect.quantile(`q${value}`, list.indexOf(share)));
        fromLists.add(columns.at(-1) as string);
      } else add(numberAggregate(op, v, weighted, dialect.sum));
    }
  }
  const base = `select ${[...keys, 's.sample_rate as w', ...values.map((expression, index) => `${expression} as v${index}`)].join(', ')} ${rows.from(running)}`;
  const by = groups.length > 0 ? ` group by ${groups.join(', ')}` : '';
  if (weighted)
    return `select ${[...groups, ...columns].join(', ') || 'count(*) as one'} from (${ranked(base, groups, shares)})${by}`;
  // All percentiles of one value come from one pass.
  const lists = [...shares].map(([value, list]) => `${dialect.quantiles(`v${value}`, list)} as q${value}`);
  const inner = [...groups, ...columns.filter((column) => !fromLists.has(column)), ...lists];
  const outer = [
    ...groups,
    ...columns.map((column, at) => (fromLists.has(column) ? column : (names[at] as string))),
  ];
  const grouped = `select ${inner.join(', ') || 'count(*) as one'} from (${base})${by}`;
  return lists.length > 0 ? `select ${outer.join(', ')} from (${grouped})` : grouped;
}

function concurrencySql(
  compilation: Compilation,
  breakdowns: readonly string[],
  parameters: Parameters,
): string {
  const { dialect, grid, weighted } = compilation;
  const calculation = calculationsOf(compilation).find((item) => item.op === 'CONCURRENCY') as Calculation;
  const rows = new RowsInQuestion(compilation, parameters);
  const keys = breakdowns.map((column, index) => `${rows.key(column)} as b${index}`);
  const groups = breakdowns.map((_, index) => `b${index}`);
  const [start, end, width] = [rows.start, rows.end, parameters.add(grid.bucketMs)];
  const from = `greatest(s.start_ms, ${start})`;
  const to = `least(s.start_ms + s.duration_ms, ${end})`;
  const only = rows.calculationFilter(calculation);
  const base = `select ${[...keys, 's.sample_rate as w', `${from} as t0`, `${to} as t1`].join(', ')} ${rows.from(true)} and s.duration_ms > 0${only ? ` and (${only})` : ''}`;
  const buckets = dialect.eachBucket(dialect.bucket('t0', width), dialect.bucket('t1', width));
  const each = `select *, ${buckets} as ts from (${base})`;
  const begin = `greatest(ts * ${width}, ${start})`;
  const finish = `least((ts + 1) * ${width}, ${end})`;
  const share = `greatest(0, least(t1, ${finish}) - greatest(t0, ${begin})) / (${finish} - ${begin})`;
  const by = [...groups, 'ts'].join(', ');
  return `select ${by}, ${dialect.sum(weighted ? `${share} * w` : share)} as c0 from (${each}) where ts * ${width} < ${end} group by ${by}`;
}
