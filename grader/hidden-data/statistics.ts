/** What a query can say of a list of numbers, in plain TypeScript: the other opinion beside the engine's SQL. */
export const STATISTICS = {
  P50: (sorted: readonly number[]) => percentile(sorted, 0.5),
  P75: (sorted: readonly number[]) => percentile(sorted, 0.75),
  P90: (sorted: readonly number[]) => percentile(sorted, 0.9),
  P95: (sorted: readonly number[]) => percentile(sorted, 0.95),
  P99: (sorted: readonly number[]) => percentile(sorted, 0.99),
  P999: (sorted: readonly number[]) => percentile(sorted, 0.999),
  AVG: (sorted: readonly number[]) => sum(sorted) / sorted.length,
  SUM: (sorted: readonly number[]) => sum(sorted),
  MAX: (sorted: readonly number[]) => sorted[sorted.length - 1] as number,
  MIN: (sorted: readonly number[]) => sorted[0] as number,
} as const;
export type Statistic = keyof typeof STATISTICS;

/**
 * The interpolated percentile: with n values it lies at position share * (n - 1), counted from 0.
 * @param sorted ascending, at least one
 */
export function percentile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const low = sorted[Math.floor(position)] as number;
  const high = sorted[Math.ceil(position)] as number;
  return low + (high - low) * (position - Math.floor(position));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
