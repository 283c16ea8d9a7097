import { QueryError, type QueryProblem } from './problems.ts';

/** A query as a file or Honeycomb gave it, not validated yet. Only what is read before that is typed. */
export interface StoredQuery {
  id?: string;
  breakdowns?: string[];
  calculations?: { op: string; column?: string | null }[];
  filters?: { column: string | null; op: string; value?: unknown }[];
  filter_combination?: 'AND' | 'OR';
  orders?: { column?: string; op?: string; order?: 'ascending' | 'descending' }[];
  limit?: number;
  time_range?: number;
  start_time?: number;
  end_time?: number;
  [key: string]: unknown;
}

/** A saved query, as a file of `queries/` holds it: Honeycomb's query with Honeycomb's annotation. */
export interface SavedQuery {
  name: string;
  description: string;
  query: StoredQuery;
}

/** Honeycomb's limits for an annotation, in characters. */
const MAX_NAME = 320;
const MAX_DESCRIPTION = 1_023;

/**
 * The value of a file as a saved query. Looks at the shape of the file only: `validateQuery` checks the query in it.
 * @throws QueryError that names every field with a problem; `(the file)` when it is none of them
 */
export function parseSavedQuery(value: unknown): SavedQuery {
  if (!isObject(value)) {
    const description = 'a saved query is {"name": ..., "description": ..., "query": {...}}';
    throw new QueryError([{ field: '(the file)', code: 'incorrect_type', description }]);
  }
  const { name, description = '', query } = value;
  const problems = [...queryProblems(value), ...nameProblems(name), ...descriptionProblems(description)];
  if (problems.length > 0) throw new QueryError(problems);
  return { name: name as string, description: description as string, query: query as StoredQuery };
}

/** The text of a file of `queries/`. */
export function formatSavedQuery({ name, description, query }: SavedQuery): string {
  return `${JSON.stringify({ name, description, query }, null, 2)}\n`;
}

function queryProblems(file: Record<string, unknown>): QueryProblem[] {
  const { query } = file;
  if (isObject(query)) return [];
  if (query !== undefined && query !== null)
    return [{ field: 'query', code: 'incorrect_type', description: 'a query is a JSON object' }];
  const bare = 'calculations' in file || 'breakdowns' in file;
  const description = bare
    ? 'the query itself stands below "query", beside "name"'
    : 'it is missing: the query itself stands there';
  return [{ field: 'query', code: 'missing', description }];
}

function nameProblems(name: unknown): QueryProblem[] {
  if (typeof name !== 'string' || name.trim() === '')
    return [{ field: 'name', code: 'missing', description: 'a saved query has a name' }];
  return name.length > MAX_NAME ? [tooLong('name', MAX_NAME)] : [];
}

function descriptionProblems(description: unknown): QueryProblem[] {
  if (typeof description !== 'string')
    return [{ field: 'description', code: 'incorrect_type', description: 'a description is a text' }];
  return description.length > MAX_DESCRIPTION ? [tooLong('description', MAX_DESCRIPTION)] : [];
}

function tooLong(field: string, most: number): QueryProblem {
  return { field, code: 'invalid', description: `it has at most ${most} characters, as in Honeycomb` };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
