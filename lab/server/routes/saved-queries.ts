import {
  Problem,
  QueryHistory,
  QuerySaved,
  QueryThatRan,
  QueryToSave,
  SavedQueryList,
  SavedQueryName,
  SaveToUndo,
  SaveUndone,
} from '../../api/index.ts';
import { boardName, datasetOf, styleOf } from '../../honeycomb/index.ts';
import type { QueryHistoryFile, SavedQueryFolder } from '../../saved/index.ts';
import type { LabApp } from '../app.ts';

const TAGS = ['saved queries'];

/** The queries that a person keeps: those that ran, and those in the folder queries/. @param folder null: there is none */
export function addSavedQueryRoutes(
  app: LabApp,
  { folder, history }: { folder: SavedQueryFolder | null; history: QueryHistoryFile },
): void {
  app.get(
    '/api/query-history',
    { schema: { summary: 'The queries that ran in the page', tags: TAGS, response: { 200: QueryHistory } } },
    async () => ({ entries: await history.entries() }),
  );

  app.post(
    '/api/query-history',
    {
      schema: {
        summary: 'Remembers a query that ran',
        tags: TAGS,
        body: QueryThatRan,
        response: { 200: QueryHistory, 422: Problem },
      },
    },
    async ({ body: { query } }) => ({ entries: await history.add(query) }),
  );

  app.get(
    '/api/saved-queries',
    {
      schema: {
        summary: 'The saved queries as the panels of a board, as npm run honeycomb -- push makes it',
        tags: TAGS,
        response: { 200: SavedQueryList },
      },
    },
    async () => {
      const { queries, problems } = (await folder?.list()) ?? { queries: [], problems: [] };
      return {
        folder: folder && 'queries',
        board: boardName(),
        queries: queries.map((saved) => ({
          ...saved,
          style: styleOf(saved.query),
          dataset: datasetOf(saved.query),
        })),
        problems,
      };
    },
  );
  if (folder) addWriting(app, folder);
}

function addWriting(app: LabApp, folder: SavedQueryFolder): void {
  app.put(
    '/api/saved-queries/:name',
    {
      schema: {
        summary: 'Writes a file of queries/; what it was is kept beside it',
        tags: TAGS,
        params: SavedQueryName,
        body: QueryToSave,
        response: { 200: QuerySaved, 409: Problem, 422: Problem },
      },
    },
    ({ params, body: { replaces, ...saved } }) => folder.save(params.name, saved, replaces),
  );

  app.post(
    '/api/saved-queries/:name/undo',
    {
      schema: {
        summary: 'Takes a save back, as long as the file is what it made',
        tags: TAGS,
        params: SavedQueryName,
        body: SaveToUndo,
        response: { 200: SaveUndone, 409: Problem, 422: Problem },
      },
    },
    ({ params, body }) => folder.undo(params.name, body),
  );
}
