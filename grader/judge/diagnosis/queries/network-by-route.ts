import type { QueryRow, QueryRun } from '../../../evidence/index.ts';
import {
  attributeOf,
  type DataSet,
  type Row,
  rowsOf,
  STATISTICS,
  type Statistic,
} from '../../../hidden-data/index.ts';
import type { Finding, ResultTable } from '../../finding.ts';
import { diagnoseRuns, type QueryProblem, type Ran, rowCounts, wrongFilter } from './problem.ts';
import { columnsOf, columnWithin, dataOf, near, numericColumns } from './results.ts';
import { sideBySide } from './side-by-side.ts';

const COLUMN = 'murmur.network_ms';
const WANTED: readonly Statistic[] = ['P50', 'P95'];

/** A number of a row, and in words whose number it is. */
interface Measure {
  what: string;
  of(row: Row): number | null;
}

const NETWORK: Measure = { what: COLUMN, of: (row) => attributeOf(row, COLUMN) };
const DURATION: Measure = {
  what: 'duration_ms',
  of: (row) => (attributeOf(row, COLUMN) === null ? null : row.durationMs),
};

/** Judges "Network latency by route" on its results over hidden data; null when they are right. */
export function diagnoseNetworkByRoute(ran: Ran, sets: readonly DataSet[]): QueryProblem | null {
  return diagnoseRuns(ran, (runs) => problemOf(runs, sets), {
    whole: 'all calls of the page',
    sentence: `each span that has ${COLUMN}, by url.template.`,
  });
}

function problemOf(runs: readonly QueryRun[], sets: readonly DataSet[]): QueryProblem | null {
  const byRoute = runs.map((run) => ({ run, routes: valuesByRoute(run, sets, NETWORK) }));
  const routeColumn = columnWithin(
    runs,
    'url.template',
    (run) => new Set([...valuesByRoute(run, sets, NETWORK).keys()].flatMap(spellings)),
  );
  const tables = tablesOf(runs, sets, routeColumn ?? 'url.template');
  if (routeColumn === null) {
    const columns = columnsOf(runs);
    if (runs.some((run) => run.rows.length === 0)) return unexplained(runs, tables);
    const saw = `no column of its result holds the route. It has ${columns.join(', ')}.`;
    return wrongColumn(saw, columns, tables);
  }
  for (const { run } of byRoute) {
    const routes = run.rows.map((row) => row[routeColumn] ?? null).filter((route) => route !== null);
    const twice = routes.find((route, at) => routes.indexOf(route) !== at);
    if (twice === undefined) continue;
    const saw = `${String(twice)} stands in ${routes.filter((route) => route === twice).length} rows: it is grouped by more than the route.`;
    return wrongColumn(saw, columnsOf(runs), tables);
  }
  const shown = (measure: Measure): Map<Statistic, string> =>
    statisticsShown(runs, sets, routeColumn, measure);
  const network = shown(NETWORK);
  const missing = WANTED.filter((name) => !network.has(name));
  if (missing.length > 0) {
    const durations = [...shown(DURATION).keys()];
    const numbers = [...network.keys()];
    // The right column with other numbers: it is the rows that are others.
    const named = numericColumns(runs).some((column) => column.includes(COLUMN));
    if (numbers.length === 0 && named) return unexplained(runs, tables);
    const saw =
      durations.length > 0
        ? 'its numbers are of duration_ms: the whole wait, not the share of the network.'
        : numbers.length > 0
          ? `it shows ${numbers.join(', ')} of ${COLUMN}, and not ${missing.join(' and ')}.`
          : `none of its numbers is ${missing.join(' or ')} of ${COLUMN} for each route.`;
    return wrongColumn(saw, numericColumns(runs), tables);
  }
  for (const { run, routes } of byRoute) {
    const given = run.rows.map((row) => normal(String(row[routeColumn] ?? '')));
    const lost = [...routes.keys()].filter((route) => !given.includes(route));
    if (lost.length > 0) return lostRoutes(lost, given.length, routes.size, given.includes(''), tables);
  }
  return null;
}

