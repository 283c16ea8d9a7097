import type { QueryOutcome, QueryRun, QueryVariation } from '../../../evidence/index.ts';
import type { Finding, ResultTable } from '../../finding.ts';

/** The part of an exercise that a finding belongs to, in the order in which they are looked at. */
export const QUERY_PARTS = ['runs', 'columns', 'rows', 'order'] as const;
export type QueryPart = (typeof QUERY_PARTS)[number];

/** What is wrong with a saved query. Everything before `part` is right. */
export interface QueryProblem {
  part: QueryPart;
  finding: Finding;
}

export type Ran = Extract<QueryOutcome, { state: 'ran' }>;
/** Judges results over hidden data; null when they are right. */
export type JudgeRuns = (runs: readonly QueryRun[]) => QueryProblem | null;

/**
 * Judges a query on all its runs, and names the part of it that is proven guilty. A value of the sample comes first,
 * since it makes every other sign worthless. A filter is to blame only where the rows themselves prove nothing else.
 * @param whole what its rows should be of, in a message: "all requests"
 * @param wanted the sentence for rows that only a part of the query explains
 */
export function diagnoseRuns(ran: Ran, judge: JudgeRuns, whole: string, wanted: string): QueryProblem | null {
  const problem = judge(ran.runs);
  if (problem === null) return null;
  const { finding } = problem;
  const tables = finding.tables ?? [];
  const sample = provenPart(ran, judge, ['sample']);
  if (sample) return fitsSampleOnly(ran, sample, tables);
  if (finding.reason !== 'unexplained' && finding.reason !== 'query-wrong-filter') return problem;
  const part = provenPart(ran, judge, ['filter', 'havings', 'times']);
  if (finding.reason === 'query-wrong-filter') return wrongFilter(finding.saw, finding.wanted, part, tables);
  if (part === null && ran.runs.every((run) => run.rows.length > 0)) return problem;
  const saw = `over hidden data it gives ${rowCounts(ran.runs)} rows, and they are not of ${whole}.`;
  return wrongFilter(saw, wanted, part, tables);
}

/**
 * Rows may be right in several ways. Null when they are in one; else the problem of the way in which they come
 * furthest.
 */
export function nearestProblem<Way>(
  ways: readonly Way[],
  problemIn: (way: Way) => QueryProblem | null,
): QueryProblem | null {
  const problems: QueryProblem[] = [];
  for (const way of ways) {
    const problem = problemIn(way);
    if (problem === null) return null;
    problems.push(problem);
  }
  const rank = (problem: QueryProblem): number =>
    problem.finding.reason === 'unexplained' ? -1 : QUERY_PARTS.indexOf(problem.part);
  return problems.reduce((best, one) => (rank(one) > rank(best) ? one : best));
}

/**
 * A part of the query that is proven guilty: without it the results would be right. Null when there is no such part.
 * `taken`: which kinds of parts to look at.
 */
export function provenPart(
  ran: Ran,
  judge: JudgeRuns,
  taken: readonly QueryVariation['taken'][],
): QueryVariation | null {
  return (
    ran.variations.find((variation) => taken.includes(variation.taken) && judge(variation.runs) === null) ??
    null
  );
}

/** The values of one sample stand in the query: over other data it shows other rows, or none. */
export function fitsSampleOnly(ran: Ran, part: QueryVariation, tables: ResultTable[]): QueryProblem {
  return {
    part: 'rows',
    finding: {
      reason: 'query-fits-sample-only',
      saw: `over hidden data it gives ${rowCounts(ran.runs)} rows.`,
      wanted: 'a query that is right tomorrow and for other users, too.',
      cause: `It names what only your own data has: ${part.text}. Without that, its result is right.`,
      look: 'which values of your query come from the traces that you happened to see?',
      tables,
      seen: [{ kind: 'sample', text: part.text }],
    },
  };
}

/** One filter, having or time of the query keeps out rows that belong to the result, or lets others in. */
export function wrongFilter(
  saw: string,
  wanted: string,
  part: QueryVariation | null,
  tables: ResultTable[],
): QueryProblem {
  return {
    part: 'rows',
    finding: {
      reason: 'query-wrong-filter',
      saw,
      wanted,
      ...(part && { cause: `Without ${part.text} the result is right.` }),
      look: 'each filter of your query, and its time: which rows does it drop that the task asks for?',
      tables,
      seen: [{ kind: 'filter', text: part?.text ?? saw }],
    },
  };
}

/** How many rows each run gave, for a message: `17 and 20`. */
export function rowCounts(runs: readonly QueryRun[]): string {
  return runs.map((run) => run.rows.length).join(' and ');
}
