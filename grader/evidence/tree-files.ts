/** What a learner writes beside code, as it stands in the tree: answers and saved queries, and what became of these. */

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** answers.json as it stands in the tree. */
export type AnswersFile =
  | { state: 'read'; values: Record<string, Json> }
  | { state: 'missing' }
  | { state: 'broken'; message: string };

/** One file of queries/ as it stands in the tree. */
export type QueryFile = { state: 'read'; value: Json } | { state: 'broken'; message: string };

/** What became of one wanted query. */
export type QueryOutcome =
  | { state: 'missing' }
  | { state: 'broken'; file: string; message: string }
  | { state: 'invalid'; file: string; problems: { field: string; description: string }[] }
  | { state: 'ran'; file: string; runs: QueryRun[]; variations: QueryVariation[] };

/** One row of a result by column; a heatmap is the text `(heatmap)`. */
export type QueryRow = Record<string, string | number | boolean | null>;

/** The rows that a query gave over one hidden data set, in order. */
export interface QueryRun {
  dataSet: string;
  rows: QueryRow[];
}

/** The same query with one part taken away or a filter added, to prove what that part does or what is missing. */
export interface QueryVariation {
  taken: 'sample' | 'times' | 'filter' | 'havings' | 'limit' | 'added' | 'replaced';
  /** the part, or the filter, in words */
  text: string;
  runs: QueryRun[];
}
