import path from 'node:path';
import { listServices } from '../../analysis/index.ts';
import { readCalculatedFields } from '../../query/index.ts';
import type { LabApp } from '../../server/app.ts';
import { columnList } from '../../server/columns.ts';
import { answerRefusal } from '../answer-refusal.ts';
import { describeKey } from '../auth.ts';
import { Environment } from '../environment.ts';
import { acceptJsonBodies } from '../json-bodies.ts';
import type { HoneycombApiOptions } from '../options.ts';
import { QueryResults } from '../query-results.ts';
import { Refusal } from '../refusal.ts';
import { addBoardRoutes } from './boards.ts';
import { addColumnRoutes } from './columns.ts';
import { addDatasetRoutes } from './datasets.ts';
import { addEventRoutes } from './events.ts';
import { OF_ALL } from './options.ts';
import { addOtlpRoutes } from './otlp.ts';
import { addPageRoutes } from './pages.ts';
import { addQueryRoutes } from './queries.ts';
import { addSloRoutes } from './slos.ts';

/**
 * Honeycomb's own API, so that its clients can be pointed at the lab: any key will do, and says nothing. What they make
 * is kept in files, what they send goes into the lab's store.
 */
export async function addHoneycombApi(app: LabApp, options: HoneycombApiOptions): Promise<void> {
  const { store, queries: folder, thread, dir, onFault } = options;
  const environment = new Environment({
    ...options,
    services: () => listServices(store),
    columns: async () => columnList(await store.catalogue()),
    fieldsBeside: () => (folder === undefined ? [] : readCalculatedFields(folder)),
  });
  const results = new QueryResults(path.join(dir, 'query_results'), thread);
  app.addHook('preClose', () => results.close());
  app.setErrorHandler(answerRefusal(onFault));
  addPageRoutes(app);
  await app.register(async (otlp: LabApp) => addOtlpRoutes(otlp, options.collector));
  await app.register(async (api: LabApp) => addApiRoutes(api, environment, results, options));
}

function addApiRoutes(
  app: LabApp,
  environment: Environment,
  results: QueryResults,
  options: HoneycombApiOptions,
): void {
  acceptJsonBodies(app);
  app.get('/1/auth', OF_ALL, async ({ headers }) => describeKey(String(headers['x-honeycomb-team'])));
  addDatasetRoutes(app, environment);
  addColumnRoutes(app, environment);
  addQueryRoutes(app, environment, results);
  addBoardRoutes(app, environment);
  addSloRoutes(app, environment, options);
  addEventRoutes(app, options);
  app.all('/1/*', OF_ALL, async ({ method, url }) => {
    throw Refusal.notFound(`${method} ${url.split('?', 1)[0]}`);
  });
}
