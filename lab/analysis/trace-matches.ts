import type { TraceSearch } from '../api/index.ts';
import { Fields } from '../query/fields.ts';
import { QueryColumns } from '../query/query-columns.ts';
import type { Parameters } from '../query/statement.ts';
import { PROMOTED_ATTRIBUTES } from '../store/columns.ts';
import type { RowSource } from '../store/index.ts';
import { type SearchWord, searchWords } from './search-words.ts';

/** An id is recognised from so many digits on: a shorter word may well be one. */
const ID = /^[0-9a-f]{6,32}$/i;
const TEXT_COLUMNS = ['name', 'status_message', ...PROMOTED_ATTRIBUTES.map((column) => column.sql)];

/**
 * Conditions on rows, each of which keeps the traces of which some span, event or link is as the search says.
 * @param among a condition on the rows `s` that are looked at
 */
export async function matchesOf(
  source: RowSource,
  search: TraceSearch,
  parameters: Parameters,
  among: string,
): Promise<string[]> {
  const traces = (table: string, condition: string, excluded = false): string =>
    `trace_id ${excluded ? 'not in' : 'in'} (select s.trace_id from ${table} where ${among} and ${condition})`;
  const { dialect } = source;
  const words = searchWords(search.q ?? '');
  const needsColumns = words.length > 0;
  const columns = needsColumns ? new QueryColumns(await source.catalogue(), dialect) : null;
  const conditions = words.map((word) => {
    const fields = new Fields(columns as QueryColumns, parameters);
    const condition = conditionOf(word, fields, columns as QueryColumns, parameters);
    return traces(fields.table('s'), condition, word.excluded);
  });
  if (search.trace !== undefined)
    conditions.push(dialect.startsWith('trace_id', parameters.add(search.trace.toLowerCase())));
  if (search.service !== undefined)
    conditions.push(traces('spans s', `s.service = ${parameters.add(search.service)}`));
  if (search.error !== undefined)
    conditions.push(traces('spans s', 's.status_code = 2', search.error === 'false'));
  return conditions;
}

function conditionOf(
  word: SearchWord,
  fields: Fields,
  columns: QueryColumns,
  parameters: Parameters,
): string {
  if (word.key !== null)
    return fields.condition(
      {
        column: word.key,
        op: word.operator,
        value: word.operator === '=' ? word.text : Number(word.text),
      },
      word.key,
      's',
    );
  const { dialect } = columns;
  const part = parameters.add(word.text.toLowerCase());
  const contains = (text: string): string => dialect.contains(dialect.lowerCase(text), part);
  const any = [
    ...TEXT_COLUMNS.map((column) => contains(`s.${column}`)),
    contains(dialect.attributeValues('s')),
  ];
  if (!word.quoted && columns.catalogue.types(word.text).length > 0)
    any.push(fields.condition({ column: word.text, op: 'exists' }, word.text, 's'));
  if (!word.quoted && ID.test(word.text)) any.push(dialect.startsWith('s.trace_id', part));
  return `(${any.join(' or ')})`;
}
