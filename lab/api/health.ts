import { type Static, Type } from '@sinclair/typebox';

const count = (description: string) => Type.Integer({ minimum: 0, description });

export const Health = Type.Object({
  status: Type.Union([Type.Literal('ok'), Type.Literal('trouble')]),
  trouble: Type.Array(Type.String(), {
    description: 'a sentence for each thing that a person should know; empty when all is well',
  }),
  learn: Type.Boolean({ description: 'whether exercises are here, at /api/learn: the lab of npm start' }),
  source: Type.Object(
    {
      kind: Type.Union([Type.Literal('file'), Type.Literal('clickhouse')]),
      address: Type.String({ description: 'the path of the file; or the address, without a password' }),
    },
    {
      description:
        'where the spans are: a file that this lab fills, or a ClickHouse database that a Collector fills and this lab reads',
    },
  ),
  rows: count('rows that are kept: spans, events, links; of a ClickHouse database the spans'),
  bytes: Type.Number({ description: 'bytes that they take' }),
  memoryBytes: count('resident memory of the process that the lab runs in'),
  received: Type.Object(
    {
      spans: count('spans that were stored'),
      duplicates: count('spans that were sent once more'),
      busy: count('requests that were asked to come again'),
      failed: count('of them those that could not be written'),
      refused: count('requests that were refused: broken, too big, of a wrong type, to a wrong path'),
      forwardErrors: count('failures of sending on'),
    },
    { description: 'since the lab was started' },
  ),
  lastRefusal: Type.Union(
    [
      Type.Object({
        status: Type.Integer(),
        path: Type.String(),
        origin: Type.Union([Type.String(), Type.Null()], { description: 'of the page that sent it' }),
        reason: Type.String(),
        atMs: Type.Number(),
      }),
      Type.Null(),
    ],
    { description: 'the last request with spans that was refused, since the lab was started' },
  ),
  clocks: Type.Array(
    Type.Object({
      service: Type.String(),
      aheadMs: Type.Number({
        description:
          "how far its last span's end is ahead of this machine's clock; a few seconds behind is usual",
      }),
    }),
    { description: 'of each service that has sent spans since the lab was started' },
  ),
  disk: Type.Object({
    freeBytes: Type.Union([Type.Number(), Type.Null()], {
      description: 'where the data is; null when this system does not say',
    }),
    low: Type.Boolean({ description: 'less than half a gibibyte is free' }),
  }),
  retention: Type.Object(
    {
      maxAgeHours: Type.Union([Type.Number(), Type.Null()]),
      maxBytes: Type.Union([Type.Number(), Type.Null()]),
      removedRows: count('since the lab was started'),
      lastRemovedMs: Type.Union([Type.Number(), Type.Null()], { description: 'Unix milliseconds' }),
    },
    { description: 'what is kept, and what was deleted for it' },
  ),
});
export type Health = Static<typeof Health>;
