/**
 * The shapes of what a grading found, each a JSON schema and its type: the one source for the reports, the learner's
 * routes, the lab's document and the page. Schema 1: fields may be added, none changes its meaning. Texts may hold names
 * and values of the learner's and of strangers: they are text, never markup.
 */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import type { Attributes, InstrumentationScope } from '@workshop/telemetry/pure';

const orNull = <T extends TSchema>(schema: T, description?: string) =>
  Type.Union([schema, Type.Null()], description === undefined ? {} : { description });
const oneOf = <T extends string>(...values: T[]) =>
  Type.Unsafe<T>(Type.Union(values.map((value) => Type.Literal(value))));
const AnyAttributes = Type.Unsafe<Attributes>(Type.Record(Type.String(), Type.Unknown()));
const Scope = Type.Unsafe<InstrumentationScope>(
  Type.Object({ name: Type.String(), version: Type.Optional(Type.String()) }),
);

/** A place in a trace that a message speaks of. */
export const ReportedMark = Type.Object({
  spanId: orNull(Type.String(), 'null: at the end of the trace'),
  text: Type.String(),
  place: Type.Optional(oneOf('before', 'after', 'after-children', 'child')),
  interval: Type.Optional(Type.Object({ startMs: Type.Number(), endMs: Type.Number() })),
  shows: Type.Unsafe<'missing' | 'seen'>(
    Type.Union([Type.Literal('missing'), Type.Literal('seen')], {
      description:
        'missing: nothing is there and something should be, so a page draws it dashed; seen: a remark on what is there',
    }),
  ),
});

/** One trace with the places in it that a message speaks of. Its spans are in the exercise's `traces`. */
export const ReportedView = Type.Object({
  title: Type.String({ description: 'GET /feed, signed in as user 4711' }),
  traceId: Type.String(),
  marks: Type.Array(ReportedMark),
});
export type ReportedView = Static<typeof ReportedView>;

/** A span as a report carries it. */
export const ReportedSpan = Type.Object({
  spanId: Type.String(),
  parentSpanId: Type.Optional(Type.String({ description: 'absent on a root' })),
  name: Type.String(),
  kind: oneOf('INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'),
  startMs: Type.Number({ description: 'Unix epoch, fractional, by the clock of its process' }),
  durationMs: orNull(Type.Number(), 'null: it never ended'),
  status: Type.Object({ code: oneOf('UNSET', 'OK', 'ERROR'), message: Type.Optional(Type.String()) }),
  attributes: AnyAttributes,
  events: Type.Array(Type.Object({ name: Type.String(), timeMs: Type.Number(), attributes: AnyAttributes })),
  links: Type.Array(
    Type.Object({ traceId: Type.String(), spanId: Type.String(), attributes: AnyAttributes }),
  ),
  resource: AnyAttributes,
  scope: Scope,
  process: Type.String({
    description: "which of the learner's programs made it: api, worker, page or unknown",
  }),
  received: Type.Boolean({
    description: 'true: it arrived at the collector, and not only in the process that made it',
  }),
});
export type ReportedSpan = Static<typeof ReportedSpan>;

/** A trace that a check speaks of, or that stands for the whole exercise. */
export const ReportedTrace = Type.Object({
  traceId: Type.String(),
  spans: Type.Array(ReportedSpan, {
    description: 'each parent before its children, siblings by start; those that never ended last',
  }),
  omitted: Type.Integer({
    description: 'spans that were left out; those at a mark, and all above, are there',
  }),
});
export type ReportedTrace = Static<typeof ReportedTrace>;

/** The same with each resource and scope once, beside the spans: they are half of its text. */
export const CompactTrace = Type.Object(
  {
    traceId: Type.String(),
    resources: Type.Array(AnyAttributes),
    scopes: Type.Array(Scope),
    spans: Type.Array(
      Type.Object({
        ...ReportedSpan.properties,
        resource: Type.Integer({ description: 'place in resources' }),
        scope: Type.Integer({ description: 'place in scopes' }),
      }),
      { description: 'in the order of a report' },
    ),
    omitted: ReportedTrace.properties.omitted,
  },
  { description: 'expandSpans of @workshop/telemetry puts spans, resources and scopes together' },
);
export type CompactTrace = Static<typeof CompactTrace>;

/** A failure's message, slot by slot. */
export const ReportedFailure = Type.Object({
  summary: Type.String({ description: 'the reason as a sentence' }),
  saw: Type.String(),
  wanted: Type.String(),
  cause: orNull(Type.String(), 'only where the evidence proves it'),
  look: Type.String({ description: 'a place or a question, never the fix' }),
  output: Type.Array(Type.String(), { description: "lines that the learner's own process printed" }),
  tables: Type.Array(
    Type.Object({
      title: Type.String(),
      columns: Type.Array(Type.String()),
      rows: Type.Array(Type.Array(Type.String())),
    }),
    { description: 'results of queries' },
  ),
});
export type ReportedFailure = Static<typeof ReportedFailure>;

export const ReportedCheck = Type.Object({
  id: Type.String({ description: 'a stable slug' }),
  number: Type.String({ description: '03.2' }),
  title: Type.String({ description: 'a sentence that is true of a right system' }),
  verdict: oneOf('pass', 'fail', 'blocked', 'error'),
  reason: orNull(Type.String(), 'one of the stable reasons; null on a pass and on a check that waits'),
  blockedBy: Type.Array(Type.String(), { description: 'ids of checks' }),
  message: Type.String({ description: 'all that the terminal says of it, 80 columns wide; empty on a pass' }),
  failure: orNull(ReportedFailure, 'the same in its slots; null unless it fails'),
  seen: Type.Array(
    Type.Object({ kind: Type.String(), text: Type.String(), spanId: Type.Optional(Type.String()) }),
    { description: 'short proof: what was seen, of which kind, on which span' },
  ),
  views: Type.Array(ReportedView, {
    description: 'the traces that the message speaks of, the most important first',
  }),
});
export type ReportedCheck = Static<typeof ReportedCheck>;

/** One exercise of a report: the same as in `npm run grade -- --json`. */
export const ReportedExercise = Type.Object({
  id: Type.String({ description: "the exercise's folder" }),
  verdict: oneOf('pass', 'fail', 'blocked', 'skipped', 'error'),
  ms: Type.Number({ description: 'milliseconds of driving and judging' }),
  evidence: orNull(Type.String(), "the evidence's file, from the repository; null: it was not kept"),
  trouble: orNull(Type.String(), "the grader's own trouble, for which the learner can do nothing"),
  checks: Type.Array(ReportedCheck),
  shown: orNull(ReportedView, 'the trace to show where no check has a view; null: there are no spans'),
  traces: Type.Array(ReportedTrace, {
    description: 'every trace that a view names, once; 500 spans of each at most',
  }),
  told: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]), {
    description: 'numbers of this run for done.md, by name',
  }),
});
export type ReportedExercise = Static<typeof ReportedExercise>;

/** The same with its traces as short as they can be told. */
export const CompactExercise = Type.Object({
  ...ReportedExercise.properties,
  traces: Type.Array(CompactTrace, { description: 'every trace that a view names, once' }),
});
export type CompactExercise = Static<typeof CompactExercise>;
