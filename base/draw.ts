/**
 * Seeded random draws: the same seed and exercise give the same values on every machine.
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand), seeded through a 32-bit string hash (xmur3).
 */
export interface Draw {
  /** whole number, both ends included */
  integer(min: number, max: number): number;
  pick<T>(list: readonly T[]): T;
  /** `count` different elements in random order; throws RangeError when the list is shorter */
  sample<T>(list: readonly T[], count: number): T[];
  /** a lower-case word that no seed text holds: eight letters */
  word(): string;
  /** 0 up to, not including, 1 */
  number(): number;
  /** one key, as often as its weight says; throws RangeError when there is none */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K;
}

/** @param purpose keeps draws for different things apart, although their seed is the same */
export function drawFrom(seed: number, purpose: string): Draw {
  const next = generator(`${seed}/${purpose}`);
  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    integer,
    pick: (list) => {
      if (list.length === 0) throw new RangeError('cannot pick from an empty list');
      return list[integer(0, list.length - 1)] as (typeof list)[number];
    },
    sample: (list, count) => {
      if (count > list.length) throw new RangeError(`cannot draw ${count} of ${list.length}`);
      const rest = [...list];
      return Array.from(
        { length: count },
        () => rest.splice(integer(0, rest.length - 1), 1)[0] as (typeof rest)[number],
      );
    },
    word: () =>
      Array.from({ length: 8 }, (_, at) =>
        (at % 2 ? 'aeiou' : 'bdfgklmnprstvz').charAt(integer(0, at % 2 ? 4 : 13)),
      ).join(''),
    number: next,
    weighted: <K extends string>(weights: Readonly<Record<K, number>>): K => {
      const entries = Object.entries<number>(weights);
      if (entries.length === 0) throw new RangeError('cannot draw from no weights');
      let rest = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      const found = entries.find(([, weight]) => {
        rest -= weight;
        return rest < 0;
      });
      return (found ?? entries.at(-1))![0] as K;
    },
  };
}

function generator(text: string): () => number {
  let hash = 1779033703 ^ text.length;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 3432918353);
    hash = (hash << 13) | (hash >>> 19);
  }
  const part = (): number => {
    hash = Math.imul(hash ^ (hash >>> 16), 2246822507);
    hash = Math.imul(hash ^ (hash >>> 13), 3266489909);
    hash ^= hash >>> 16;
    return hash | 0;
  };
  let a = part();
  let b = part();
  let c = part();
  let d = part();
  return () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
}

/** A fresh seed for a run that was given none: short enough to type again. */
export function freshSeed(): number {
  return Math.floor(Math.random() * 1_000_000);
}
