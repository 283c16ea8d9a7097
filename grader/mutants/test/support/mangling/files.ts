import type { Evidence, Json, QueryOutcome } from '../../../../evidence/index.ts';
import { picked, type Way } from './way.ts';

/** Odd answers, and odd results of saved queries. */
export const FILES: Record<string, Way> = {
  'answers are missing': (evidence) => {
    evidence.answers = { state: 'missing' };
  },
  'answers are something else': (evidence, at) => {
    const key = evidence.exercise.slice(0, 2);
    evidence.answers = { state: 'read', values: { [key]: picked<Json>(ODD, at) ?? null } };
  },
  'queries gave nothing': (evidence) => rewriteRuns(evidence, () => []),
  'queries gave rows of nothing': (evidence) => rewriteRuns(evidence, (rows) => rows.map(() => ({}))),
  'queries gave null': (evidence) =>
    rewriteRuns(evidence, (rows) =>
      rows.map((row) => Object.fromEntries(Object.keys(row).map((column) => [column, null]))),
    ),
  'queries gave text': (evidence) =>
    rewriteRuns(evidence, (rows) =>
      rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([column, value]) => [column, String(value)])),
      ),
    ),
  'queries gave other columns': (evidence) =>
    rewriteRuns(evidence, (rows) =>
      rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([column, value]) => [`other ${column}`, value])),
      ),
    ),
  'one query is missing': (evidence, at) => {
    const [id, outcome] = picked(Object.entries(evidence.queryResults ?? {}), at) ?? [];
    if (!id || !outcome || !evidence.queryResults) return;
    const file = 'file' in outcome ? outcome.file : `${id}.json`;
    evidence.queryResults[id] = picked<QueryOutcome>(
      [
        { state: 'missing' },
        { state: 'broken', file, message: 'no JSON' },
        { state: 'invalid', file, problems: [] },
      ],
      at,
    ) as QueryOutcome;
  },
};

const ODD: Json[] = [
  null,
  '',
  ' ',
  0,
  -1,
  1e300,
  true,
  [],
  {},
  ['165'],
  { '01': 165 },
  '\u001b[31m',
  '\u0000',
  'x'.repeat(10_000),
];

type Rows = Extract<QueryOutcome, { state: 'ran' }>['runs'][number]['rows'];

function rewriteRuns({ queryResults }: Evidence, rewrite: (rows: Rows) => Rows): void {
  for (const outcome of Object.values(queryResults ?? {})) {
    if (outcome.state !== 'ran') continue;
    for (const run of [...outcome.runs, ...outcome.variations.flatMap(({ runs }) => runs)])
      run.rows = rewrite(run.rows);
  }
}
