import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import {
  AmbiguousTraceId,
  criticalPath,
  recentTraces,
  type SelectionRequest,
  traceById,
} from '../analysis/index.ts';
import type { Collector } from '../collection/index.ts';
import { QueryError, readCalculatedFields } from '../query/index.ts';
import { type Job, type QueryThread, QueryTimeout } from '../query-thread/index.ts';
import type { Store } from '../store/index.ts';
import { isAllowedHost } from './allowed-hosts.ts';
import { columnList } from './columns.ts';
import { openApiDocument } from './openapi.ts';
import { type PageFiles, PageRoutes } from './page.ts';

export interface ApiOptions {
  store: Store;
  /** builds the results of queries */
  thread: QueryThread;
  collector: Pick<Collector, 'counts' | 'trouble'>;
  /** folder of the saved queries */
  queries?: string;
  /** what a browser gets on the paths that are not the API's; absent: nothing */
  page?: PageFiles;
}

/** Largest query or selection that is read, bytes. */
const BODY_LIMIT = 1024 * 1024;

/** The lab's HTTP API. Errors are problems as Honeycomb sends them (RFC 7807, with type_detail for fields). */
export async function createApi(options: ApiOptions): Promise<FastifyInstance> {
  const { store, thread, collector, queries } = options;
  const page = options.page && new PageRoutes(options.page);
  const server = Fastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: true });
  server.addHook('onRequest', async (request, reply) => {
    const port = (server.server.address() as AddressInfo | null)?.port ?? 0;
    if (!isAllowedHost(request.headers.host, port)) {
      return reply.code(403).send(problem(403, 'forbidden', 'The lab answers this machine only.'));
    }
  });
  server.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    if (error instanceof QueryError) {
      return reply
        .code(422)
        .send({ ...problem(422, 'validation-failed', error.message), type_detail: error.problems });
    }
    if (error instanceof AmbiguousTraceId)
      return reply.code(409).send(problem(409, 'conflict', error.message));
    if (error instanceof QueryTimeout) return reply.code(504).send(problem(504, 'timeout', error.text));
    const status = error.statusCode ?? 500;
    return reply.code(status).send(problem(status, status < 500 ? 'unparseable' : 'internal', error.message));
  });
  server.setNotFoundHandler((request, reply) => {
    if (page?.isFor(request)) return page.answer(request, reply);
    const text = `There is nothing at ${request.method} ${request.url}.`;
    return reply.code(404).send(problem(404, 'not-found', text));
  });

  server.get('/health', async () => {
    const memoryBytes = process.memoryUsage.rss();
    const trouble = [...collector.trouble(), ...removedText(store)];
    const status = trouble.length === 0 ? 'ok' : 'trouble';
    return { status, trouble, ...(await store.size()), memoryBytes, received: collector.counts };
  });
  server.get('/openapi.json', async () => openApiDocument);
  server.get('/api/columns', async () => columnList(await store.catalogue()));
  const answer = async (job: Job, reply: FastifyReply): Promise<FastifyReply> => {
    const asker = new AbortController();
    // The asker hung up: a query that nobody waits for would hold up the next one.
    reply.raw.once('close', () => asker.abort());
    return reply.type('application/json; charset=utf-8').send(await thread.run(job, asker.signal));
  };
  server.post<{ Body: unknown; Querystring: Record<string, string> }>('/api/query', (request, reply) => {
    const flag = (name: string): boolean | undefined =>
      name in request.query ? request.query[name] !== 'false' : undefined;
    const options = {
      disableSeries: flag('disable_series'),
      disableTotalByAggregate: flag('disable_total_by_aggregate'),
      savedFields: queries === undefined ? [] : readCalculatedFields(queries),
    };
    return answer({ kind: 'query', input: request.body, options }, reply);
  });
  server.get<{ Querystring: { limit?: string; service?: string; before?: string } }>(
    '/api/traces',
    async (request) => {
      const { limit, service, before } = request.query;
      const options = {
        limit: wholeNumber('limit', limit, 1, 1_000),
        service,
        beforeMs: number('before', before),
      };
      return { traces: await recentTraces(store, options), trouble: collector.trouble() };
    },
  );
  server.get<{ Params: { id: string } }>('/api/traces/:id', async (request, reply) => {
    const spans = await traceById(store, request.params.id);
    if (spans.length > 0) return { traceId: spans[0]?.traceId, spans };
    return reply.code(404).send(problem(404, 'not-found', `The lab has no trace ${request.params.id}.`));
  });
  server.get<{ Params: { id: string } }>('/api/traces/:id/critical-path', async (request, reply) => {
    const path = criticalPath(await traceById(store, request.params.id));
    return (
      path ?? reply.code(404).send(problem(404, 'not-found', `The lab has no trace ${request.params.id}.`))
    );
  });
  server.post<{ Body: Partial<SelectionRequest> | null }>('/api/compare-selection', (body, reply) => {
    const { query, selection } = body.body ?? {};
    const request = { query: query ?? {}, selection: selection ?? {} };
    return answer({ kind: 'compare-selection', request }, reply);
  });
  server.get<{ Querystring: { start?: string; end?: string } }>('/api/service-graph', (request, reply) => {
    const { start, end } = request.query;
    return answer(
      { kind: 'service-graph', options: { startMs: number('start', start), endMs: number('end', end) } },
      reply,
    );
  });
  return server;
}

function problem(status: number, type: string, detail: string): Record<string, unknown> {
  return { status, type: `https://api.honeycomb.io/problems/${type}`, title: type, error: detail, detail };
}

/** @throws QueryError that names the parameter */
function number(name: string, text: string | undefined): number | undefined {
  const value = Number(text);
  if (text === undefined) return undefined;
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new QueryError([{ field: name, code: 'incorrect_type', description: `"${text}" is no number` }]);
}

function wholeNumber(
  name: string,
  text: string | undefined,
  least: number,
  most: number,
): number | undefined {
  const value = number(name, text);
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return value;
  const description = `it is a whole number from ${least} to ${most}; this is ${text}`;
  throw new QueryError([{ field: name, code: 'invalid', description }]);
}

function removedText({ removed }: Store): string[] {
  if (removed === null) return [];
  const at = new Date(removed.atMs).toISOString().slice(0, 16).replace('T', ' ');
  return [`${removed.rows} rows were removed to keep the data small, last at ${at} UTC.`];
}
