import { compactSpans } from '@workshop/telemetry';
import { traceRequestJson } from '@workshop/telemetry/otlp-json';
import {
  compareSelection,
  compareTraces,
  criticalPath,
  distributions,
  knownTrace,
  listTraces,
  type SelectionRequest,
  type ServiceGraphOptions,
  serviceGraph,
} from '../analysis/index.ts';
import type { CriticalPath, TraceSearch } from '../api/index.ts';
import { honeycombResult, type ShownResult } from '../honeycomb-api/result-shape.ts';
import { type QuerySpec, queryNotes, type RunOptions, runQueryLazily } from '../query/index.ts';
import { type SloFiles, sloList } from '../slo/index.ts';
import type { RowSource } from '../store/index.ts';

/** What is asked of the thread. */
export type Job =
  | { kind: 'query'; input: unknown; options: RunOptions }
  /** the same in the shape of Honeycomb's Query Data API */
  | { kind: 'query-result'; input: QuerySpec; options: RunOptions; shown: ShownResult }
  | { kind: 'slos'; files: SloFiles }
  | { kind: 'compare-selection'; request: SelectionRequest }
  | { kind: 'distributions'; query: QuerySpec }
  | { kind: 'service-graph'; options: ServiceGraphOptions }
  /** @param trouble goes into the answer */
  | { kind: 'traces'; search: TraceSearch; trouble: string[] }
  | { kind: 'trace' | 'critical-path' | 'export-trace'; id: string }
  | { kind: 'compare-traces'; a: string; b: string };

/** The answer of a job as pieces of JSON text, none of them much longer than a megabyte. */
export async function* answerOf(job: Job, rows: RowSource): AsyncGenerator<string> {
  yield* jsonPieces(await resultOf(job, rows));
}

async function resultOf(job: Job, rows: RowSource): Promise<object> {
  switch (job.kind) {
    case 'compare-selection':
      return compareSelection(rows, job.request);
    case 'distributions':
      return distributions(rows, job.query);
    case 'service-graph':
      return serviceGraph(rows, job.options);
    case 'traces':
      return { ...(await listTraces(rows, job.search)), trouble: job.trouble };
    case 'trace': {
      const spans = await knownTrace(rows, job.id);
      const compact = compactSpans(spans);
      return { traceId: spans[0].traceId, ...compact, spans: compact.spans.values() };
    }
    case 'critical-path':
      return criticalPath(await knownTrace(rows, job.id)) as CriticalPath;
    case 'export-trace':
      return traceRequestJson(await knownTrace(rows, job.id));
    case 'compare-traces':
      return compareTraces(await knownTrace(rows, job.a), await knownTrace(rows, job.b));
    case 'slos':
      return sloList(rows, job.files);
    case 'query-result':
      return honeycombResult(await runQueryLazily(rows, job.input, job.options), job.shown);
    case 'query': {
      const result = await runQueryLazily(rows, job.input, job.options);
      // Beside Honeycomb's shape and only when there is something to say: what reads that shape is not disturbed.
      const notes = await queryNotes(rows, result);
      return notes.length > 0 ? { ...result, notes } : result;
    }
  }
}

const ITEMS_A_PIECE = 2_000;

/** A value as JSON. What can only be read once, item by item, becomes a list, in pieces. */
export function* jsonPieces(value: unknown): Generator<string> {
  if (isLazy(value)) yield* listPieces(value);
  else if (hasLazy(value)) {
    let before = '{';
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined) continue;
      yield `${before}${JSON.stringify(key)}:`;
      yield* jsonPieces(item);
      before = ',';
    }
    yield before === '{' ? '{}' : '}';
  } else yield JSON.stringify(value);
}

function* listPieces(items: Iterable<unknown>): Generator<string> {
  let part: unknown[] = [];
  let before = '[';
  for (const item of items) {
    if (part.push(item) < ITEMS_A_PIECE) continue;
    yield before + JSON.stringify(part).slice(1, -1);
    before = ',';
    part = [];
  }
  if (part.length > 0 || before === '[') yield before + JSON.stringify(part).slice(1, -1);
  yield ']';
}

function isLazy(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value && !Array.isArray(value);
}

function hasLazy(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).some((item) => isLazy(item) || hasLazy(item));
}
