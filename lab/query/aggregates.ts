import type { Dialect } from './dialect/index.ts';

/** SQL of single aggregates. Values stand in columns v0, v1 …, the weight in w. */

export function numberAggregate(op: string, v: string, weighted: boolean, dialect: Dialect): string {
  switch (op.replace('RATE_', '')) {
    case 'SUM':
      return `coalesce(${dialect.sum(weighted ? `${v} * w` : v)}, 0)`;
    case 'AVG':
      return weighted
        ? `${dialect.sum(`${v} * w`)} / ${dialect.sum(`case when ${v} is not null then w end`)}`
        : dialect.average(v);
    case 'MAX':
      return dialect.maximum(v);
    default:
      return dialect.minimum(v);
  }
}

/** Adds to each row, for every value with percentiles: how much weight lies up to it (u) and in all (n). */
export function ranked(
  base: string,
  groups: readonly string[],
  shares: ReadonlyMap<number, readonly number[]>,
  dialect: Dialect,
): string {
  if (shares.size === 0) return base;
  const by = groups.length > 0 ? `partition by ${groups.join(', ')} ` : '';
  const windows = [...shares.keys()].flatMap((value) => {
    // As doubles: a running sum of integers is a 128-bit one, which takes twice the time.
    const weight = dialect.sum(`case when v${value} is not null then w else 0 end`);
    return [
      // The same order twice, so that one sort does for both.
      `(${weight} over (${by}order by v${value} nulls last rows unbounded preceding)) as u${value}`,
      `(${weight} over (${by}order by v${value} nulls last rows between unbounded preceding and unbounded following)) as n${value}`,
    ];
  });
  return `select *, ${windows.join(', ')} from (${base})`;
}

/**
 * The interpolated quantile of the values, each repeated as often as its weight says. With n values in all it
 * lies at position share * (n - 1), counted from 0; value number k is the least whose running weight exceeds k.
 */
export function weightedQuantile(value: number, share: number): string {
  const position = `${share} * (n${value} - 1)`;
  const at = (rank: string): string => `min(case when u${value} > ${rank}(${position}) then v${value} end)`;
  const rest = `max(${position} - floor(${position}))`;
  return `(${at('floor')} + (${at('ceil')} - ${at('floor')}) * ${rest})`;
}
