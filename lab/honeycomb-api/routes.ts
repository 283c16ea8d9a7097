import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { listServices } from '../analysis/index.ts';
import { type CalculatedField, readCalculatedFields } from '../query/index.ts';
import type { QueryThread } from '../query-thread/index.ts';
import type { LabApp } from '../server/app.ts';
import type { Store } from '../store/index.ts';
import { answerRefusal } from './answer-refusal.ts';
import { describeKey } from './auth.ts';
import { Environment } from './environment.ts';
import { acceptJsonBodies } from './json-bodies.ts';
import { Refusal } from './refusal.ts';

export interface HoneycombApiOptions {
  store: Store;
  thread: QueryThread;
  /** folder for what is made by the API */
  dir: string;
  /** folder of the saved queries: the calculated fields beside them belong to every query */
  queries?: string;
  log?: (line: string) => void;
  onFault: (error: Error, request: FastifyRequest) => void;
}

/** Described by Honeycomb's own document, not by the lab's. */
const hidden = { hide: true };
const config = { honeycomb: true };
const ofDataset = { config, schema: { ...hidden, params: Type.Object({ dataset: Type.String() }) } };
const ofOne = {
  config,
  schema: { ...hidden, params: Type.Object({ dataset: Type.String(), id: Type.String() }) },
};
const ofId = { config, schema: { ...hidden, params: Type.Object({ id: Type.String() }) } };

/**
 * Honeycomb's own API, so that its clients can be pointed at the lab: any key will do, and says nothing. What they make
 * is kept in files; spans come from the lab's store.
 */
export async function addHoneycombApi(app: LabApp, options: HoneycombApiOptions): Promise<void> {
  const { store, queries: folder, onFault } = options;
  const environment = new Environment({ ...options, services: () => listServices(store) });
  const savedFields = (): CalculatedField[] => (folder === undefined ? [] : readCalculatedFields(folder));
  acceptJsonBodies(app);
  app.setErrorHandler(answerRefusal(onFault));

  app.get('/1/auth', { config, schema: hidden }, async ({ headers }) =>
    describeKey(String(headers['x-honeycomb-team'])),
  );
  addDatasetRoutes(app, environment);
  addQueryRoutes(app, environment, savedFields);
  addBoardRoutes(app, environment);
  app.all('/1/*', { config, schema: hidden }, async ({ method, url }) => {
    throw Refusal.notFound(`The lab has no ${method} ${url.split('?', 1)[0]}: it`);
  });
}

function addDatasetRoutes(app: LabApp, { datasets }: Environment): void {
  app.get('/1/datasets', { config, schema: hidden }, () => datasets.list());
  app.post('/1/datasets', { config, schema: hidden }, async ({ body }, reply) => {
    const { created, dataset } = await datasets.create(body);
    return reply.code(created ? 201 : 200).send(dataset);
  });
  app.get('/1/datasets/:id', ofId, ({ params }) => datasets.get(params.id));
  app.put('/1/datasets/:id', ofId, ({ params, body }) => datasets.update(params.id, body));
}

function addQueryRoutes(
  app: LabApp,
  { datasets, queries }: Environment,
  savedFields: () => CalculatedField[],
): void {
  const known = async (dataset: string): Promise<string> => {
    await datasets.names(dataset);
    return dataset;
  };
  app.post('/1/queries/:dataset', ofDataset, async ({ params, body }) =>
    queries.create(await known(params.dataset), body, savedFields()),
  );
  app.get('/1/queries/:dataset/:id', ofOne, async ({ params: { dataset, id } }) =>
    queries.get(await known(dataset), id),
  );
  app.get('/1/query_annotations/:dataset', ofDataset, async ({ params }) =>
    queries.annotations(await known(params.dataset)),
  );
  app.post('/1/query_annotations/:dataset', ofDataset, async ({ params, body }, reply) =>
    reply.code(201).send(await queries.annotate(await known(params.dataset), body)),
  );
  app.get('/1/query_annotations/:dataset/:id', ofOne, async ({ params: { dataset, id } }) =>
    queries.annotation(await known(dataset), id),
  );
  app.put('/1/query_annotations/:dataset/:id', ofOne, async ({ params: { dataset, id }, body }) =>
    queries.update(await known(dataset), id, body),
  );
  app.delete('/1/query_annotations/:dataset/:id', ofOne, async ({ params: { dataset, id } }, reply) => {
    await queries.delete(await known(dataset), id);
    return reply.code(204).send();
  });
}

function addBoardRoutes(app: LabApp, { boards }: Environment): void {
  // The guard has seen that this is one of the lab's own names.
  const address = ({ headers }: { headers: { host?: string } }): string => `http://${headers.host}`;
  app.get('/1/boards', { config, schema: hidden }, async (request) => boards.list(address(request)));
  app.post('/1/boards', { config, schema: hidden }, async (request, reply) =>
    reply.code(201).send(await boards.create(request.body, address(request))),
  );
  app.get('/1/boards/:id', ofId, async (request) => boards.get(request.params.id, address(request)));
  app.put('/1/boards/:id', ofId, async (request) =>
    boards.update(request.params.id, request.body, address(request)),
  );
  app.delete('/1/boards/:id', ofId, async ({ params }, reply) => {
    await boards.delete(params.id);
    return reply.code(204).send();
  });
}
