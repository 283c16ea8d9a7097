import { Type } from '@sinclair/typebox';
import type { SelectionRequest } from '../../analysis/index.ts';
import {
  Distributions,
  DistributionsBody,
  ListedColumn,
  Problem,
  Query,
  QueryAnswer,
  QueryFlags,
  SelectionBody,
  SelectionComparison,
  ServiceGraph,
  TimeRange,
} from '../../api/index.ts';
import { type QuerySpec, readCalculatedFields } from '../../query/index.ts';
import type { QueryThread } from '../../query-thread/index.ts';
import type { Store } from '../../store/index.ts';
import { answerWith, type LabApp } from '../app.ts';
import { columnList } from '../columns.ts';

/** Questions about many spans. */
export function addQueryRoutes(
  app: LabApp,
  { store, thread, queries }: { store: Pick<Store, 'catalogue'>; thread: QueryThread; queries?: string },
): void {
  const config = { readsOnly: true };
  const tags = ['queries'];

  app.get(
    '/api/columns',
    {
      schema: {
        summary: 'Every column that a query can name',
        tags,
        response: { 200: Type.Array(ListedColumn) },
      },
    },
    async () => columnList(await store.catalogue()),
  );

  app.post(
    '/api/query',
    {
      config,
      schema: {
        summary: "Runs a query; the answer has the shape of Honeycomb's Query Data API",
        tags,
        querystring: QueryFlags,
        body: Query,
        response: { 200: QueryAnswer, 422: Problem, 504: Problem },
      },
    },
    (request, reply) => {
      const { disable_series: series, disable_total_by_aggregate: total } = request.query;
      const given = (flag: string | undefined): boolean | undefined =>
        flag === undefined ? undefined : flag !== 'false';
      const options = {
        disableSeries: given(series),
        disableTotalByAggregate: given(total),
        savedFields: queries === undefined ? [] : readCalculatedFields(queries),
      };
      return answerWith(thread, { kind: 'query', input: request.body, options }, reply);
    },
  );

  app.post(
    '/api/compare-selection',
    {
      config,
      schema: {
        summary: 'What differs between selected spans and the rest',
        tags,
        body: SelectionBody,
        response: { 200: SelectionComparison, 422: Problem, 504: Problem },
      },
    },
    (request, reply) => {
      const { query, selection } = request.body;
      // The filters are checked by the query engine, field by field.
      const asked = { query: query ?? {}, selection: selection ?? {} } as SelectionRequest;
      return answerWith(thread, { kind: 'compare-selection', request: asked }, reply);
    },
  );

  app.post(
    '/api/distributions',
    {
      config,
      schema: {
        summary: 'How often which values are on the spans that a query is about',
        tags,
        body: DistributionsBody,
        response: { 200: Distributions, 422: Problem, 504: Problem },
      },
    },
    ({ body: { query } }, reply) =>
      // Checked by the query engine, field by field.
      answerWith(thread, { kind: 'distributions', query: (query ?? {}) as QuerySpec }, reply),
  );

  app.get(
    '/api/service-graph',
    {
      schema: {
        summary: 'Which service calls which',
        tags,
        querystring: TimeRange,
        response: { 200: ServiceGraph, 422: Problem, 504: Problem },
      },
    },
    ({ query: { start, end } }, reply) =>
      answerWith(thread, { kind: 'service-graph', options: { startMs: start, endMs: end } }, reply),
  );
}
