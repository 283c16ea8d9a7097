import type { Json, QueryFile, QueryOutcome, QueryRow, QueryRun } from '../evidence/index.ts';
import {
  type DataSet,
  type DataSetId,
  findSavedQuery,
  hiddenDataSets,
  WANTED,
  type WantedQuery,
} from '../hidden-data/index.ts';
import { narrowedOf, variationsOf } from './variations.ts';

type Lab = typeof import('@workshop/lab/query');
type Engine = Awaited<ReturnType<Lab['openQueryEngine']>>;

/** The hidden data of one seed, ready to be asked. */
export interface HiddenData {
  run(queries: Readonly<Record<string, QueryFile>>): Promise<Record<string, QueryOutcome>>;
  close(): Promise<void>;
}

/**
 * Runs the learner's saved queries over the hidden data of this seed, each also with one part taken away or a filter
 * added, so that a check can prove which part is guilty. The results go into the evidence; nothing is judged here.
 */
export async function runSavedQueries(
  queries: Readonly<Record<string, QueryFile>>,
  seed: number,
): Promise<Record<string, QueryOutcome>> {
  const hidden = await openHiddenData(seed);
  try {
    return await hidden.run(queries);
  } finally {
    await hidden.close();
  }
}

/** Nothing is loaded or made before a query is run: DuckDB takes 0.3 s. */
export async function openHiddenData(seed: number): Promise<HiddenData> {
  const engines = new Map<DataSetId, { engine: Engine; nowMs: number }>();
  let data: DataSet[] | undefined;
  const engineOf = async (lab: Lab, id: DataSetId): Promise<{ engine: Engine; nowMs: number }> => {
    const open = engines.get(id);
    if (open) return open;
    data ??= hiddenDataSets(seed);
    const { spans, nowMs } = data.find((one) => one.id === id) as DataSet;
    const opened = { engine: await lab.openQueryEngine(spans), nowMs };
    engines.set(id, opened);
    return opened;
  };
  const runOver = async (lab: Lab, query: unknown, dataSets: readonly DataSetId[]): Promise<QueryRun[]> => {
    const runs: QueryRun[] = [];
    for (const dataSet of dataSets) {
      const { engine, nowMs } = await engineOf(lab, dataSet);
      const result = await engine.run(query, { now: nowMs, disableSeries: true });
      runs.push({ dataSet, rows: result.data.results.map(({ data: row }) => flat(row)) });
    }
    return runs;
  };
  const outcomeOf = async (
    wanted: WantedQuery,
    queries: Readonly<Record<string, QueryFile>>,
  ): Promise<QueryOutcome> => {
    const found = findSavedQuery(queries, wanted);
    if (!found) return { state: 'missing' };
    const lab = await import('@workshop/lab/query');
    const read = queryOf(lab, found.file, found.content);
    if (!('query' in read)) return read;
    const { file, query } = read;
    const problems = problemsOf(lab, () => lab.validateQuery(query));
    if (problems) return { state: 'invalid', file, problems };
    const runs = await runOver(lab, query, wanted.dataSets);
    const variations = [];
    const asked = query as Record<string, Json>;
    for (const { query: varied, ...about } of [...variationsOf(asked), ...narrowedOf(asked)]) {
      if (!problemsOf(lab, () => lab.validateQuery(varied)))
        variations.push({ ...about, runs: await runOver(lab, varied, wanted.dataSets) });
    }
    return { state: 'ran', file, runs, variations };
  };
  return {
    run: async (queries) => {
      const outcomes: Record<string, QueryOutcome> = {};
      for (const wanted of WANTED) outcomes[wanted.id] = await outcomeOf(wanted, queries);
      return outcomes;
    },
    close: async () => {
      for (const { engine } of engines.values()) await engine.close();
    },
  };
}

/** The query inside a saved file, or what is wrong with the file. */
function queryOf(
  lab: Lab,
  file: string,
  content: QueryFile,
): QueryOutcome | { file: string; query: unknown } {
  if (content.state === 'broken') return { state: 'broken', file, message: content.message };
  const problems = problemsOf(lab, () => lab.parseSavedQuery(content.value));
  return problems
    ? { state: 'invalid', file, problems }
    : { file, query: lab.parseSavedQuery(content.value).query };
}

/** What the engine would refuse, by its own words; null when nothing. */
function problemsOf(lab: Lab, check: () => unknown): { field: string; description: string }[] | null {
  try {
    check();
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
