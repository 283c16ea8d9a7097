/** Draws for a run of traffic; the same seed gives the same draws. */
export interface Draw {
  /** 0 up to, not including, 1 */
  number(): number;
  pick<T>(items: readonly T[]): T;
  /** One key, as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K;
}

/** Mulberry32: 32 bits of state are plenty for choosing what somebody clicks. */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  const number = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    number,
    pick: (items) => items[Math.floor(number() * items.length)]!,
    weighted(weights) {
      const entries = Object.entries(weights) as [keyof typeof weights & string, number][];
      const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
      let rest = number() * total;
      for (const [key, weight] of entries) {
        rest -= weight;
        if (rest < 0) return key as never;
      }
      return entries.at(-1)![0] as never;
    },
  };
}
