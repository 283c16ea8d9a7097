/** A small deterministic random generator (mulberry32): the same seed gives the same people and posts. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** a number from 0 (included) to 1 (excluded) */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** a whole number from `from` to `to`, both included */
  integer(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  shuffle<Item>(items: readonly Item[]): Item[] {
    const shuffled = [...items];
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = this.integer(0, last);
      [shuffled[last], shuffled[other]] = [shuffled[other], shuffled[last]];
    }
    return shuffled;
  }

  /** `count` different items; one of twice the weight is twice as likely to come first (Efraimidis-Spirakis). */
  pickWeighted<Item>(items: readonly Item[], weightOf: (item: Item) => number, count: number): Item[] {
    return items
      .map((item) => ({ item, key: Math.log(1 - this.next()) / weightOf(item) }))
      .sort((left, right) => right.key - left.key)
      .slice(0, count)
      .map(({ item }) => item);
  }
}

/**
 * Splits `total` into `parts` whole numbers, each from `least` to `most`, that fall like 1/rank^exponent
 * (Zipf's law), largest first.
 */
export function zipfShares(
  total: number,
  parts: number,
  { least, most, exponent }: { least: number; most: number; exponent: number },
): number[] {
  const weights = Array.from({ length: parts }, (_, rank) => 1 / (rank + 1) ** exponent);
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const shares = weights.map((weight) => Math.min(most, Math.max(least, Math.floor((total * weight) / sum))));
  let missing = total - shares.reduce((all, share) => all + share, 0);
  for (let rank = 0; missing !== 0; rank = (rank + 1) % parts) {
    const step = Math.sign(missing);
    if (shares[rank] + step >= least && shares[rank] + step <= most) {
      shares[rank] += step;
      missing -= step;
    }
  }
  return shares;
}
