/**
 * The near miss: "you wrote userId, the task says user.id". A near miss is worth naming only if it is near,
 * so a far candidate gives null.
 */
export interface NearMiss {
  candidate: string;
  /** How it differs: only in upper and lower case, only in separators (and case), in some letters, or in its prefix. */
  difference: 'none' | 'case' | 'separators' | 'spelling' | 'prefix';
  /** Edits (insert, delete, replace, swap of neighbours) after case and separators are ignored. */
  distance: number;
}

/** The candidate most like `wanted`, or null if none is near. Equal ones: the first given. */
export function nearestName(wanted: string, candidates: Iterable<string>): NearMiss | null {
  return nearest(wanted, candidates, false);
}

/**
 * As `nearestName`, for attribute keys: `userId`, `enduser.id` or `app.user.id` are near `user.id`.
 * `keys` may be an object of attributes.
 */
export function nearestKey(
  wanted: string,
  keys: Iterable<string> | { [key: string]: unknown },
): NearMiss | null {
  return nearest(wanted, Symbol.iterator in keys ? (keys as Iterable<string>) : Object.keys(keys), true);
}

const LONGEST = 200;

function nearest(wanted: string, candidates: Iterable<string>, asKey: boolean): NearMiss | null {
  const plain = simplify(wanted);
  const allowed = Math.max(1, Math.floor(plain.length / 4));
  let best: NearMiss | null = null;
  let bestRank = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (candidate.length > LONGEST) continue;
    const miss = compare(wanted, plain, candidate, asKey, allowed);
    if (!miss) continue;
    const rank = RANK[miss.difference] + miss.distance;
    if (rank < bestRank) {
      best = miss;
      bestRank = rank;
    }
  }
  return best;
}

const RANK = { none: 0, case: 1, separators: 2, spelling: 3, prefix: 4 } as const;

function compare(
  wanted: string,
  plain: string,
  candidate: string,
  asKey: boolean,
  allowed: number,
): NearMiss | null {
  if (candidate === wanted) return { candidate, difference: 'none', distance: 0 };
  if (candidate.toLowerCase() === wanted.toLowerCase()) return { candidate, difference: 'case', distance: 0 };
  const other = simplify(candidate);
  if (other === '' || plain === '') return null;
  if (other === plain) return { candidate, difference: 'separators', distance: 0 };
  if (Math.abs(other.length - plain.length) <= allowed) {
    const distance = editDistance(plain, other);
    if (distance <= allowed) return { candidate, difference: 'spelling', distance };
  }
  if (asKey && (other.endsWith(plain) || (plain.endsWith(other) && other.length >= 4))) {
    return { candidate, difference: 'prefix', distance: Math.abs(other.length - plain.length) };
  }
  return null;
}

function simplify(text: string): string {
  return text.toLowerCase().replace(/[\s._\-:/]+/g, '');
}

/** Optimal string alignment: Levenshtein's distance, with a swap of two neighbours counted as one edit. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
