import type { QueryRun } from '../../../evidence/index.ts';
import { attributeOf, type Row } from '../../../hidden-data/index.ts';
import type { ResultTable } from '../../finding.ts';
import { unexplainedRows, usersBeside } from './latency-rows.ts';
import { type QueryProblem, wrongFilter } from './problem.ts';
import { RIGHT } from './request-rows.ts';
import { columnsOf, numericColumns } from './results.ts';
import { ResultByUser, type RowsByUser } from './rows-by-user.ts';

/** The query shows or groups by something else. */
export function wrongColumn(
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

/** No column of the result holds ids of users. */
export function withoutUsers(runs: readonly QueryRun[], data: RowsByUser): QueryProblem {
  const columns = columnsOf(runs);
  const result = new ResultByUser(runs, 'user.id', data);
  if (columns.length === 0 || runs.some((run) => run.rows.length === 0)) return unexplainedRows(result);
  const tables = usersBeside(result);
  if (columns.includes('user.id')) {
    const saw = 'user.id is empty in all its rows: it looks at what has no user.';
    return wrongFilter(saw, 'every request that the API answered for a user, once.', null, tables);
  }
  return wrongColumn(
    `no column of its result holds the user's id. It has ${columns.join(', ')}.`,
    columns,
    tables,
    'one row for each user: grouped by user.id.',
  );
}

/** A user stands in several rows. */
export function severalRowsOfUser(result: ResultByUser): QueryProblem | null {
  const { runs, userColumn } = result;
  for (const run of runs) {
    const byUser = Map.groupBy(result.withUser(run), (row) => String(row[userColumn]));
    const [user, rows = []] = [...byUser].sort((a, b) => b[1].length - a[1].length)[0] ?? [];
    if (rows.length <= 1) continue;
    const numeric = numericColumns(runs);
    const others = columnsOf(runs).filter((column) => column !== userColumn && !numeric.includes(column));
    return wrongColumn(
      `user ${user} stands in ${rows.length} rows, since it is grouped by more than the user: ${others.join(', ') || 'another number'}.`,
      others,
      usersBeside(result),
      'one row for each user: grouped by user.id alone.',
    );
  }
  return null;
}

/** The right rows, and the numbers of another column or another calculation. */
export function otherColumn(result: ResultByUser): QueryProblem | null {
  const { runs, userColumn } = result;
  const tables = usersBeside(result);
  const numeric = numericColumns(runs).filter((column) => column !== userColumn);
  if (numeric.length === 0)
    return wrongColumn('it shows no number: nothing can be sorted by it.', columnsOf(runs), tables);
  for (const set of RIGHT) {
    if (numeric.every((column) => column === 'COUNT') && result.countMatches(set.holds))
      return wrongColumn('it shows COUNT alone: how often, not how long.', ['COUNT'], tables);
    for (const attribute of result.attributes()) {
      const values = (row: Row): number | null => attributeOf(row, attribute);
      if ([...result.statisticsShown(set, values).values()].some((statistics) => statistics.length > 0))
        return wrongColumn(`its numbers are of ${attribute}, not of duration_ms.`, [attribute], tables);
    }
  }
  return null;
}
