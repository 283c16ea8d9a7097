import type { QueryRow, QueryRun } from '../../../evidence/index.ts';
import {
  attributeOf,
  type DataSet,
  type Row,
  STATISTICS,
  type Statistic,
} from '../../../hidden-data/index.ts';
import type { ResultTable } from '../../finding.ts';
import {
  diagnoseRuns,
  nearestProblem,
  type QueryProblem,
  type Ran,
  rowCounts,
  wrongFilter,
} from './problem.ts';
import { isRequest, RIGHT, type RowSet, WRONG } from './request-rows.ts';
import { columnsOf, columnWithin, descends, near, numericColumns, resultTable } from './results.ts';
import { RowsByUser } from './rows-by-user.ts';

/** Fewer rows than this may not be shown while there are more users. */
export const LEAST_USERS = 20;
const WANTED_STATISTICS: readonly Statistic[] = ['P95', 'P99'];
const ORDERED_BY: readonly Statistic[] = ['P95', 'P99', 'P999', 'P90'];

/** Judges "Latency by UserID" on its results over hidden data; null when they are right. */
export function diagnoseLatencyByUser(ran: Ran, sets: readonly DataSet[]): QueryProblem | null {
  return new LatencyByUser(sets).diagnose(ran);
}

class LatencyByUser {
  readonly #data: RowsByUser;

  constructor(sets: readonly DataSet[]) {
    this.#data = new RowsByUser(sets);
  }

  diagnose(ran: Ran): QueryProblem | null {
    return diagnoseRuns(
      ran,
      (runs) => this.#best(runs),
      'all requests',
      'every request that the API answered for a user, once.',
    );
  }

