import { type Static, Type } from '@sinclair/typebox';

const count = (description: string) => Type.Integer({ minimum: 0, description });

export const Health = Type.Object({
  status: Type.Union([Type.Literal('ok'), Type.Literal('trouble')]),
  trouble: Type.Array(Type.String(), {
    description: 'a sentence for each thing that a person should know; empty when all is well',
  }),
  learn: Type.Boolean({ description: 'whether exercises are here, at /api/learn: the lab of npm start' }),
  rows: count('rows that are kept: spans, events, links'),
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
});
export type Health = Static<typeof Health>;
