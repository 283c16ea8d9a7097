import { Problem, SloList } from '../../api/index.ts';
import type { QueryThread } from '../../query-thread/index.ts';
import { readSlos } from '../../slo/index.ts';
import { answerWith, type LabApp } from '../app.ts';

export function addSloRoutes(
  app: LabApp,
  { thread, queries }: { thread: QueryThread; queries?: string },
): void {
  app.get(
    '/api/slos',
    {
      schema: {
        summary: 'The SLOs of queries/slos/: budget left, burn rate, burn alerts',
        tags: ['slos'],
        response: { 200: SloList, 422: Problem, 504: Problem },
      },
    },
    (_request, reply) => {
      const files = queries === undefined ? { slos: [], problems: [], fields: [] } : readSlos(queries);
      return answerWith(thread, { kind: 'slos', files }, reply);
    },
  );
}
