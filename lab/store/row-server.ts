import type { MessagePort } from 'node:worker_threads';
import type { Database } from './database.ts';
import type { RowReply, RowRequest } from './row-port.ts';

/** Answers the requests of one other thread, in the thread that has the database. */
export function serveRows(port: MessagePort, database: Database): void {
  const running = new Map<number, AbortController>();
  const reply = (message: RowReply): void => port.postMessage(message);
  port.on('message', (request: RowRequest) => {
    if (request.kind === 'interrupt') running.get(request.id)?.abort();
    else if (request.kind === 'catalogue')
      reply({ id: request.id, kind: 'done', entries: database.catalogue().entries() });
    else void read(request);
  });

  async function read({ id, sql, parameters }: RowRequest & { kind: 'all' }): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      for await (const rows of database.parts(sql, parameters, controller.signal)) {
        reply({ id, kind: 'rows', rows });
        // Lets a write in: each part takes a millisecond or two of this thread.
        await new Promise((resolve) => setImmediate(resolve));
      }
      reply({ id, kind: 'done' });
    } catch (error) {
      const { name, message } = error as Error;
      reply({ id, kind: 'failed', name, message });
    } finally {
      running.delete(id);
    }
  }
}
