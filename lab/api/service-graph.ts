import { type Static, Type } from '@sinclair/typebox';

const moment = (description: string) => Type.Optional(Type.Number({ description }));
export const TimeRange = Type.Object(
  {
    start: moment('Unix milliseconds; two hours before the end by default'),
    end: moment('Unix milliseconds; now by default'),
  },
  { additionalProperties: false },
);

const kind = Type.Union([Type.Literal('service'), Type.Literal('database')]);

export const ServiceNode = Type.Object({
  name: Type.String(),
  type: kind,
  spanCount: Type.Number(),
  errorCount: Type.Number(),
});
export type ServiceNode = Static<typeof ServiceNode>;

/** Calls of one service by another; the names are those of Honeycomb's map API. */
export const ServiceEdge = Type.Object({
  parent_node: Type.Object({ name: Type.String(), type: Type.Literal('service') }),
  child_node: Type.Object({ name: Type.String(), type: kind }),
  via: Type.Union([Type.Literal('parent'), Type.Literal('link')], {
    description: "a call is a span whose parent, or whose link's other end, is in the other service",
  }),
  call_count: Type.Number(),
  error_count: Type.Number(),
  p95_ms: Type.Union([Type.Number(), Type.Null()]),
});
export type ServiceEdge = Static<typeof ServiceEdge>;

export const ServiceGraph = Type.Object({
  nodes: Type.Array(ServiceNode),
  dependencies: Type.Array(ServiceEdge),
});
export type ServiceGraph = Static<typeof ServiceGraph>;
