import type { LabApp } from '../../server/app.ts';
import type { Environment } from '../environment.ts';
import { OF_ALL, OF_ID } from './options.ts';

export function addDatasetRoutes(app: LabApp, { datasets }: Environment): void {
  app.get('/1/datasets', OF_ALL, () => datasets.list());
  app.post('/1/datasets', OF_ALL, async ({ body }, reply) => {
    const { created, dataset } = await datasets.create(body);
    return reply.code(created ? 201 : 200).send(dataset);
  });
  app.get('/1/datasets/:id', OF_ID, ({ params }) => datasets.get(params.id));
  app.put('/1/datasets/:id', OF_ID, ({ params, body }) => datasets.update(params.id, body));
  app.delete('/1/datasets/:id', OF_ID, ({ params }) => datasets.delete(params.id));
}
