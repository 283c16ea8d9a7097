import { HttpErrorResponse } from '@angular/common/http';
import type { ClauseProblem } from './builder/clause-problem';
import { listOf, type QuerySpec } from './spec';

const UNKNOWN = /^No span has the column (.+?)\.(?: Did you mean (.+)\?)?$/s;

/** What the lab says of each clause: why it refused the query, or which column no span has. */
export function clauseProblems(query: QuerySpec, error: unknown, notes: readonly string[]): ClauseProblem[] {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  if (cause instanceof HttpErrorResponse) {
    const fields = (cause.error as { type_detail?: { field: string; description: string }[] } | null)
      ?.type_detail;
    return (fields ?? []).map(({ field, description }) => ({ field, text: description, isNote: false }));
  }
  return notes.flatMap((note) => {
    const [, was, is] = UNKNOWN.exec(note) ?? [];
    if (was === undefined) return [];
    const problem = { text: note, isNote: true, ...(is !== undefined && { instead: { was, is } }) };
    return placesOf(query, was).map((field) => ({ field, ...problem }));
  });
}

/** Paths of the clauses that name a column; a path of none when only an expression does. */
function placesOf(query: QuerySpec, column: string): string[] {
  const named = (name: unknown): boolean =>
    typeof name === 'string' && (name === column || name.replace(/^[a-z]+\d?\./, '') === column);
  const places = [
    ...listOf<string>(query, 'breakdowns').map((name, at) => [named(name), `breakdowns[${at}]`] as const),
    ...(['calculations', 'filters'] as const).flatMap((key) =>
      listOf<{ column?: string }>(query, key).map(
        (item, at) => [named(item.column), `${key}[${at}].column`] as const,
      ),
    ),
  ];
  const found = places.flatMap(([isNamed, path]) => (isNamed ? [path] : []));
  return found.length > 0 ? found : ['columns'];
}
