import { type Static, Type } from '@sinclair/typebox';
import { SpanKind } from './trace.ts';

const id = (of: string) =>
  Type.String({
    pattern: '^[0-9a-fA-F]{1,32}$',
    description: `${of} trace's id, or its beginning, in hex digits`,
  });
export const TwoTraceIds = Type.Object({ a: id('one'), b: id('the other') });

export const ComparedTrace = Type.Object({
  traceId: Type.String(),
  name: Type.String({ description: 'of its root' }),
  startMs: Type.Number(),
  durationMs: Type.Number(),
  spanCount: Type.Integer(),
});
export type ComparedTrace = Static<typeof ComparedTrace>;

/** The spans of one trace that stand at one place: same service, kind and name, below the same place. */
export const PlaceSide = Type.Object({
  name: Type.String(),
  kind: SpanKind,
  service: Type.String(),
  below: Type.String({ description: 'name of the place above; empty for a root' }),
  count: Type.Integer(),
  totalMs: Type.Number({ description: 'sum of their durations' }),
  longestMs: Type.Number(),
  spanIds: Type.Array(Type.String()),
});
export type PlaceSide = Static<typeof PlaceSide>;

const sideOrNull = Type.Union([PlaceSide, Type.Null()]);

export const ComparedPlace = Type.Object({
  change: Type.Union(
    (['same', 'changed', 'moved', 'only-a', 'only-b'] as const).map((each) => Type.Literal(each)),
    {
      description:
        'same: at the same place; changed: another kind or service below the same parent; moved: below something else',
    },
  ),
  a: sideOrNull,
  b: sideOrNull,
});
export type ComparedPlace = Static<typeof ComparedPlace>;

export const TraceComparison = Type.Object({
  a: ComparedTrace,
  b: ComparedTrace,
  pairs: Type.Array(Type.Object({ a: Type.String(), b: Type.String(), moved: Type.Boolean() }), {
    description: 'span ids that belong together',
  }),
  onlyA: Type.Array(Type.String(), { description: 'span ids without a partner in b' }),
  onlyB: Type.Array(Type.String(), { description: 'span ids without a partner in a' }),
  places: Type.Array(ComparedPlace, { description: 'with counts and durations of each side' }),
  differences: Type.Array(Type.String(), {
    description: 'what differs in structure and attributes, in sentences; the first hundred',
  }),
});
export type TraceComparison = Static<typeof TraceComparison>;