  /** The problem that is left when the rows are read the most favourable way; null when one way is right. */
  #best(runs: readonly QueryRun[]): QueryProblem | null {
    const userColumn = columnWithin(runs, 'user.id', (run) => new Set(this.#data.of(run, () => true).keys()));
    if (userColumn === null) return this.#withoutUsers(runs);
    const split = this.#split(runs, userColumn);
    if (split) return split;
    const nearest = nearestProblem(RIGHT, (set) => this.#problemWith(runs, userColumn, set));
    if (nearest?.finding.reason !== 'unexplained') return nearest;
    return this.#otherRows(runs, userColumn) ?? this.#otherColumn(runs, userColumn) ?? nearest;
  }

  #problemWith(runs: readonly QueryRun[], userColumn: string, set: RowSet): QueryProblem | null {
    const tables = this.#tables(runs);
    const shows = this.#data.statisticsShown(runs, userColumn, set);
    const high = [...shows].filter(([, statistics]) => statistics.some((one) => ORDERED_BY.includes(one)));
    if (![...shows].some(([, statistics]) => statistics.some((one) => WANTED_STATISTICS.includes(one)))) {
      const known = [...shows].flatMap(([column, statistics]) => (statistics.length > 0 ? [column] : []));
      // A count alone proves nothing about the rows: it may be of others that are as many.
      if (known.length === 0 || known.every((column) => column === 'COUNT'))
        return this.#unexplained(runs, tables);
      return this.#wrongColumn(
        `it shows ${known.join(', ')}, and neither P95 nor P99 of duration_ms.`,
        known,
        tables,
      );
    }
    const counted = this.#countProblem(runs, userColumn, set, tables);
    if (counted) return counted;
    const inOrder = high.filter(([column]) =>
      runs.every((run) => descends(this.#data.withUser(run, userColumn).map((row) => Number(row[column])))),
    );
    if (inOrder.length === 0) return this.#wrongOrder(runs, userColumn, tables);
    for (const run of runs) {
      const all = this.#data.of(run, set.holds);
      const shown = this.#data.withUser(run, userColumn);
      const complete = inOrder.some(([column, statistics]) => {
        const best = [...all.values()]
          .map((one) =>
            STATISTICS[statistics.find((name) => ORDERED_BY.includes(name)) as Statistic](one.durations),
          )
          .sort((a, b) => b - a);
        return shown.every((row, at) => near(row[column], best[at] as number));
      });
      if (!complete) return this.#unexplained(runs, tables);
      // A row of requests without a user may be one of those that the limit lets through.
      if (run.rows.length < Math.min(LEAST_USERS, all.size)) {
        return {
          part: 'order',
          finding: {
            reason: 'query-limit-lost',
            saw: `it shows ${shown.length} users, and the hidden data has ${all.size}.`,
            wanted: `the ${LEAST_USERS} slowest users at least.`,
            look: 'the limit of your query, and its havings.',
            tables,
            seen: [{ kind: 'rows', text: String(shown.length) }],
          },
        };
      }
    }
    return null;
  }

  /** A COUNT beside percentiles counts rows without a duration, too. */
  #countProblem(
    runs: readonly QueryRun[],
    userColumn: string,
    set: RowSet,
    tables: ResultTable[],
  ): QueryProblem | null {
    if (!columnsOf(runs).includes('COUNT')) return null;
    const counts = (holds: RowSet['holds']): boolean => this.#data.countMatches(runs, userColumn, holds);
    if (counts(set.holds)) return null;
    const withRows = (...types: Row['type'][]) => counts((row) => set.holds(row) || types.includes(row.type));
    const events = withRows('event', 'link') || withRows('event') || withRows('link');
    if (!events) return null;
    return {
      part: 'rows',
      finding: {
        reason: 'query-counts-events',
        saw: 'COUNT is higher than the number of requests: it counts rows of span events and links as well.',
        wanted: 'each request once. An event or a link of a span is a row of its own, without a duration.',
        look: 'your filters: which of them lets a row pass that has no span.kind at all?',
        tables,
        seen: [{ kind: 'column', text: 'COUNT' }],
      },
    };
  }

  #wrongOrder(runs: readonly QueryRun[], userColumn: string, tables: ResultTable[]): QueryProblem {
    const by = [...numericColumns(runs), userColumn].flatMap((column) => {
      const values = runs.map((run) => this.#data.withUser(run, userColumn).map((row) => row[column] ?? 0));
      const sorted = (sign: 1 | -1) =>
        values.every((list) =>
          list.every((value, at) => at === 0 || sign * compare(value, list[at - 1] ?? 0) >= 0),
        );
      if (sorted(-1)) return [`by ${column}, descending`];
      return sorted(1) ? [`by ${column}, ascending`] : [];
    });
    return {
      part: 'order',
      finding: {
        reason: 'query-wrong-order',
        saw: by[0] ? `its rows are sorted ${by[0]}.` : 'its rows are sorted neither by P95 nor by P99.',
        wanted: 'the slowest users first: sorted by P95 or P99 of duration_ms, descending.',
        look: 'the orders of your query. Who comes first: the slowest, or the one who came most often?',
        tables,
        seen: [{ kind: 'order', text: by[0] ?? 'none' }],
      },
    };
  }

  /** Rows of a known wrong set explain the numbers. Equal counts prove less: different rows may be as many. */
  #otherRows(runs: readonly QueryRun[], userColumn: string): QueryProblem | null {
    const measures = (set: RowSet): boolean =>
      [...this.#data.statisticsShown(runs, userColumn, set).values()].some((shown) => shown.length > 0);
    const counts = (set: RowSet): boolean =>
      columnsOf(runs).includes('COUNT') && this.#data.countMatches(runs, userColumn, set.holds);
    const set = WRONG.find(measures) ?? WRONG.find(counts);
    if (!set) return null;
    const tables = this.#tables(runs);
    const saw = `it looks at ${set.what}.`;
    const wanted = 'each request that the API answered for a user, once: its SERVER span, and no other.';
    if (set.reason === 'query-wrong-filter') return wrongFilter(saw, wanted, null, tables);
    return {
      part: 'rows',
      finding: {
        reason: set.reason,
        saw,
        wanted,
        look: 'exercises/05-saved-queries/README.md, "One request, many rows".',
        tables,
        seen: [{ kind: 'rows', text: set.what }],
      },
    };
  }

  /** The right rows, and the numbers of another column or another calculation. */
  #otherColumn(runs: readonly QueryRun[], userColumn: string): QueryProblem | null {
    const tables = this.#tables(runs);
    const numeric = numericColumns(runs).filter((column) => column !== userColumn);
    if (numeric.length === 0) {
      return this.#wrongColumn('it shows no number: nothing can be sorted by it.', columnsOf(runs), tables);
    }
    for (const set of RIGHT) {
      if (
        numeric.every((column) => column === 'COUNT') &&
        this.#data.countMatches(runs, userColumn, set.holds)
      )
        return this.#wrongColumn('it shows COUNT alone: how often, not how long.', ['COUNT'], tables);
      const known = new Set(
        runs.flatMap((run) => this.#data.all(run).flatMap((row) => Object.keys(row.attributes))),
      );
      for (const attribute of known) {
        const values = (row: Row): number | null => attributeOf(row, attribute);
        const shows = this.#data.statisticsShown(runs, userColumn, set, values);
        if ([...shows].some(([, statistics]) => statistics.length > 0))
          return this.#wrongColumn(
            `its numbers are of ${attribute}, not of duration_ms.`,
            [attribute],
            tables,
          );
      }
    }
    return null;
  }

