import { type Static, Type } from '@sinclair/typebox';
import { Query } from './query.ts';

export const HistoryEntry = Type.Object({
  query: Query,
  at: Type.String({ description: 'when it ran last, ISO 8601' }),
  times: Type.Integer({ description: 'how often it ran' }),
});
export type HistoryEntry = Static<typeof HistoryEntry>;

export const QueryHistory = Type.Object({
  entries: Type.Array(HistoryEntry, { description: 'the newest first, at most a hundred' }),
});

export const QueryThatRan = Type.Object({ query: Query }, { additionalProperties: false });
