import { type Static, Type } from '@sinclair/typebox';

const Attributes = Type.Record(Type.String(), Type.Unknown(), {
  description: 'nested objects are flattened: a.b',
});
const Dropped = Type.Optional(
  Type.Integer({ description: 'how many attributes its sender left out; absent for none' }),
);

export const SpanKind = Type.Union(
  (['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const).map((kind) => Type.Literal(kind)),
);

/** A span as @workshop/telemetry models it, with the places of its resource and scope in the lists beside it. */
const SpanOfTrace = Type.Object({
  traceId: Type.String(),
  spanId: Type.String(),
  parentSpanId: Type.Optional(Type.String({ description: 'absent on a root' })),
  parentIsRemote: Type.Optional(Type.Boolean({ description: 'absent when the sender did not say' })),
  traceState: Type.Optional(Type.String()),
  traceFlags: Type.Optional(Type.Integer({ description: 'the W3C trace flags, 8 bits' })),
  name: Type.String(),
  kind: SpanKind,
  startMs: Type.Number({ description: 'Unix milliseconds, with fractions' }),
  durationMs: Type.Number(),
  status: Type.Object({
    code: Type.Union([Type.Literal('UNSET'), Type.Literal('OK'), Type.Literal('ERROR')]),
    message: Type.Optional(Type.String()),
  }),
  attributes: Attributes,
  events: Type.Array(
    Type.Object({
      name: Type.String(),
      timeMs: Type.Number(),
      attributes: Attributes,
      droppedAttributes: Dropped,
    }),
  ),
  links: Type.Array(
    Type.Object({
      traceId: Type.String(),
      spanId: Type.String(),
      attributes: Attributes,
      traceState: Type.Optional(Type.String()),
      droppedAttributes: Dropped,
    }),
  ),
  dropped: Type.Optional(
    Type.Object(
      {
        attributes: Type.Optional(Type.Integer()),
        events: Type.Optional(Type.Integer()),
        links: Type.Optional(Type.Integer()),
      },
      { description: 'how much its sender left out; absent for nothing' },
    ),
  ),
  resource: Type.Integer({ description: 'place in resources' }),
  scope: Type.Integer({ description: 'place in scopes' }),
});

export const Trace = Type.Object(
  {
    traceId: Type.String(),
    resources: Type.Array(Attributes),
    scopes: Type.Array(
      Type.Object({
        name: Type.String(),
        version: Type.Optional(Type.String()),
        attributes: Type.Optional(Attributes),
      }),
    ),
    spans: Type.Array(SpanOfTrace, { description: 'oldest first' }),
  },
  {
    description:
      'resource and scope of each span are told once, beside the spans; expandSpans of @workshop/telemetry puts them together',
  },
);
export type Trace = Static<typeof Trace>;

/** An ExportTraceServiceRequest in JSON. Source: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
export const OtlpTraces = Type.Object(
  { resourceSpans: Type.Array(Type.Unknown()) },
  { description: 'OTLP/JSON: resourceSpans, with scopeSpans, with spans', additionalProperties: true },
);

export const ImportAnswer = Type.Object({
  traceIds: Type.Array(Type.String(), { description: 'of all spans that were sent, in their order' }),
  spans: Type.Integer({ description: 'how many were stored' }),
  duplicates: Type.Integer({ description: 'how many were here already' }),
  rejected: Type.Union(
    [
      Type.Object({ count: Type.Integer(), reason: Type.String({ description: "the first one's" }) }),
      Type.Null(),
    ],
    { description: 'spans that cannot be kept' },
  ),
});
export type ImportAnswer = Static<typeof ImportAnswer>;
