import { type Static, Type } from '@sinclair/typebox';

/** Checked by the query engine, which names each field of it that is wrong. */
export const Query = Type.Record(Type.String(), Type.Unknown(), {
  description:
    "Honeycomb's query specification: breakdowns, calculations, filters, filter_combination, granularity, orders, havings, limit, time_range, start_time, end_time, usage_mode, calculated_fields, compare_time_offset_seconds.",
});

/** A parameter without a value is a yes. */
const flag = (description: string) =>
  Type.Optional(
    Type.Union(
      ['', 'true', 'false'].map((text) => Type.Literal(text)),
      { description },
    ),
  );

export const QueryFlags = Type.Object(
  {
    disable_series: flag('results without the series; a limit of up to 10,000 is then allowed'),
    disable_total_by_aggregate: flag('true by default; false adds the totals'),
  },
  { additionalProperties: false },
);

const Row = Type.Record(Type.String(), Type.Unknown(), {
  description: 'a value for each breakdown and each calculation, by its name: "COUNT", "P95(duration_ms)"',
});
const results = {
  series: Type.Array(
    Type.Object({ time: Type.String({ description: 'begin of the bucket, ISO 8601' }), data: Row }),
  ),
  results: Type.Array(Type.Object({ data: Row })),
};

export const QueryAnswer = Type.Object({
  id: Type.String(),
  complete: Type.Literal(true),
  query: Query,
  data: Type.Object({ ...results, total_by_aggregate: Type.Optional(Row) }),
  comparison: Type.Optional(
    Type.Object(
      { ...results, offset_seconds: Type.Number() },
      { description: "the same groups, so many seconds earlier; the lab's own addition" },
    ),
  ),
  links: Type.Object({ query_url: Type.Optional(Type.String()) }),
  notes: Type.Optional(
    Type.Array(Type.String(), {
      description:
        "The lab's own addition, only when there is something to say: a column that no span has, or why the result is empty.",
    }),
  ),
});

export const SelectionBody = Type.Object(
  {
    query: Type.Optional(Query),
    selection: Type.Optional(
      Type.Object(
        {
          filters: Type.Optional(
            Type.Array(Type.Unknown(), { description: "filters as a query's, without root., parent., any." }),
          ),
          startMs: Type.Optional(Type.Number({ description: 'Unix milliseconds' })),
          endMs: Type.Optional(Type.Number({ description: 'Unix milliseconds' })),
        },
        { additionalProperties: false, description: 'what a selected span satisfies, all of it' },
      ),
    ),
  },
  { additionalProperties: false },
);

const share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });
export const ValueShare = Type.Object({
  value: Type.Union([Type.String(), Type.Null()], {
    description: 'the value, or the range of a bin, or null: the attribute is absent',
  }),
  selected: Type.Number({ description: 'how many selected spans have it' }),
  rest: Type.Number({ description: 'how many of the others have it' }),
  selectedShare: share('part of all selected spans'),
  restShare: share('part of all others'),
});
export type ValueShare = Static<typeof ValueShare>;

export const Threshold = Type.Object({
  op: Type.Union([Type.Literal('>='), Type.Literal('<')]),
  value: Type.Number({ description: 'a value that a span has' }),
  selectedShare: share('part of all selected spans that satisfy it'),
  restShare: share('part of all others that do'),
});
export type Threshold = Static<typeof Threshold>;

export const AttributeDifference = Type.Object({
  column: Type.String(),
  score: share('the largest difference between the two shares of one value'),
  distinct: Type.Number({ description: 'different values (or bins) seen' }),
  values: Type.Array(ValueShare, { description: 'those that differ most, at most five' }),
  threshold: Type.Optional(
    Type.Composite([Threshold], {
      description:
        'of a number, when it tells about as much as the best bin: on which side of it the selected are',
    }),
  ),
});
export type AttributeDifference = Static<typeof AttributeDifference>;

export const Distribution = Type.Object({
  column: Type.String(),
  present: share('part of the spans that have it'),
  distinct: Type.Number({ description: 'different values (or bins) seen' }),
  values: Type.Array(
    Type.Object({
      value: Type.String({ description: 'the value, or the range of a bin' }),
      share: share('part of the spans'),
    }),
    { description: 'bins in their order; else the five most frequent values' },
  ),
});
export type Distribution = Static<typeof Distribution>;

export const DistributionsBody = Type.Object(
  { query: Type.Optional(Query) },
  { additionalProperties: false },
);
export const Distributions = Type.Object({
  spans: Type.Number({ description: 'that the query is about' }),
  sampled: Type.Number({ description: 'how many of them were looked at' }),
  columns: Type.Array(Distribution, { description: 'those that may divide the spans first' }),
});
export type Distributions = Static<typeof Distributions>;

export const SelectionComparison = Type.Object({
  selected: Type.Number(),
  rest: Type.Number(),
  rootsOnly: Type.Boolean({ description: 'only root spans were compared, since only such are selected' }),
  sampled: Type.Object(
    { selected: Type.Number(), rest: Type.Number() },
    { description: 'how many were looked at: of many, every so manieth' },
  ),
  note: Type.Optional(Type.String({ description: 'why there is no ranking' })),
  differences: Type.Array(AttributeDifference, { description: 'the largest first' }),
});
export type SelectionComparison = Static<typeof SelectionComparison>;
