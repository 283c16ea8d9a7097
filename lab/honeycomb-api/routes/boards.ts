import type { LabApp } from '../../server/app.ts';
import type { Environment } from '../environment.ts';
import { addressOf, OF_ALL, OF_ID } from './options.ts';

export function addBoardRoutes(app: LabApp, { boards }: Environment): void {
  app.get('/1/boards', OF_ALL, async (request) => boards.list(addressOf(request)));
  app.post('/1/boards', OF_ALL, async (request, reply) =>
    reply.code(201).send(await boards.create(request.body, addressOf(request))),
  );
  app.get('/1/boards/:id', OF_ID, async (request) => boards.get(request.params.id, addressOf(request)));
  app.put('/1/boards/:id', OF_ID, async (request) =>
    boards.update(request.params.id, request.body, addressOf(request)),
  );
  app.delete('/1/boards/:id', OF_ID, async ({ params }, reply) => {
    await boards.delete(params.id);
    return reply.code(204).send();
  });
}
