/** The middle and the ends of several measurements. */
export interface Spread {
  min: number;
  median: number;
  max: number;
}

/** @throws RangeError for no values */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('There is nothing to measure.');
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { min: sorted[0]!, median, max: sorted.at(-1)! };
}

/** Spread of one number of each record, for every name that the records have. */
export function spreadsOf<K extends string>(
  records: readonly Readonly<Record<K, number>>[],
): Record<K, Spread> {
  const names = Object.keys(records[0] ?? {}) as K[];
  return Object.fromEntries(
    names.map((name) => [name, spreadOf(records.map((record) => record[name]))]),
  ) as Record<K, Spread>;
}
