import assert from 'node:assert/strict';
import { QueryError, validateQuery } from '../index.ts';

/** field -> part of the description, for each problem of a query */
export function problemsOf(query: unknown): Record<string, string> {
  try {
    validateQuery(query);
    return {};
  } catch (error) {
    assert.ok(error instanceof QueryError);
    return Object.fromEntries(error.problems.map((problem) => [problem.field, problem.description]));
  }
}
