import type { StoredQuery } from '../query/index.ts';
import type { Client } from './client.ts';

/** The dataset that stands for the whole environment. */
export const ENVIRONMENT_WIDE = '__all__';

/** A name and a description for a query: what the page of Honeycomb calls a saved query. */
export interface QueryAnnotation {
  id: string;
  name: string;
  description?: string;
  query_id: string;
  source?: 'query' | 'board';
}

export interface BoardPanel {
  type: string;
  query_panel?: {
    query_id: string;
    query_annotation_id: string;
    query_style?: string;
    dataset?: string;
    visualization_settings?: unknown;
  };
  position?: { x_coordinate?: number; y_coordinate?: number; height?: number; width?: number };
  [key: string]: unknown;
}

export interface Board {
  id: string;
  name: string;
  description?: string;
  type: string;
  panels?: BoardPanel[];
  tags?: { key: string; value: string }[];
  links?: { board_url?: string };
  layout_generation?: 'auto' | 'manual';
  [key: string]: unknown;
}

/** A calculated field, which the API calls a derived column. */
export interface DerivedColumn {
  id: string;
  alias: string;
  expression: string;
  description?: string;
}

export interface SloResource {
  id: string;
  name: string;
  description?: string;
  sli: { alias: string };
  time_period_days: number;
  target_per_million: number;
  dataset_slugs?: string[];
}

/** The answer of GET /1/auth. */
export interface Auth {
  id: string;
  type: 'configuration' | 'ingest';
  api_key_access: Record<string, boolean>;
  environment: { name: string; slug: string };
  team: { name: string; slug: string };
}

/**
 * The requests that the workshop sends, and no others: `npm run test:contract` runs each of them against
 * Honeycomb's own OpenAPI document. A creation is not repeated blindly; push looks first what became of it.
 */
export function createApi(client: Client) {
  const queries = (dataset: string) => `/1/queries/${encodeURIComponent(dataset)}`;
  const annotations = (dataset: string) => `/1/query_annotations/${encodeURIComponent(dataset)}`;
  const fields = `/1/derived_columns/${ENVIRONMENT_WIDE}`;
  const slos = `/1/slos/${ENVIRONMENT_WIDE}`;
  const board = (id: string) => `/1/boards/${encodeURIComponent(id)}`;
  return {
    auth: () => client.json<Auth>('GET', '/1/auth'),
    listDatasets: () => client.json<{ name: string; slug: string }[]>('GET', '/1/datasets'),

    // A query that is created twice does no harm: nothing lists queries, only their annotations.
    createQuery: (dataset: string, json: StoredQuery) =>
      client.json<StoredQuery & { id: string }>('POST', queries(dataset), { json }),
    getQuery: (dataset: string, id: string) =>
      client.json<StoredQuery>('GET', `${queries(dataset)}/${encodeURIComponent(id)}`),

    // Without the parameter the list leaves out annotations that came into being on a board.
    listAnnotations: (dataset: string) =>
      client.json<QueryAnnotation[]>('GET', annotations(dataset), {
        query: { include_board_annotations: 'true' },
      }),
    createAnnotation: (dataset: string, json: Omit<QueryAnnotation, 'id'>) =>
      client.json<QueryAnnotation>('POST', annotations(dataset), { json, repeatable: false }),
    updateAnnotation: (dataset: string, id: string, json: Omit<QueryAnnotation, 'id'>) =>
      client.json<QueryAnnotation>('PUT', `${annotations(dataset)}/${encodeURIComponent(id)}`, { json }),

    listFields: () => client.json<DerivedColumn[]>('GET', fields),
    createField: (json: Omit<DerivedColumn, 'id'>) =>
      client.json<DerivedColumn>('POST', fields, { json, repeatable: false }),
    updateField: (id: string, json: Omit<DerivedColumn, 'id'>) =>
      client.json<DerivedColumn>('PUT', `${fields}/${encodeURIComponent(id)}`, { json }),

    listSlos: () => client.json<SloResource[]>('GET', slos),
    createSlo: (json: Omit<SloResource, 'id'>) =>
      client.json<SloResource>('POST', slos, { json, repeatable: false }),
    // The datasets of an SLO cannot be changed.
    updateSlo: (id: string, json: Omit<SloResource, 'id' | 'dataset_slugs'>) =>
      client.json<SloResource>('PUT', `${slos}/${encodeURIComponent(id)}`, { json }),

    listBoards: () => client.json<Board[]>('GET', '/1/boards'),
    createBoard: (json: Omit<Board, 'id'>) =>
      client.json<Board>('POST', '/1/boards', { json, repeatable: false }),
    updateBoard: (id: string, json: Omit<Board, 'id'>) => client.json<Board>('PUT', board(id), { json }),
  };
}

export type HoneycombApi = ReturnType<typeof createApi>;
