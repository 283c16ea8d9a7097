import { type Static, Type } from '@sinclair/typebox';

export const CriticalSegment = Type.Object({
  spanId: Type.String(),
  name: Type.String(),
  service: Type.Union([Type.String(), Type.Null()]),
  startMs: Type.Number(),
  endMs: Type.Number(),
});
/** A stretch of time during which nothing but this span kept the trace from ending. */
export type CriticalSegment = Static<typeof CriticalSegment>;

export const CriticalPath = Type.Object({
  traceId: Type.String(),
  durationMs: Type.Number({ description: "the root's" }),
  segments: Type.Array(CriticalSegment, {
    description: 'in the order of time; together they are as long as the root',
  }),
  bySpan: Type.Array(
    Type.Object({
      spanId: Type.String(),
      name: Type.String(),
      service: Type.Union([Type.String(), Type.Null()]),
      ms: Type.Number(),
      share: Type.Number({ description: 'of the duration, 0 to 1' }),
    }),
    { description: 'how much of the path each span has, most first' },
  ),
});
export type CriticalPath = Static<typeof CriticalPath>;
