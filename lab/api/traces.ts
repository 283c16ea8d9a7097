import { type Static, Type } from '@sinclair/typebox';

export const TraceId = Type.Object({
  id: Type.String({
    pattern: '^[0-9a-fA-F]{1,32}$',
    description: 'the trace id, or its beginning when only one trace begins like that: up to 32 hex digits',
  }),
});

export const RequestSummary = Type.Object({
  method: Type.String({ description: 'GET' }),
  path: Type.Union([Type.String(), Type.Null()], {
    description: 'without the query, such as /posts/12; of url.path, else of url.full',
  }),
  route: Type.Union([Type.String(), Type.Null()], { description: '/posts/:id: only a server knows it' }),
});
export type RequestSummary = Static<typeof RequestSummary>;

export const TraceSummary = Type.Object({
  traceId: Type.String(),
  name: Type.String({ description: 'name of the root, else of the earliest span' }),
  service: Type.Union([Type.String(), Type.Null()], { description: 'its service' }),
  startMs: Type.Number({ description: 'Unix milliseconds, with fractions' }),
  durationMs: Type.Number({ description: 'from the first start to the last end' }),
  spanCount: Type.Number(),
  errorCount: Type.Number({ description: 'spans with the status ERROR' }),
  services: Type.Array(Type.String(), { description: 'all that took part, sorted' }),
  hasRoot: Type.Boolean({
    description: 'false when no span of it is a root: it began somewhere else, or its root is not there yet',
  }),
  request: Type.Union([RequestSummary, Type.Null()], {
    description: 'the HTTP request that it begins with; null when it has none',
  }),
  userId: Type.Union([Type.String(), Type.Null()], {
    description: 'user.id of its root, else of the first span that has one',
  }),
});
export type TraceSummary = Static<typeof TraceSummary>;

const duration = (description: string) => Type.Optional(Type.Number({ minimum: 0, description }));
const moment = (description: string) => Type.Optional(Type.Number({ description }));

export const TraceSearch = Type.Object(
  {
    q: Type.Optional(
      Type.String({
        maxLength: 1_000,
        description:
          'words, each of which must hold of some span of the trace: a text in its name or its values, key=value or key>=100 (user and route stand for user.id and http.route), the name of an attribute that it has, or the beginning of its trace id; -word and -key=value: of no span; "quotes" around a text with spaces',
      }),
    ),
    service: Type.Optional(Type.String({ description: 'only traces that this service took part in' })),
    error: Type.Optional(
      Type.Union([Type.Literal('true'), Type.Literal('false')], {
        description: 'only traces with a span that has the status ERROR, or only those without',
      }),
    ),
    trace: Type.Optional(
      Type.String({
        pattern: '^[0-9a-fA-F]{1,32}$',
        description: 'the trace id or its beginning, in hex digits',
      }),
    ),
    minDuration: duration('of the whole trace, milliseconds'),
    maxDuration: duration('of the whole trace, milliseconds'),
    after: moment('only traces that began then or later, Unix milliseconds'),
    before: moment('only traces that began before it, Unix milliseconds'),
    sort: Type.Optional(
      Type.Union([Type.Literal('newest'), Type.Literal('slowest')], { description: 'newest by default' }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'how many; 20 by default' })),
    cursor: Type.Optional(
      Type.String({
        pattern: '^\\d+(\\.\\d+)?_[0-9a-f]{1,32}$',
        description: 'next of a former answer to the same search',
      }),
    ),
  },
  { additionalProperties: false },
);
export type TraceSearch = Static<typeof TraceSearch>;

export const TraceList = Type.Object({
  traces: Type.Array(TraceSummary),
  next: Type.Union([Type.String(), Type.Null()], {
    description: 'cursor of the next page; null: these were the last',
  }),
  trouble: Type.Array(Type.String(), { description: 'what a person should know about their arrival' }),
});
export type TraceList = Static<typeof TraceList>;
