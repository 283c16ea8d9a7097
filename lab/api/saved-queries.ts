import { type Static, Type } from '@sinclair/typebox';
import { Query } from './query.ts';

const version = Type.String({ description: 'changes with the content of the file' });

export const SavedQueryName = Type.Object({
  name: Type.String({
    pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$',
    description: 'a name of letters, digits, - and _: the file without its folder and .json',
  }),
});

/** A saved query, as a panel of Honeycomb's board would show it. */
export const ListedQuery = Type.Object({
  file: Type.String({ description: 'file name without the folder: latency-by-user.json' }),
  name: Type.String(),
  description: Type.String(),
  query: Query,
  version,
  style: Type.String({ description: "the panel's query_style: graph, table or combo" }),
  dataset: Type.String({ description: 'where `npm run honeycomb -- push` puts it: a slug, or __all__' }),
});
export type ListedQuery = Static<typeof ListedQuery>;

export const SavedQueryList = Type.Object({
  folder: Type.Union([Type.String(), Type.Null()], {
    description: 'name of the folder; null: this lab has none, and nothing can be saved',
  }),
  board: Type.String({ description: 'name of the board in Honeycomb' }),
  queries: Type.Array(ListedQuery, { description: 'in the order of the panels' }),
  problems: Type.Array(Type.Object({ file: Type.String(), text: Type.String() }), {
    description: 'files of the folder that are no saved queries',
  }),
});
export type SavedQueryList = Static<typeof SavedQueryList>;

export const QueryToSave = Type.Object(
  {
    name: Type.String(),
    description: Type.String(),
    query: Query,
    replaces: Type.Union([version, Type.Null()], {
      description: 'version of the file that is written over; null: there is none yet',
    }),
  },
  { additionalProperties: false },
);

export const QuerySaved = Type.Object({
  file: Type.String(),
  version,
  kept: Type.Union([Type.String(), Type.Null()], {
    description: 'copy of what was written over, below the folder: kept/latency-by-user-1.json',
  }),
});
export type QuerySaved = Static<typeof QuerySaved>;

/** What a save answered. */
export const SaveToUndo = Type.Object(
  { version, kept: QuerySaved.properties.kept },
  { additionalProperties: false },
);

export const SaveUndone = Type.Object({
  file: Type.String(),
  version: Type.Union([version, Type.Null()], { description: 'null: the file is gone again' }),
});
