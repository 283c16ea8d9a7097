import type { QueryOutcome, QueryRun, QueryVariation } from '../../../evidence/index.ts';
import type { Failure, ResultTable } from '../../verdict.ts';

/** The part of an exercise that a failure belongs to, in the order in which they are looked at. */
export const QUERY_PARTS = ['runs', 'columns', 'rows', 'order'] as const;
export type QueryPart = (typeof QUERY_PARTS)[number];

/** What is wrong with a saved query. Everything before `part` is right. */
export interface QueryProblem {
  part: QueryPart;
  failure: Failure;
}

export type Ran = Extract<QueryOutcome, { state: 'ran' }>;
/** Judges results over hidden data; null when they are right. */
export type JudgeRuns = (runs: readonly QueryRun[]) => QueryProblem | null;

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
  const rows = ran.runs.map((run) => run.rows.length).join(' and ');
  return {
    part: 'rows',
    failure: {
      reason: 'query-fits-sample-only',
      saw: `over hidden data it gives ${rows} rows.`,
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
    failure: {
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
