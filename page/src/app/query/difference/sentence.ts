import { shownLine } from '../../text/shown';
import type { Difference, ValueShare } from '../query-api';
import type { Filter } from '../spec';

/** One thing that differs, as a person says it, and the filters that find it. */
export interface DifferenceLine {
  column: string;
  /** "murmur.feed.following_count >= 100" */
  what: string;
  selectedShare: number;
  restShare: number;
  filters: Filter[];
  /** whether so many different values are worth a table */
  groups: boolean;
}

/** More groups than a person reads. */
const MOST_GROUPS = 500;

export function linesOf(differences: readonly Difference[]): DifferenceLine[] {
  return differences.flatMap((difference) => {
    const { column, distinct, threshold, values } = difference;
    const groups = distinct <= MOST_GROUPS;
    if (threshold) {
      const { op, value, selectedShare, restShare } = threshold;
      const filters = [{ column, op, value }];
      return [{ column, what: `${shown(column)} ${op} ${value}`, selectedShare, restShare, filters, groups }];
    }
    // What is more frequent among the selected says more than what is rarer there.
    const best = values.find((value) => value.selectedShare > value.restShare) ?? values[0];
    if (!best) return [];
    const { selectedShare, restShare } = best;
    return [
      {
        column,
        what: whatOf(column, best),
        selectedShare,
        restShare,
        filters: filtersOf(column, best),
        groups,
      },
    ];
  });
}

function whatOf(column: string, { value }: ValueShare): string {
  return value === null ? `no ${shown(column)}` : `${shown(column)} = ${shown(value)}`;
}

function filtersOf(column: string, { value }: ValueShare): Filter[] {
  if (value === null) return [{ column, op: 'does-not-exist' }];
  const [, low, high] = /^(-?[\d.e+-]+) to (-?[\d.e+-]+)$/.exec(value) ?? [];
  if (low === undefined) return [{ column, op: '=', value }];
  return [
    { column, op: '>=', value: Number(low) },
    { column, op: '<=', value: Number(high) },
  ];
}

function shown(text: string): string {
  return shownLine(text, 100) || '(empty)';
}

export function percent(share: number): string {
  const hundredths = share * 100;
  if (share > 0 && hundredths < 1) return 'under 1 %';
  if (share < 1 && hundredths > 99) return 'over 99 %';
  return `${Math.round(hundredths)} %`;
}
