import { join } from 'node:path';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyRequest } from 'fastify';
import type { ClickHouseStore } from '../clickhouse/index.ts';
import type { Collector } from '../collection/index.ts';
import { addHoneycombApi } from '../honeycomb-api/index.ts';
import type { QueryThread } from '../query-thread/index.ts';
import { QueryHistoryFile, SavedQueryFolder } from '../saved/index.ts';
import { isDamage, type Store } from '../store/index.ts';
import type { LabApp, SchemaTypes } from './app.ts';
import type { EventLog, EventPublisher } from './events/index.ts';
import { guard } from './guard.ts';
import { type PageFiles, PageRoutes } from './page.ts';
import { answerError, problem } from './problems.ts';
import { addEventRoutes } from './routes/events.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addQueryRoutes } from './routes/queries.ts';
import { addSavedQueryRoutes } from './routes/saved-queries.ts';
import { addSloRoutes } from './routes/slos.ts';
import { addTraceRoutes } from './routes/traces.ts';
import { refuseDeepBodies, validators } from './validators.ts';

/**
 * Adds routes to the lab. They are held to the same rules of safety, and appear in the same document. A route that is
 * no GET takes JSON with the header x-murmur-lab from the lab's own page, unless its config says `readsOnly`.
 */
export type Mount = (app: LabApp, events: EventPublisher) => Promise<void> | void;

export interface ApiOptions {
  store: Store | ClickHouseStore;
  /** folder of what the lab keeps of its own */
  dir: string;
  /** builds the results of queries */
  thread: QueryThread;
  collector: Omit<Collector, 'receiver' | 'close'>;
  events: EventLog;
  /** folder of the saved queries */
  queries?: string;
  /** what a browser gets on the paths that are not the API's; absent: nothing */
  page?: PageFiles;
  mount?: Mount;
  /** gets what went wrong inside the lab; it is no text for who asked */
  onFault?: (error: Error, request: Pick<FastifyRequest, 'method' | 'url'>) => void;
  /** gets lines about the rest of the lab's troubles */
  log?: (line: string) => void;
}

/** Largest query or selection that is read, bytes. */
const BODY_LIMIT = 1024 * 1024;

const ABOUT = {
  title: 'Murmur lab',
  version: '0.1.0',
  description: 'Traces collected on this machine, and questions about them.',
};

/** The lab's HTTP API. Errors are problems as Honeycomb sends them (RFC 7807, with type_detail for fields). */
export async function createApi(options: ApiOptions): Promise<LabApp> {
  const page = options.page && new PageRoutes(options.page);
  const server = Fastify({
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
  }).withTypeProvider<SchemaTypes>();
  server.addHook('onRequest', guard);
  // It would be read without a question by the browser, whoever sends it.
  server.removeContentTypeParser('text/plain');
  server.addHook('preValidation', refuseDeepBodies);
  server.setValidatorCompiler(validators);
  // The answers are made of the schemas' own types; a serialiser that drops what a schema forgot would hide it.
  server.setSerializerCompiler(() => JSON.stringify);
  const faults = new Set<string>();
  const onFault = (error: Error, request: FastifyRequest): void => {
    if (isDamage(error)) faults.add(`The lab's data is damaged: ${options.store.path}`);
    options.onFault?.(error, request);
  };
  server.setErrorHandler(answerError(onFault));
  server.setNotFoundHandler((request, reply) => {
    if (page?.isFor(request)) return page.answer(request, reply);
    const text = `There is nothing at ${request.method} ${request.url}.`;
    return reply.code(404).send(problem(404, 'not-found', text));
  });
  await server.register(swagger, { openapi: { openapi: '3.1.0', info: ABOUT } });
  await server.register(async (app: LabApp) => {
    addHealthRoutes(app, { ...options, faults: () => [...faults] });
    addTraceRoutes(app, options);
    addQueryRoutes(app, options);
    addSavedQueryRoutes(app, keptQueries(options));
    addSloRoutes(app, options);
    addEventRoutes(app, options.events);
    const document = { summary: 'This document', tags: ['lab'] };
    app.get('/api/openapi.json', { schema: document }, async () => server.swagger());
    app.get('/openapi.json', { schema: { ...document, hide: true } }, async () => server.swagger());
    await options.mount?.(app, options.events);
  });
  const honeycomb = { ...options, dir: join(options.dir, 'honeycomb'), onFault };
  await server.register((app: LabApp) => addHoneycombApi(app, honeycomb));
  await server.ready();
  return server;
}

function keptQueries({ dir, queries }: ApiOptions) {
  return {
    folder: queries === undefined ? null : new SavedQueryFolder(queries),
    history: new QueryHistoryFile(join(dir, 'query-history.json')),
  };
}
