import type { LabApp } from '../../server/app.ts';
import { checkedBody } from '../body-schemas.ts';
import type { Environment } from '../environment.ts';
import type { QueryResults } from '../query-results.ts';
import { addressOf, OF_DATASET, OF_ONE } from './options.ts';

interface ResultRequest {
  query_id: string;
  disable_series?: boolean;
  disable_total_by_aggregate?: boolean;
  limit?: number;
}

/** Queries, the names that they are saved under, and their results. */
export function addQueryRoutes(
  app: LabApp,
  { datasets, queries, fields }: Environment,
  results: QueryResults,
): void {
  const known = (dataset: string) => datasets.known(dataset);

  app.post('/1/queries/:dataset', OF_DATASET, async ({ params, body }) => {
    const dataset = await known(params.dataset);
    return queries.create(dataset, body, fields.of(dataset));
  });
  app.get('/1/queries/:dataset/:id', OF_ONE, async ({ params: { dataset, id } }) =>
    queries.get(await known(dataset), id),
  );

  app.get('/1/query_annotations/:dataset', OF_DATASET, async ({ params }) =>
    queries.annotations(await known(params.dataset)),
  );
  app.post('/1/query_annotations/:dataset', OF_DATASET, async ({ params, body }, reply) =>
    reply.code(201).send(await queries.annotate(await known(params.dataset), body)),
  );
  app.get('/1/query_annotations/:dataset/:id', OF_ONE, async ({ params: { dataset, id } }) =>
    queries.annotation(await known(dataset), id),
  );
  app.put('/1/query_annotations/:dataset/:id', OF_ONE, async ({ params: { dataset, id }, body }) =>
    queries.update(await known(dataset), id, body),
  );
  app.delete('/1/query_annotations/:dataset/:id', OF_ONE, async ({ params: { dataset, id } }, reply) => {
    await queries.delete(await known(dataset), id);
    return reply.code(204).send();
  });

  app.post('/1/query_results/:dataset', OF_DATASET, async (request, reply) => {
    const { dataset } = request.params;
    const services = await datasets.names(dataset);
    const given = checkedBody<ResultRequest>('CreateQueryResultRequest', request.body);
    const spec = queries.spec(dataset, given.query_id);
    const disableSeries = given.disable_series === true;
    // As Honeycomb's document says: a limit of its own counts without the series alone.
    const input = disableSeries && given.limit !== undefined ? { ...spec, limit: given.limit } : spec;
    const options = {
      disableSeries,
      disableTotalByAggregate: given.disable_total_by_aggregate,
      savedFields: fields.of(dataset),
      within: services === null ? [] : [{ column: 'service.name', op: 'in' as const, value: services }],
    };
    const query = { id: given.query_id, ...input };
    const address = addressOf(request);
    const created = results.create(dataset, input, options, query, address);
    return reply
      .code(201)
      .header('location', `${address}/1/query_results/${encodeURIComponent(dataset)}/${created.id}`)
      .send({ ...created, complete: false });
  });
  app.get('/1/query_results/:dataset/:id', OF_ONE, async ({ params: { dataset, id } }, reply) => {
    const { complete, json } = results.get(await known(dataset), id);
    reply.header('cache-control', complete ? 'private, max-age=86400' : 'no-store');
    return reply.type('application/json; charset=utf-8').send(json);
  });
}
