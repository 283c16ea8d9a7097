import type { QueryOutcome, QueryRun, QueryVariation } from '../../../evidence/index.ts';
import type { Finding, ResultTable } from '../../finding.ts';

/** The part of an exercise that a finding belongs to, in the order in which they are looked at. */
export const QUERY_PARTS = ['runs', 'columns', 'rows', 'order'] as const;
export type QueryPart = (typeof QUERY_PARTS)[number];

/** What is wrong with a saved query. Everything before `part` is right. */
export interface QueryProblem {
  part: QueryPart;
  finding: Finding;
  /** the rows are right and too few: what keeps the others out is not known yet */
  tooFew?: true;
}

export type Ran = Extract<QueryOutcome, { state: 'ran' }>;
/** Judges results over hidden data; null when they are right. */
export type JudgeRuns = (runs: readonly QueryRun[]) => QueryProblem | null;

/** What a query should give, for messages. */
export interface WantedRows {
  /** what its rows should be of: "all requests" */
  whole: string;
  /** the sentence for rows that only a part of the query explains */
  sentence: string;
  /** it gives this many rows at most */
  most?: number;
}

/**
 * Judges a query on all its runs, and names the part of it that is proven guilty. A value of the sample comes first,
 * since it makes every other sign worthless. A filter is to blame only where the rows themselves prove nothing else,
 * and a limit only where the rows that it cut off are the missing ones.
 */
export function diagnoseRuns(ran: Ran, judge: JudgeRuns, wanted: WantedRows): QueryProblem | null {
  const problem = judge(ran.runs);
  if (problem === null) return null;
  const { finding } = problem;
  const tables = finding.tables ?? [];
  const sample = provenPart(ran, judge, ['sample']);
  if (sample) return fitsSampleOnly(ran, sample, tables);
  if (problem.tooFew) return whatKeepsOut(ran, judge, problem, wanted.most);
  if (finding.reason !== 'unexplained' && finding.reason !== 'query-wrong-filter') return problem;
  const part = provenPart(ran, judge, ['filter', 'havings', 'times']);
  if (finding.reason === 'query-wrong-filter')
    return part ? { ...problem, finding: blamed(finding, part) } : problem;
  const empty = ran.runs.some((run) => run.rows.length === 0);
  if (part === null && !empty) return otherRows(ran, judge, problem, wanted);
  const saw = empty
    ? `over hidden data it gives ${rowCounts(ran.runs)} rows.`
    : `over hidden data it gives ${rowCounts(ran.runs)} rows, and they are not of ${wanted.whole}.`;
  return wrongFilter(saw, wanted.sentence, part, tables);
}

/** With a filter more its result would be right, or with one in place of another: then it looks at other rows, too. */
function otherRows(ran: Ran, judge: JudgeRuns, problem: QueryProblem, wanted: WantedRows): QueryProblem {
  const tables = problem.finding.tables ?? [];
  if (provenPart(ran, judge, ['added'])) return countsOthers(wanted.whole, tables);
  const guilty = provenPart(ran, judge, ['replaced']);
  if (!guilty) return problem;
  const saw = `${guilty.text} keeps out some of ${wanted.whole}, and lets in other spans.`;
  return wrongFilter(
    saw,
    wanted.sentence,
    null,
    tables,
    'that filter of your query: does it hold for each row that you want, and for no other?',
  );
}

function countsOthers(whole: string, tables: ResultTable[]): QueryProblem {
  return {
    part: 'rows',
    finding: {
      reason: 'query-counts-spans',
      saw: `its rows are of ${whole}, and of other spans besides.`,
      wanted: 'one row for each of them: the span that stands for it, and no other.',
      cause: 'Without the other spans the result is right.',
      look: 'exercises/05-saved-queries/README.md, "One request, many rows".',
      tables,
      seen: [{ kind: 'rows', text: 'other spans besides' }],
    },
  };
}

/** Right rows, but too few: whether the limit cut the others off, or a filter dropped them. */
function whatKeepsOut(ran: Ran, judge: JudgeRuns, problem: QueryProblem, most = Infinity): QueryProblem {
  const { finding } = problem;
  const first: JudgeRuns = (runs) => judge(runs.map((run) => ({ ...run, rows: run.rows.slice(0, most) })));
  const limit = provenPart(ran, first, ['limit']);
  if (limit) {
    const cause = `Its ${limit.text} cuts off the others: with a higher one they are there.`;
    return { ...problem, finding: { ...finding, cause, look: 'the limit of your query.' } };
  }
  const part = provenPart(ran, judge, ['filter', 'havings', 'times']);
  return part ? wrongFilter(finding.saw, finding.wanted, part, finding.tables ?? []) : problem;
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

/**
 * The query keeps out rows that belong to the result, or lets others in.
 * @param part the filter, having or time that is proven guilty; null: none is
 * @param look where to look while none is
 */
export function wrongFilter(
  saw: string,
  wanted: string,
  part: QueryVariation | null,
  tables: ResultTable[],
  look = 'the filters, the havings and the time of your query: what does each of them keep out?',
): QueryProblem {
  const finding: Finding = {
    reason: 'query-wrong-filter',
    saw,
    wanted,
    look,
    tables,
    seen: [{ kind: 'filter', text: saw }],
  };
  return { part: 'rows', finding: part ? blamed(finding, part) : finding };
}

function blamed(finding: Finding, part: QueryVariation): Finding {
  return {
    ...finding,
    cause: `Without ${part.text} the result is right.`,
    look:
      part.taken === 'times'
        ? 'how far back your query looks.'
        : 'what that part of your query keeps out, and what the task asks for.',
    seen: [{ kind: 'filter', text: part.text }],
  };
}

/** How many rows each run gave, for a message: `17 and 20`, or once when all gave as many. */
export function rowCounts(runs: readonly QueryRun[]): string {
  const counts = runs.map((run) => (run.rows.length === 0 ? 'no' : String(run.rows.length)));
  return new Set(counts).size === 1 ? (counts[0] as string) : counts.join(' and ');
}
