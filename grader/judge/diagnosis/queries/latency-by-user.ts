import type { QueryRun } from '../../../evidence/index.ts';
import { type DataSet, type Row, STATISTICS, type Statistic } from '../../../hidden-data/index.ts';
import { otherColumn, severalRowsOfUser, withoutUsers, wrongColumn } from './latency-columns.ts';
import { otherRows, unexplainedRows, usersBeside } from './latency-rows.ts';
import { diagnoseRuns, nearestProblem, type QueryProblem, type Ran } from './problem.ts';
import { RIGHT, type RowSet } from './request-rows.ts';
import { columnsOf, columnWithin, descends, near, numericColumns } from './results.ts';
import { ResultByUser, RowsByUser } from './rows-by-user.ts';

/** Fewer rows than this may not be shown while there are more users. */
export const LEAST_USERS = 20;
/** One of these is shown, and sorted by. */
const WANTED: readonly Statistic[] = ['P95', 'P99'];

/** Judges "Latency by UserID" on its results over hidden data; null when they are right. */
export function diagnoseLatencyByUser(ran: Ran, sets: readonly DataSet[]): QueryProblem | null {
  const data = new RowsByUser(sets);
  return diagnoseRuns(ran, (runs) => problemOf(runs, data), {
    whole: 'all requests',
    sentence: 'every request that the API answered for a user, once.',
  });
}

/** The problem that is left when the rows are read the most favourable way; null when one way is right. */
function problemOf(runs: readonly QueryRun[], data: RowsByUser): QueryProblem | null {
  const column = columnWithin(runs, 'user.id', (run) => new Set(data.of(run, () => true).keys()));
  if (column === null) return withoutUsers(runs, data);
  const result = new ResultByUser(runs, column, data);
  const several = severalRowsOfUser(result);
  if (several) return several;
  const nearest = nearestProblem(RIGHT, (set) => problemWith(result, set));
  if (nearest?.finding.reason !== 'unexplained') return nearest;
  return otherRows(result) ?? otherColumn(result) ?? nearest;
}

function problemWith(result: ResultByUser, set: RowSet): QueryProblem | null {
  const { runs } = result;
  const shows = result.statisticsShown(set);
  const asked = [...shows].flatMap(([column, statistics]) => {
    const statistic = statistics.find((one) => WANTED.includes(one));
    return statistic ? [{ column, statistic }] : [];
  });
  if (asked.length === 0) {
    const known = [...shows].flatMap(([column, statistics]) => (statistics.length > 0 ? [column] : []));
    // A count alone proves nothing about the rows: it may be of others that are as many.
    if (known.every((column) => column === 'COUNT')) return unexplainedRows(result);
    const saw = `it shows ${known.join(', ')}, and neither P95 nor P99 of duration_ms.`;
    return wrongColumn(saw, known, usersBeside(result, set));
  }
  const counted = countProblem(result, set);
  if (counted) return counted;
  const sorted = asked.filter(({ column }) =>
    runs.every((run) => descends(result.withUser(run).map((row) => Number(row[column])))),
  );
  if (sorted.length === 0) return wrongOrder(result, set);
  for (const run of runs) {
    const users = result.users(run, set.holds);
    const shown = result.withUser(run);
    const slowestFirst = sorted.some(({ column, statistic }) => {
      const best = [...users.values()]
        .map((one) => STATISTICS[statistic](one.durations))
        .sort((a, b) => b - a);
      return shown.every((row, at) => near(row[column], best[at] as number));
    });
    if (!slowestFirst) return unexplainedRows(result);
    // A row of requests without a user may be one of those that the limit lets through.
    if (run.rows.length < Math.min(LEAST_USERS, users.size)) return tooFewUsers(result, set, run);
  }
  return null;
}

function tooFewUsers(result: ResultByUser, set: RowSet, run: QueryRun): QueryProblem {
  const shown = result.withUser(run).length;
  return {
    part: 'order',
    tooFew: true,
    finding: {
      reason: 'query-limit-lost',
      saw: `it shows ${shown} users, and the hidden data has ${result.users(run, set.holds).size}.`,
      wanted: `the ${LEAST_USERS} slowest users at least.`,
      look: 'the limit, the havings and the filters of your query: what keeps the others out?',
      tables: usersBeside(result, set),
      seen: [{ kind: 'rows', text: String(shown) }],
    },
  };
}

/** A COUNT beside percentiles counts rows without a duration, too. */
function countProblem(result: ResultByUser, set: RowSet): QueryProblem | null {
  if (!columnsOf(result.runs).includes('COUNT') || result.countMatches(set.holds)) return null;
  const withRows = (...types: Row['type'][]) =>
    result.countMatches((row) => set.holds(row) || types.includes(row.type));
  if (!withRows('event', 'link') && !withRows('event') && !withRows('link')) return null;
  return {
    part: 'rows',
    finding: {
      reason: 'query-counts-events',
      saw: 'COUNT is higher than the number of requests: it counts rows of span events and links as well.',
      wanted: 'each request once. An event or a link of a span is a row of its own, without a duration.',
      look: 'your filters: which of them lets a row pass that has no span.kind at all?',
      tables: usersBeside(result, set),
      seen: [{ kind: 'column', text: 'COUNT' }],
    },
  };
}

function wrongOrder(result: ResultByUser, set: RowSet): QueryProblem {
  const { runs, userColumn } = result;
  const sortedBy = (column: string, sign: 1 | -1): boolean =>
    runs.every((run) => {
      const values = result.withUser(run).map((row) => row[column] ?? 0);
      return values.every((value, at) => at === 0 || sign * compare(value, values[at - 1] ?? 0) >= 0);
    });
  const columns = [...numericColumns(runs), userColumn];
  const down = columns.find((column) => sortedBy(column, -1));
  const up = columns.find((column) => sortedBy(column, 1));
  const by = down ? `by ${down}, descending` : up ? `by ${up}, ascending` : null;
  return {
    part: 'order',
    finding: {
      reason: 'query-wrong-order',
      saw: by ? `its rows are sorted ${by}.` : 'its rows are sorted neither by P95 nor by P99.',
      wanted: 'the slowest users first: sorted by P95 or P99 of duration_ms, descending.',
      look:
        down === 'COUNT'
          ? 'the orders of your query. Who comes first: the slowest, or the one who came most often?'
          : 'the orders of your query: by which number, and in which direction?',
      tables: usersBeside(result, set),
      seen: [{ kind: 'order', text: by ?? 'none' }],
    },
  };
}

function compare(a: string | number | boolean, b: string | number | boolean): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
