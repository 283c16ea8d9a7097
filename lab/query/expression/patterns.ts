import type { RowSource } from '../../store/index.ts';
import { DIALECT } from '../dialect/index.ts';
import { QueryError, type QueryProblem } from '../problems.ts';
import type { CalculatedField } from '../spec.ts';
import { patternsOf } from './functions.ts';
import { parseExpression } from './parse.ts';

/**
 * Whether the regular expressions of calculated fields can be read. The database reads them (RE2, as
 * Honeycomb does), and would fail in the middle of the query.
 * @throws QueryError that names the fields with those that cannot
 */
export async function checkPatterns(source: RowSource, fields: readonly CalculatedField[]): Promise<void> {
  const problems: QueryProblem[] = [];
  for (const { name, expression } of fields) {
    for (const pattern of patternsOf(parseExpression(expression))) {
      const sql = `select ${DIALECT.matches("''", DIALECT.placeholder(1, pattern))} as found`;
      const fault = await source.all(sql, [pattern]).then(
        () => null,
        (error: Error) => error,
      );
      if (!fault) continue;
      const why = DIALECT.patternFault(fault);
      // Not the pattern's fault: the query was ended, or the database has trouble.
      if (why === null) throw fault;
      const description = `the regular expression ${JSON.stringify(pattern)} cannot be read: ${why}`;
      problems.push({ field: `calculated field ${name}`, code: 'invalid', description });
    }
  }
  if (problems.length > 0) throw new QueryError(problems);
}
