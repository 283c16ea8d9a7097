import { decodeTraceRequest } from '@workshop/telemetry';
import {
  CriticalPath,
  ImportAnswer,
  OtlpTraces,
  Problem,
  Trace,
  TraceComparison,
  TraceId,
  TraceList,
  TraceSearch,
  TwoTraceIds,
} from '../../api/index.ts';
import type { Collector } from '../../collection/index.ts';
import type { QueryThread } from '../../query-thread/index.ts';
import { answerWith, type LabApp } from '../app.ts';

/** Largest file that is imported, bytes. The receiver's own limit for a request. */
const IMPORT_LIMIT = 16 * 1024 * 1024;

/** Traces, one by one. All of it is read and built in the query thread. */
export function addTraceRoutes(
  app: LabApp,
  parts: { thread: QueryThread; collector: Pick<Collector, 'trouble' | 'take'> },
): void {
  const { thread, collector } = parts;
  const tags = ['traces'];
  const refusals = { 404: Problem, 409: Problem, 422: Problem, 504: Problem };

  app.get(
    '/api/traces',
    {
      schema: {
        summary: 'Traces, the newest or the slowest first',
        tags,
        querystring: TraceSearch,
        response: { 200: TraceList, 422: Problem, 504: Problem },
      },
    },
    ({ query }, reply) =>
      answerWith(thread, { kind: 'traces', search: query, trouble: collector.trouble() }, reply),
  );

  app.get(
    '/api/traces/:id',
    {
      schema: {
        summary: 'All spans of one trace, with every field',
        tags,
        params: TraceId,
        response: { 200: Trace, ...refusals },
      },
    },
    ({ params: { id } }, reply) => answerWith(thread, { kind: 'trace', id }, reply),
  );

  app.get(
    '/api/traces/:id/critical-path',
    {
      schema: {
        summary: 'What decided how long the trace took',
        tags,
        params: TraceId,
        response: { 200: CriticalPath, ...refusals },
      },
    },
    ({ params: { id } }, reply) => answerWith(thread, { kind: 'critical-path', id }, reply),
  );

  app.get(
    '/api/traces/:a/compare/:b',
    {
      schema: {
        summary: 'Two traces side by side: which spans belong together, and which are only in one',
        tags,
        params: TwoTraceIds,
        response: { 200: TraceComparison, ...refusals },
      },
    },
    ({ params: { a, b } }, reply) => answerWith(thread, { kind: 'compare-traces', a, b }, reply),
  );

  app.get(
    '/api/traces/:id/export',
    {
      schema: {
        summary: 'One trace as OTLP/JSON, to be kept as a file or sent elsewhere',
        tags,
        params: TraceId,
        response: { 200: OtlpTraces, ...refusals },
      },
    },
    ({ params: { id } }, reply) => {
      reply.header('content-disposition', `attachment; filename="trace-${id.slice(0, 8)}.json"`);
      return answerWith(thread, { kind: 'export-trace', id }, reply);
    },
  );

  void app.register(async (files: LabApp) => {
    // Read by the decoder of OTLP, which says what is wrong with it.
    files.removeContentTypeParser('application/json');
    files.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    files.post(
      '/api/traces/import',
      {
        bodyLimit: IMPORT_LIMIT,
        schema: {
          summary: 'Stores the traces of a file in OTLP/JSON, of at most 16 MiB, as if they had been sent',
          tags,
          response: { 200: ImportAnswer, 400: Problem, 413: Problem, 503: Problem },
        },
      },
      async ({ body }) => {
        const { spans, rejected } = decodeTraceRequest(body as Buffer, 'application/json');
        const { stored, duplicates } = await collector.take(spans);
        return {
          traceIds: [...new Set(spans.map(({ traceId }) => traceId))],
          spans: stored,
          duplicates,
          rejected,
        };
      },
    );
  });
}
