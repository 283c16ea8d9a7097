import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expressionFault, MAX_EXPRESSION, parseExpression } from './expression/index.ts';
import { QueryError, type QueryProblem } from './problems.ts';
import type { CalculatedField } from './spec.ts';

/** The folder beside the saved queries. */
const FOLDER = 'calculated-fields';
/** Honeycomb's limit for the name, in characters. */
const MAX_ALIAS = 255;
const MAX_DESCRIPTION = 255;

export interface SavedField extends CalculatedField {
  description?: string;
}

/**
 * The calculated fields that are saved beside the queries, one in a file, in the form of Honeycomb's API:
 * `{"alias": "is_slow", "expression": "$duration_ms > 500", "description": "..."}`. Every query may read them.
 * @param queries the folder of the saved queries
 * @throws QueryError that names each file with a problem
 */
export function readCalculatedFields(queries: string): SavedField[] {
  const dir = path.join(queries, FOLDER);
  if (!existsSync(dir)) return [];
  const problems: QueryProblem[] = [];
  const fields = new Map<string, SavedField>();
  for (const file of readdirSync(dir)
    .filter((name) => name.endsWith('.json'))
    .sort()) {
    const read = readField(path.join(dir, file));
    const wrong =
      typeof read === 'string'
        ? read
        : fields.has(read.name)
          ? `the alias "${read.name}" is used twice`
          : null;
    if (wrong !== null) problems.push({ field: `${FOLDER}/${file}`, code: 'invalid', description: wrong });
    else if (typeof read !== 'string') fields.set(read.name, read);
  }
  if (problems.length > 0) throw new QueryError(problems);
  return [...fields.values()];
}

/** The field in a file, or what is wrong with the file. */
function readField(file: string): SavedField | string {
  let value: { alias?: unknown; expression?: unknown; description?: unknown } | null;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return `it cannot be read: ${(error as Error).message}`;
  }
  const { alias, expression, description } = value ?? {};
  if (typeof alias !== 'string' || alias === '' || alias.length > MAX_ALIAS)
    return `a calculated field has an "alias" of 1 to ${MAX_ALIAS} characters`;
  if (typeof expression !== 'string' || expression === '' || expression.length > MAX_EXPRESSION)
    return `a calculated field has an "expression" of 1 to ${MAX_EXPRESSION} characters`;
  if (description !== undefined && (typeof description !== 'string' || description.length > MAX_DESCRIPTION))
    return `its "description" is a text of at most ${MAX_DESCRIPTION} characters`;
  const field = { name: alias, expression, ...(description !== undefined && { description }) };
  try {
    return expressionFault(parseExpression(expression), 'field') ?? field;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return error.message;
  }
}
