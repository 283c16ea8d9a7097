import { type Static, type TSchema, Type } from '@sinclair/typebox';

const orNull = <T extends TSchema>(schema: T, description?: string) =>
  Type.Union([schema, Type.Null()], description === undefined ? {} : { description });
const oneOf = <T extends string>(...values: T[]) => Type.Union(values.map((value) => Type.Literal(value)));
const Attributes = Type.Record(Type.String(), Type.Unknown());

export const Verdict = oneOf('pass', 'fail', 'blocked', 'error');

/** A place in a trace that a message speaks of. */
export const Mark = Type.Object({
  spanId: orNull(Type.String(), 'null: at the end of the trace'),
  text: Type.String(),
  place: Type.Optional(oneOf('before', 'after', 'after-children', 'child')),
  interval: Type.Optional(Type.Object({ startMs: Type.Number(), endMs: Type.Number() })),
  shows: Type.Union([Type.Literal('missing'), Type.Literal('seen')], {
    description: 'missing: nothing is there and something should be',
  }),
});

export const View = Type.Object({
  title: Type.String({ description: 'GET /feed, signed in as user 4711' }),
  traceId: Type.String(),
  marks: Type.Array(Mark),
});

export const ReportedSpan = Type.Object({
  spanId: Type.String(),
  parentSpanId: Type.Optional(Type.String()),
  name: Type.String(),
  kind: oneOf('INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'),
  startMs: Type.Number({ description: 'Unix epoch, by the clock of its process' }),
  durationMs: orNull(Type.Number(), 'null: it never ended'),
  status: Type.Object({ code: oneOf('UNSET', 'OK', 'ERROR'), message: Type.Optional(Type.String()) }),
  attributes: Attributes,
  events: Type.Array(Type.Object({ name: Type.String(), timeMs: Type.Number(), attributes: Attributes })),
  links: Type.Array(Type.Object({ traceId: Type.String(), spanId: Type.String(), attributes: Attributes })),
  resource: Attributes,
  scope: Type.Object({ name: Type.String(), version: Type.Optional(Type.String()) }),
  process: Type.String({ description: 'api, worker, page or unknown' }),
  received: Type.Boolean({ description: 'true: it arrived at the collector' }),
});

export const Trace = Type.Object({
  traceId: Type.String(),
  spans: Type.Array(ReportedSpan, { description: 'each parent before its children; open ones last' }),
  omitted: Type.Integer({
    description: 'spans that were left out; those at a mark, and all above, are there',
  }),
});

export const Failure = Type.Object({
  summary: Type.String({ description: 'the reason as a sentence' }),
  saw: Type.String(),
  wanted: Type.String(),
  cause: orNull(Type.String(), 'only where the evidence proves it'),
  look: Type.String({ description: 'a place or a question, never the fix' }),
  output: Type.Array(Type.String(), { description: "lines of the learner's own process" }),
  tables: Type.Array(
    Type.Object({
      title: Type.String(),
      columns: Type.Array(Type.String()),
      rows: Type.Array(Type.Array(Type.String())),
    }),
  ),
});

export const Check = Type.Object({
  id: Type.String(),
  number: Type.String({ description: '03.2' }),
  title: Type.String(),
  verdict: Verdict,
  reason: orNull(Type.String()),
  blockedBy: Type.Array(Type.String(), { description: 'ids of checks' }),
  message: Type.String({ description: 'all that the terminal says of it; empty on a pass' }),
  failure: orNull(Failure, 'the same in its slots; null unless it fails'),
  seen: Type.Array(
    Type.Object({ kind: Type.String(), text: Type.String(), spanId: Type.Optional(Type.String()) }),
  ),
  views: Type.Array(View),
});

/** One exercise of a report: the same as in `npm run grade -- --json`. */
export const ReportedExercise = Type.Object({
  id: Type.String({ description: "the exercise's folder" }),
  verdict: oneOf('pass', 'fail', 'blocked', 'skipped', 'error'),
  ms: Type.Number(),
  evidence: orNull(Type.String()),
  trouble: orNull(Type.String(), "the grader's own trouble, for which the learner can do nothing"),
  checks: Type.Array(Check),
  shown: orNull(View, 'the trace to show where no check has a view'),
  traces: Type.Array(Trace, { description: 'every trace that a view names, once' }),
  told: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]), {
    description: 'numbers of this run for done.md, by name',
  }),
});
export type ReportedExercise = Static<typeof ReportedExercise>;