/** A row without a route may stand where a lost one would: then it is no limit that is too low. */
function lostRoutes(
  lost: readonly string[],
  rows: number,
  routes: number,
  withoutRoute: boolean,
  tables: ResultTable[],
): QueryProblem {
  const wanted = 'a row for each route.';
  if (withoutRoute && rows === routes) {
    const saw = `one of its ${rows} rows has no route, and ${lost.join(', ')} is lost for it.`;
    return wrongFilter(saw, wanted, null, tables, 'that row: which spans have no url.template?');
  }
  return {
    part: 'rows',
    tooFew: true,
    finding: {
      reason: 'query-limit-lost',
      saw: `it gives ${rows} rows. The hidden data has ${routes} routes: ${lost.join(', ')} is lost.`,
      wanted,
      look: 'the limit, the havings and the filters of your query: what keeps the others out?',
      tables,
      seen: [{ kind: 'rows', text: lost.join(', ') }],
    },
  };
}

/** The statistics of this measure that some column shows for every route, each with its column. */
function statisticsShown(
  runs: readonly QueryRun[],
  sets: readonly DataSet[],
  routeColumn: string,
  measure: Measure,
): Map<Statistic, string> {
  const shown = new Map<Statistic, string>();
  const perRun = runs.map((run) => ({
    rows: run.rows.filter((row) => (row[routeColumn] ?? null) !== null),
    values: valuesByRoute(run, sets, measure),
  }));
  if (!perRun.some(({ rows }) => rows.length > 0)) return shown;
  for (const column of numericColumns(runs)) {
    for (const name of Object.keys(STATISTICS) as Statistic[]) {
      const is = perRun.every(({ rows, values }) =>
        rows.every((row) => {
          const sorted = values.get(normal(String(row[routeColumn]))) ?? [];
          return sorted.length > 0 && near(row[column], STATISTICS[name](sorted));
        }),
      );
      if (is) shown.set(name, column);
    }
  }
  return shown;
}

/** By route, ascending: only rows that know the network's share. */
function valuesByRoute(run: QueryRun, sets: readonly DataSet[], measure: Measure): Map<string, number[]> {
  const routes = new Map<string, number[]>();
  for (const row of rowsOf(dataOf(sets, run).spans)) {
    const route = row.attributes['url.template'];
    const value = measure.of(row);
    if (typeof route !== 'string' || value === null) continue;
    routes.set(route, [...(routes.get(route) ?? []), value]);
  }
  for (const values of routes.values()) values.sort((a, b) => a - b);
  return routes;
}

/** `/posts/{id}` and, as the API's framework writes it, `/posts/:id`. */
function spellings(route: string): string[] {
  return [route, route.replace(/\{(\w+)\}/g, ':$1')];
}

function normal(route: string): string {
  return route.replace(/:(\w+)/g, '{$1}');
}

function wrongColumn(saw: string, columns: readonly string[], tables: ResultTable[]): QueryProblem {
  const finding: Finding = {
    reason: 'query-wrong-column',
    saw,
    wanted: `P50 and P95 of ${COLUMN}, one row for each route: grouped by url.template.`,
    look: 'the calculations and breakdowns of your query.',
    tables,
    seen: columns.map((text) => ({ kind: 'column', text })),
  };
  return { part: 'columns', finding };
}

function unexplained(runs: readonly QueryRun[], tables: ResultTable[]): QueryProblem {
  return {
    part: 'rows',
    finding: {
      reason: 'unexplained',
      saw: `its ${rowCounts(runs)} rows over hidden data are not the right ones.`,
      wanted: `each span that has ${COLUMN}, by url.template.`,
      look: 'the filters of your query: which spans does it look at?',
      tables,
    },
  };
}

/** The learner's rows beside the right ones, in the learner's order: the task asks for none. */
function tablesOf(runs: readonly QueryRun[], sets: readonly DataSet[], routeColumn: string): ResultTable[] {
  const rows = (run: QueryRun): QueryRow[] => {
    const given = run.rows.map((row) => normal(String(row[routeColumn] ?? '')));
    const place = (route: string): number => given.indexOf(route) + 1 || Number.POSITIVE_INFINITY;
    const right = [...valuesByRoute(run, sets, NETWORK)]
      .sort(([a], [b]) => (place(a) === place(b) ? 0 : place(a) - place(b)))
      .map(
        ([route, values]): QueryRow => ({
          [routeColumn]: route,
          [`P50(${COLUMN})`]: STATISTICS.P50(values),
          [`P95(${COLUMN})`]: STATISTICS.P95(values),
        }),
      );
    const withoutRoute = given.indexOf('');
    const row = run.rows[withoutRoute];
    return row ? right.toSpliced(withoutRoute, 0, row) : right;
  };
  return sideBySide(runs, { rows, first: [routeColumn] });
}
