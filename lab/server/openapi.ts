/** What the lab's HTTP API offers, as an OpenAPI 3.1 document. */

const json = (schema: object): object => ({ content: { 'application/json': { schema } } });
const ok = (description: string, schema: object): object => ({ description, ...json(schema) });
const problem = (description: string): object => ({
  description,
  ...json({ $ref: '#/components/schemas/Problem' }),
});
const parameter = (name: string, where: 'query' | 'path', description: string, type = 'string'): object => ({
  name,
  in: where,
  description,
  required: where === 'path',
  schema: { type },
});
const list = (items: object): object => ({ type: 'array', items });
const object = (properties: Record<string, object>, required = Object.keys(properties)): object => ({
  type: 'object',
  properties,
  required,
});
const text = { type: 'string' };
const number = { type: 'number' };
const traceId = parameter(
  'id',
  'path',
  'the trace id, or its beginning when only one trace begins like that',
);

const filter = object({ column: text, op: text, value: {} }, ['column', 'op']);
const query = {
  type: 'object',
  description:
    "Honeycomb's query specification: breakdowns, calculations, filters, filter_combination, granularity, orders, havings, limit, time_range, start_time, end_time, usage_mode.",
};
const segment = object({
  spanId: text,
  name: text,
  service: { type: ['string', 'null'] },
  startMs: number,
  endMs: number,
});

export const openApiDocument = {
  openapi: '3.1.0',
  info: {
    title: 'Murmur lab',
    version: '0.1.0',
    description: 'Traces collected on this machine, and questions about them.',
  },
  paths: {
    '/health': {
      get: {
        summary: 'Whether the lab works, and how much it holds',
        responses: {
          200: ok(
            'it works',
            object({
              status: text,
              trouble: list(text),
              rows: number,
              bytes: number,
              memoryBytes: number,
              received: { type: 'object' },
            }),
          ),
        },
      },
    },
    '/openapi.json': {
      get: { summary: 'This document', responses: { 200: ok('the document', { type: 'object' }) } },
    },
    '/api/columns': {
      get: {
        summary: 'Every column that a query can name',
        responses: { 200: ok('columns', list(object({ key_name: text, type: text }))) },
      },
    },
    '/api/query': {
      post: {
        summary: 'Runs a query',
        parameters: [
          parameter(
            'disable_series',
            'query',
            'results without the series; a limit of up to 10,000 is then allowed',
            'boolean',
          ),
          parameter(
            'disable_total_by_aggregate',
            'query',
            'true by default; false adds the totals',
            'boolean',
          ),
        ],
        requestBody: { required: true, ...json(query) },
        responses: {
          200: ok("the result, in the shape of Honeycomb's Query Data API", {
            $ref: '#/components/schemas/QueryResult',
          }),
          422: problem('the query is not valid; type_detail names each field'),
        },
      },
    },
    '/api/traces': {
      get: {
        summary: 'The newest traces',
        parameters: [
          parameter('limit', 'query', 'how many; 20 by default', 'integer'),
          parameter('service', 'query', 'only traces that this service took part in'),
          parameter('before', 'query', 'only traces before this moment, Unix milliseconds', 'number'),
        ],
        responses: { 200: ok('traces', object({ traces: list({ type: 'object' }) })) },
      },
    },
    '/api/traces/{id}': {
      get: {
        summary: 'All spans of one trace',
        parameters: [traceId],
        responses: {
          200: ok('spans', object({ traceId: text, spans: list({ type: 'object' }) })),
          404: problem('there is no such trace'),
          409: problem('several traces begin like that'),
        },
      },
    },
    '/api/traces/{id}/critical-path': {
      get: {
        summary: 'What decided how long the trace took',
        parameters: [traceId],
        responses: {
          200: ok(
            'the path',
            object({
              traceId: text,
              durationMs: number,
              segments: list(segment),
              bySpan: list({ type: 'object' }),
            }),
          ),
          404: problem('there is no such trace'),
        },
      },
    },
    '/api/compare-selection': {
      post: {
        summary: 'What differs between selected spans and the rest',
        requestBody: {
          required: true,
          ...json(
            object({
              query,
              selection: object({ filters: list(filter), startMs: number, endMs: number }, []),
            }),
          ),
        },
        responses: {
          200: ok(
            'differences, the largest first',
            object(
              {
                selected: number,
                rest: number,
                rootsOnly: { type: 'boolean' },
                note: text,
                differences: list({ type: 'object' }),
              },
              ['selected', 'rest', 'rootsOnly', 'differences'],
            ),
          ),
          422: problem('the query or the selection is not valid'),
        },
      },
    },
    '/api/service-graph': {
      get: {
        summary: 'Which service calls which',
        parameters: [
          parameter('start', 'query', 'Unix milliseconds; two hours before the end by default', 'number'),
          parameter('end', 'query', 'Unix milliseconds; now by default', 'number'),
        ],
        responses: {
          200: ok(
            'services and calls',
            object({ nodes: list({ type: 'object' }), dependencies: list({ type: 'object' }) }),
          ),
        },
      },
    },
  },
  components: {
    schemas: {
      Problem: object(
        {
          status: number,
          type: text,
          title: text,
          error: text,
          detail: text,
          type_detail: list(object({ field: text, code: text, description: text })),
        },
        ['status', 'title', 'detail'],
      ),
      QueryResult: object(
        {
          id: text,
          complete: { type: 'boolean' },
          query,
          data: object(
            {
              series: list(object({ time: text, data: { type: 'object' } })),
              results: list(object({ data: { type: 'object' } })),
              total_by_aggregate: { type: 'object' },
            },
            ['series', 'results'],
          ),
          links: { type: 'object' },
          notes: {
            ...list(text),
            description:
              "The lab's own addition, only when there is something to say: a column that no span has, or why the result is empty.",
          },
        },
        ['id', 'complete', 'query', 'data', 'links'],
      ),
    },
  },
} as const;
