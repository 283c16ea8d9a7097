import type { QueryRow, QueryRun } from '../../../evidence/index.ts';
import { STATISTICS, type Statistic } from '../../../hidden-data/index.ts';
import type { ResultTable } from '../../finding.ts';
import { type QueryProblem, rowCounts, wrongFilter } from './problem.ts';
import { RIGHT, type RowSet, WRONG } from './request-rows.ts';
import { columnsOf } from './results.ts';
import type { ResultByUser } from './rows-by-user.ts';
import { sideBySide } from './side-by-side.ts';

const LOOK = 'exercises/05-saved-queries/README.md, "One request, many rows".';

/**
 * Rows of a known wrong set explain the numbers. Equal counts prove less, since different rows may be as many: they
 * explain only where one set alone has them.
 */
export function otherRows(result: ResultByUser): QueryProblem | null {
  const measures = (set: RowSet): boolean =>
    [...result.statisticsShown(set).values()].some((statistics) => statistics.length > 0);
  const counted = columnsOf(result.runs).includes('COUNT')
    ? WRONG.filter((set) => result.countMatches(set.holds))
    : [];
  const set = WRONG.find(measures) ?? (counted.length === 1 ? counted[0] : undefined);
  if (!set) return null;
  const tables = usersBeside(result);
  const saw = `it looks at ${set.what}.`;
  const wanted = 'each request that the API answered for a user, once: its SERVER span, and no other.';
  if (set.reason === 'query-wrong-filter') return wrongFilter(saw, wanted, null, tables);
  return {
    part: 'rows',
    finding: {
      reason: set.reason,
      saw,
      wanted,
      look: LOOK,
      tables,
      seen: [{ kind: 'rows', text: set.what }],
    },
  };
}

export function unexplainedRows(result: ResultByUser): QueryProblem {
  return {
    part: 'rows',
    finding: {
      reason: 'unexplained',
      saw: `its ${rowCounts(result.runs)} rows over hidden data are not the right ones.`,
      wanted: 'each request that the API answered for a user, once, by user.id.',
      look: LOOK,
      tables: usersBeside(result),
    },
  };
}

/** The learner's rows beside those of a right set, the slowest users first. */
export function usersBeside(result: ResultByUser, set: RowSet = RIGHT[0] as RowSet): ResultTable[] {
  const columns = columnsOf(result.runs);
  const sortedBy =
    columns.includes('P99(duration_ms)') && !columns.includes('P95(duration_ms)')
      ? 'P99(duration_ms)'
      : 'P95(duration_ms)';
  return sideBySide(result.runs, {
    rows: (run) => rightRows(result, set, run, sortedBy),
    sortedBy,
    first: ['user.id', 'COUNT'],
  });
}

/** Rows without a user do no harm, so they stand among the right ones where they stand in the result. */
function rightRows(result: ResultByUser, set: RowSet, run: QueryRun, sortedBy: string): QueryRow[] {
  const right = [...result.users(run, set.holds)].map(([user, { count, durations }]): QueryRow => {
    const of = (name: Statistic): number => STATISTICS[name](durations);
    return {
      [result.userColumn]: user,
      COUNT: count,
      'P50(duration_ms)': of('P50'),
      'P95(duration_ms)': of('P95'),
      'P99(duration_ms)': of('P99'),
    };
  });
  right.sort((a, b) => Number(b[sortedBy]) - Number(a[sortedBy]));
  const withUser = result.withUser(run);
  for (const [at, row] of run.rows.entries()) if (!withUser.includes(row)) right.splice(at, 0, row);
  return right;
}