  #withoutUsers(runs: readonly QueryRun[]): QueryProblem {
    const columns = columnsOf(runs);
    const tables = this.#tables(runs);
    if (columns.length === 0 || runs.some((run) => run.rows.length === 0))
      return this.#unexplained(runs, tables);
    return this.#wrongColumn(
      `no column of its result holds the user's id. It has ${columns.join(', ')}.`,
      columns,
      tables,
      'one row for each user: grouped by user.id.',
    );
  }

  #split(runs: readonly QueryRun[], userColumn: string): QueryProblem | null {
    for (const run of runs) {
      const seen = new Map<string, number>();
      for (const row of this.#data.withUser(run, userColumn)) {
        const user = String(row[userColumn]);
        seen.set(user, (seen.get(user) ?? 0) + 1);
      }
      const [user, times = 1] = [...seen].sort((a, b) => b[1] - a[1])[0] ?? [];
      if (times === 1) continue;
      const numeric = numericColumns(runs);
      const others = columnsOf(runs).filter((column) => column !== userColumn && !numeric.includes(column));
      return this.#wrongColumn(
        `user ${user} stands in ${times} rows, since it is grouped by more than the user: ${others.join(', ') || 'another number'}.`,
        others,
        this.#tables(runs),
        'one row for each user: grouped by user.id alone.',
      );
    }
    return null;
  }

  #wrongColumn(
    saw: string,
    columns: readonly string[],
    tables: ResultTable[],
    wanted = 'P95 or P99 of duration_ms for each user.id. A HEATMAP, COUNT and P50 may stand beside it.',
  ): QueryProblem {
    return {
      part: 'columns',
      finding: {
        reason: 'query-wrong-column',
        saw,
        wanted,
        look: 'the calculations and breakdowns of your query. What does a user feel?',
        tables,
        seen: columns.map((text) => ({ kind: 'column', text })),
      },
    };
  }

  #unexplained(runs: readonly QueryRun[], tables: ResultTable[]): QueryProblem {
    return {
      part: 'rows',
      finding: {
        reason: 'unexplained',
        saw: `its ${rowCounts(runs)} rows over hidden data are not the right ones.`,
        wanted: 'each request that the API answered for a user, once, by user.id.',
        look: 'exercises/05-saved-queries/README.md, "One request, many rows".',
        tables,
      },
    };
  }

  /** The learner's rows beside the right ones, of the first data set. */
  #tables(runs: readonly QueryRun[]): ResultTable[] {
    const run = runs[0] as QueryRun;
    const right = [...this.#data.of(run, isRequest)]
      .map(([user, { count, durations }]): QueryRow => {
        const of = (name: Statistic): number => STATISTICS[name](durations);
        return {
          'user.id': user,
          COUNT: count,
          'P50(duration_ms)': of('P50'),
          'P95(duration_ms)': of('P95'),
          'P99(duration_ms)': of('P99'),
        };
      })
      .sort((a, b) => Number(b['P95(duration_ms)']) - Number(a['P95(duration_ms)']));
    return [
      resultTable('your result', run.rows, ['user.id', 'COUNT']),
      resultTable('wanted', right, ['user.id']),
    ];
  }
}

function compare(a: string | number | boolean, b: string | number | boolean): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
