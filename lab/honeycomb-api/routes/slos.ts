import { Type } from '@sinclair/typebox';
import type { LabApp } from '../../server/app.ts';
import type { Environment } from '../environment.ts';
import type { HoneycombApiOptions } from '../options.ts';
import { OF_DATASET, OF_ONE } from './options.ts';

const DETAILED = Type.Object({ detailed: Type.Optional(Type.String()) });

export function addSloRoutes(
  app: LabApp,
  { datasets, slos }: Environment,
  { thread }: Pick<HoneycombApiOptions, 'thread'>,
): void {
  const known = (dataset: string) => datasets.known(dataset);

  app.get('/1/slos/:dataset', OF_DATASET, async ({ params }) => slos.list(await known(params.dataset)));
  app.post('/1/slos/:dataset', OF_DATASET, async ({ params, body }, reply) =>
    reply.code(201).send(await slos.create(await known(params.dataset), body)),
  );
  const one = { ...OF_ONE, schema: { ...OF_ONE.schema, querystring: DETAILED } };
  app.get('/1/slos/:dataset/:id', one, async ({ params: { dataset, id }, query: { detailed } }) => {
    await known(dataset);
    const isDetailed = detailed !== undefined && detailed !== 'false';
    return isDetailed ? slos.detailed(dataset, id, thread) : slos.get(dataset, id);
  });
  app.put('/1/slos/:dataset/:id', OF_ONE, async ({ params: { dataset, id }, body }) =>
    slos.update(await known(dataset), id, body),
  );
  app.delete('/1/slos/:dataset/:id', OF_ONE, async ({ params: { dataset, id } }, reply) => {
    await slos.delete(await known(dataset), id);
    return reply.code(204).send();
  });
}
