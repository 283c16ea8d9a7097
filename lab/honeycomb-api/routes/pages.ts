import { Type } from '@sinclair/typebox';
import type { LabApp } from '../../server/app.ts';

const hidden = { hide: true };
const OF_ENVIRONMENT = '/:team/environments/:environment';
const QUERY = Type.Object({ query: Type.Optional(Type.String()) });
const TRACE = Type.Object({ trace_id: Type.Optional(Type.String()), span: Type.Optional(Type.String()) });

/**
 * The addresses of Honeycomb's pages, so that its links open here: each leads to the page of the lab that shows the same.
 * They are no part of the API, and a browser follows them: they need no key.
 */
export function addPageRoutes(app: LabApp): void {
  app.get(OF_ENVIRONMENT, { schema: hidden }, async (_request, reply) => reply.redirect('/query'));
  const ofQuery = { schema: { ...hidden, querystring: QUERY } };
  app.get(`${OF_ENVIRONMENT}/datasets/:dataset`, ofQuery, async ({ query: { query } }, reply) =>
    reply.redirect(query === undefined ? '/query' : `/query?q=${encodeURIComponent(query)}`),
  );
  const ofTrace = { schema: { ...hidden, querystring: TRACE } };
  for (const path of [`${OF_ENVIRONMENT}/trace`, `${OF_ENVIRONMENT}/datasets/:dataset/trace`])
    app.get(path, ofTrace, async ({ query: { trace_id: id, span } }, reply) => {
      const at = span === undefined ? '' : `?span=${encodeURIComponent(span)}`;
      return reply.redirect(id === undefined ? '/traces' : `/trace/${encodeURIComponent(id)}${at}`);
    });
}
