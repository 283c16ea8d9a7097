import type { Catalogue } from '../store/catalogue.ts';
import { PROMOTED_ATTRIBUTES, storedColumn } from '../store/columns.ts';
import { DUCKDB } from './dialect.ts';
import { QueryColumns } from './query-columns.ts';
import { RowsInQuestion } from './rows-in-question.ts';
import { type Filter, type QuerySpec, splitRelation } from './spec.ts';
import { Parameters, type Statement } from './statement.ts';
import { timeGrid } from './time.ts';

export interface Selection {
  filters?: Filter[];
  startMs?: number;
  endMs?: number;
}

/** Model columns whose values are worth comparing; times and ids differ always. */
const COMPARED = ['name', 'span.kind', 'status_code', 'status_message', 'library.name'];

/**
 * Statements for comparing selected spans with the others that the query is about. `totals` gives selected, rest,
 * selected_children, rest_roots; `counts` gives key, value, selected, rest for every attribute and value.
 */
export function selectionStatement(
  spec: QuerySpec,
  selection: Selection,
  catalogue: Catalogue,
  nowMs: number,
): { totals: Statement; counts(rootsOnly: boolean): Statement } {
  const statement = (write: (base: (select: string) => string) => string): Statement => {
    const parameters = new Parameters(DUCKDB);
    const columns = new QueryColumns(catalogue, DUCKDB);
    const compilation = { spec, grid: timeGrid(spec, nowMs), columns, dialect: DUCKDB, weighted: false };
    const rows = new RowsInQuestion(compilation, parameters);
    const conditions = (selection.filters ?? []).map(
      (filter) => `(${rows.fields.condition(filter, splitRelation(filter.column)[1], 's')})`,
    );
    if (selection.startMs !== undefined)
      conditions.push(`s.start_ms >= ${parameters.add(selection.startMs)}`);
    if (selection.endMs !== undefined) conditions.push(`s.start_ms < ${parameters.add(selection.endMs)}`);
    const inside = `coalesce(${conditions.join(' and ') || 'true'}, false) as inside`;
    const base = (select: string): string =>
      `select ${inside}, ${select} ${rows.from(false)} and s.annotation_type is null`;
    return { sql: write(base), parameters: parameters.values };
  };
  const count = (condition: string): string => `count(*) filter (where ${condition})::double`;
  return {
    totals: statement((base) => {
      const columns = [
        `${count('inside')} as selected`,
        `${count('not inside')} as rest`,
        `${count('inside and parent_id is not null')} as selected_children`,
        `${count('not inside and parent_id is null')} as rest_roots`,
      ];
      return `select ${columns.join(', ')} from (${base('s.parent_id')})`;
    }),
    counts: (rootsOnly) =>
      statement((base) => {
        const named = [
          ...COMPARED.map((name) => ({ name, sql: storedColumn(name)?.sql as string })),
          ...PROMOTED_ATTRIBUTES.map((column) => ({ name: column.name as string, sql: column.sql })),
        ];
        // The names are the engine's own constants, not input.
        const own = named.map(({ name, sql }) => `{'key': '${name}', 'value': ${sql}::varchar}`).join(', ');
        const shared = 'coalesce((select map_entries(attrs) from resources where id = resource_id), [])';
        const fields = `list_concat(map_entries(attrs), [${own}])`;
        const columns = [
          ...named.map(({ sql }) => `s.${sql}`),
          's.attrs',
          's.parent_id',
          's.resource_id',
        ].join(', ');
        const rows = `select * from (${base(columns)})${rootsOnly ? ' where parent_id is null' : ''}`;
        const ownKeys = PROMOTED_ATTRIBUTES.map((column) => `'${column.name}'`).join(', ');
        return `with w as (${rows}), e as (
            select inside, unnest(${fields}) as f from w
            union all select inside, f from (select inside, unnest(${shared}) as f from w) where f.key not in (${ownKeys}))
          select f.key as key, left(f.value, 200) as value, ${count('inside')} as selected, ${count('not inside')} as rest
          from e where f.value is not null group by all`;
      }),
  };
}
