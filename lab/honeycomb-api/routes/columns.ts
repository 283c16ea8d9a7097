import { Type } from '@sinclair/typebox';
import type { LabApp } from '../../server/app.ts';
import type { Environment } from '../environment.ts';
import { OF_DATASET, OF_ONE } from './options.ts';

const BY_NAME = Type.Object({ key_name: Type.Optional(Type.String()) });
const BY_ALIAS = Type.Object({ alias: Type.Optional(Type.String()) });

/** Columns, and those that are calculated of others. */
export function addColumnRoutes(app: LabApp, { datasets, columns, fields, slos }: Environment): void {
  const known = (dataset: string) => datasets.known(dataset);

  const listColumns = { ...OF_DATASET, schema: { ...OF_DATASET.schema, querystring: BY_NAME } };
  app.get('/1/columns/:dataset', listColumns, async ({ params, query: { key_name: name } }) => {
    await known(params.dataset);
    return name === undefined ? columns.list() : columns.named(name);
  });
  app.post('/1/columns/:dataset', OF_DATASET, async ({ params, body }, reply) => {
    await known(params.dataset);
    return reply.code(201).send(await columns.create(body));
  });
  app.get('/1/columns/:dataset/:id', OF_ONE, async ({ params: { dataset, id } }) => {
    await known(dataset);
    return columns.get(id);
  });
  app.put('/1/columns/:dataset/:id', OF_ONE, async ({ params: { dataset, id }, body }) => {
    await known(dataset);
    return columns.update(id, body);
  });
  app.delete('/1/columns/:dataset/:id', OF_ONE, async ({ params: { dataset, id } }, reply) => {
    await known(dataset);
    await columns.delete(id);
    return reply.code(204).send();
  });

  const listFields = { ...OF_DATASET, schema: { ...OF_DATASET.schema, querystring: BY_ALIAS } };
  app.get('/1/derived_columns/:dataset', listFields, async ({ params, query: { alias } }) => {
    const dataset = await known(params.dataset);
    return alias === undefined ? fields.list(dataset) : fields.named(dataset, alias);
  });
  app.post('/1/derived_columns/:dataset', OF_DATASET, async ({ params, body }, reply) =>
    reply.code(201).send(await fields.create(await known(params.dataset), body)),
  );
  app.get('/1/derived_columns/:dataset/:id', OF_ONE, async ({ params: { dataset, id } }) =>
    fields.get(await known(dataset), id),
  );
  app.put('/1/derived_columns/:dataset/:id', OF_ONE, async ({ params: { dataset, id }, body }) =>
    fields.update(await known(dataset), id, body),
  );
  app.delete('/1/derived_columns/:dataset/:id', OF_ONE, async ({ params: { dataset, id } }, reply) => {
    await fields.delete(await known(dataset), id, (alias) => slos.reads(alias));
    return reply.code(204).send();
  });
}
