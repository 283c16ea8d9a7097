import type { Json, QueryFile, QueryOutcome, QueryRow, QueryRun } from '../evidence/index.ts';
import {
  type DataSet,
  type DataSetId,
  findSavedQuery,
  hiddenDataSets,
  WANTED,
} from '../hidden-data/index.ts';
import { variationsOf } from './variations.ts';

type Lab = typeof import('@workshop/lab/query');
type Engine = Awaited<ReturnType<Lab['openQueryEngine']>>;

/**
 * Runs the learner's saved queries over the hidden data of this seed, each also with one part taken away, so that
 * a check can prove which part is guilty. The results go into the evidence; nothing is judged here.
 *
 * DuckDB is loaded only when there is a query to run.
 */
export async function runSavedQueries(
  queries: Readonly<Record<string, QueryFile>>,
  seed: number,
): Promise<Record<string, QueryOutcome>> {
  const outcomes: Record<string, QueryOutcome> = {};
  const ready: { id: string; file: string; query: unknown; dataSets: readonly DataSetId[] }[] = [];
  for (const wanted of WANTED) {
    const found = findSavedQuery(queries, wanted);
    const read = found ? queryOf(found.file, found.content) : { state: 'missing' as const };
    if ('query' in read) ready.push({ id: wanted.id, ...read, dataSets: wanted.dataSets });
    else outcomes[wanted.id] = read;
  }
  if (ready.length === 0) return outcomes;

  const lab = await import('@workshop/lab/query');
  const engines = new Map<DataSetId, { engine: Engine; data: DataSet }>();
  try {
    for (const { id, file, query, dataSets } of ready) {
      const problems = problemsOf(lab, query);
      if (problems) {
        outcomes[id] = { state: 'invalid', file, problems };
        continue;
      }
      for (const data of engines.size === 0 ? hiddenDataSets(seed) : []) {
        engines.set(data.id, { engine: await lab.openQueryEngine(data.spans), data });
      }
      const runOver = async (one: unknown): Promise<QueryRun[]> => {
        const runs: QueryRun[] = [];
        for (const set of dataSets) {
          const { engine, data } = engines.get(set) as { engine: Engine; data: DataSet };
          const result = await engine.run(one, { now: data.nowMs, disableSeries: true });
          runs.push({ dataSet: set, rows: result.data.results.map(({ data: row }) => flat(row)) });
        }
        return runs;
      };
      const runs = await runOver(query);
      const variations = [];
      for (const { query: varied, ...about } of variationsOf(query as Record<string, Json>)) {
        if (!problemsOf(lab, varied)) variations.push({ ...about, runs: await runOver(varied) });
      }
      outcomes[id] = { state: 'ran', file, runs, variations };
    }
  } finally {
    for (const { engine } of engines.values()) engine.close();
  }
  return outcomes;
}

/** The query inside a saved file, or what is wrong with the file. */
function queryOf(file: string, content: QueryFile): QueryOutcome | { file: string; query: unknown } {
  if (content.state === 'broken') return { state: 'broken', file, message: content.message };
  const saved = content.value;
  const invalid = (field: string, description: string): QueryOutcome => ({
    state: 'invalid',
    file,
    problems: [{ field, description }],
  });
  if (typeof saved !== 'object' || saved === null || Array.isArray(saved)) {
    return invalid('(the file)', 'a saved query is {"name": ..., "description": ..., "query": {...}}');
  }
  if (saved.query === undefined) {
    const bare = 'calculations' in saved || 'breakdowns' in saved;
    return invalid(
      'query',
      bare
        ? 'the query itself stands below "query", beside "name"'
        : 'it is missing: the query itself stands there',
    );
  }
  if (typeof saved.name !== 'string' || saved.name.trim() === '')
    return invalid('name', 'a saved query has a name');
  return { file, query: saved.query };
}

/** What the engine would refuse, by its own words; null when nothing. */
function problemsOf(lab: Lab, query: unknown): { field: string; description: string }[] | null {
  try {
    lab.validateQuery(query);
    return null;
  } catch (error) {
    if (!(error instanceof lab.QueryError)) throw error;
    return error.problems.map(({ field, description }) => ({ field, description }));
  }
}

/** Heatmaps are pictures: only that there is one is kept. */
function flat(row: Record<string, unknown>): QueryRow {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      typeof value === 'object' && value !== null ? '(heatmap)' : (value as QueryRow[string]),
    ]),
  );
}
