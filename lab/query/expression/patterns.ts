import type { RowSource } from '../../store/index.ts';
import { QueryError, type QueryProblem } from '../problems.ts';
import type { CalculatedField } from '../spec.ts';
import { patternsOf } from './functions.ts';
import { parseExpression } from './parse.ts';

/**
 * Whether the regular expressions of calculated fields can be read. The database reads them (RE2, as
 * Honeycomb does), and would fail in the middle of the query.
 * @param saved fields that stand beside the query
 * @param own the query's own
 * @throws QueryError that names the fields with those that cannot
 */
export async function checkPatterns(
  source: RowSource,
  saved: readonly CalculatedField[],
  own: readonly CalculatedField[],
): Promise<void> {
  const { dialect } = source;
  const problems: QueryProblem[] = [];
  const placed = [
    ...saved.map((field) => ({ ...field, place: `calculated field ${field.name}` })),
    ...own.map((field, index) => ({ ...field, place: `calculated_fields[${index}].expression` })),
  ];
  for (const { place, expression } of placed) {
    for (const pattern of patternsOf(parseExpression(expression))) {
      const sql = `select ${dialect.matches("''", dialect.placeholder(1, pattern))} as found`;
      const fault = await source.all(sql, [pattern]).then(
        () => null,
        (error: Error) => error,
      );
      if (!fault) continue;
      const why = dialect.patternFault(fault);
      // Not the pattern's fault: the query was ended, or the database has trouble.
      if (why === null) throw fault;
      const description = `the regular expression ${JSON.stringify(pattern)} cannot be read: ${why}`;
      problems.push({ field: place, code: 'invalid', description });
    }
  }
  if (problems.length > 0) throw new QueryError(problems);
}
