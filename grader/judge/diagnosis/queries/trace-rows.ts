import type { QueryRow, QueryRun } from '../../../evidence/index.ts';
import type { Row } from '../../../hidden-data/index.ts';
import type { Reason } from '../../reasons.ts';

export const isRoot = (row: Row): boolean => row.type === 'span' && row.parentId === null;
export const isServer = (row: Row): boolean => row.kind === 'SERVER' && row.service === 'murmur-api';

/**
 * A trace that stands in several rows of a result, and what its rows are: spans, both ends of a call, or events.
 * @param rowsBehind the rows of the data that a run was over
 * @param nameColumn the column with the rows' names; without one, all rows of the trace may be meant
 */
export function doubledTrace(
  runs: readonly QueryRun[],
  rowsBehind: (run: QueryRun) => readonly Row[],
  traceColumn: string,
  nameColumn: string | null,
): { reason: Reason; saw: string } | null {
  for (const run of runs) {
    const several = [...Map.groupBy(run.rows, (row) => String(row[traceColumn] ?? ''))].filter(
      ([, rows]) => rows.length > 1,
    );
    const [trace, shown = []] = several.sort((a, b) => b[1].length - a[1].length)[0] ?? [];
    if (trace === undefined) continue;
    const extra = several.flatMap(([id, rows]) =>
      extraRows(
        rowsBehind(run).filter((row) => row.traceId === id),
        rows,
        nameColumn,
      ),
    );
    const [reason, what] = kindOf(extra);
    const names = [...new Set(shown.map((row) => String(row[nameColumn ?? ''] ?? 'no name')))].slice(0, 4);
    const listed = nameColumn === null ? '' : `: ${names.join(', ')}`;
    return { reason, saw: `trace ${trace.slice(0, 8)} stands in ${shown.length} rows${listed}. ${what}` };
  }
  return null;
}

/** Of the rows that a trace is shown with, all but the one that may stand for it. */
function extraRows(all: readonly Row[], shown: readonly QueryRow[], nameColumn: string | null): Row[] {
  const names = nameColumn === null ? null : new Set(shown.map((row) => String(row[nameColumn] ?? '')));
  const found = all.filter((row) => names === null || names.has(row.name));
  const kept = found.find(isRoot) ?? found.find(isServer);
  return found.filter((row) => row !== kept);
}

function kindOf(extra: readonly Row[]): [Reason, string] {
  if (extra.length > 0 && extra.every((row) => row.type !== 'span'))
    return ['query-counts-events', 'Events and links of spans are rows of their own.'];
  if (extra.length > 0 && extra.every((row) => isServer(row) || (row.kind === 'CLIENT' && isRoot(row))))
    return ['query-counts-both-ends', 'They are the CLIENT and the SERVER span of one call.'];
  return ['query-counts-spans', 'Each span is a row.'];
}
