import type { QueryFile } from '../evidence/index.ts';
import type { DataSetId } from './data-set.ts';

export type SavedQueryId = 'latency-by-user' | 'recent-traces' | 'network-latency-by-route';

export interface WantedQuery {
  id: SavedQueryId;
  /** file below queries/ */
  file: string;
  /** as people call it, and as Honeycomb shows it */
  name: string;
  /** the hidden data that it is run over */
  dataSets: readonly DataSetId[];
}

export const WANTED: readonly WantedQuery[] = [
  {
    id: 'latency-by-user',
    file: 'latency-by-user.json',
    name: 'Latency by UserID',
    dataSets: ['small', 'large'],
  },
  {
    id: 'recent-traces',
    file: 'recent-traces.json',
    name: 'Recent Traces',
    dataSets: ['large', 'with-past'],
  },
  {
    id: 'network-latency-by-route',
    file: 'network-latency-by-route.json',
    name: 'Network latency by route',
    dataSets: ['small', 'large'],
  },
];

/**
 * The learner's file for a wanted query: the one of that name, else one that says the name inside, as `pull` writes
 * it. Undefined when there is none.
 */
export function findSavedQuery(
  queries: Readonly<Record<string, QueryFile>>,
  wanted: WantedQuery,
): { file: string; content: QueryFile } | undefined {
  const exact = queries[wanted.file];
  if (exact) return { file: wanted.file, content: exact };
  for (const [file, content] of Object.entries(queries)) {
    const value = content.state === 'read' ? content.value : null;
    const name = typeof value === 'object' && value !== null && !Array.isArray(value) ? value.name : null;
    if (typeof name === 'string' && name.trim().toLowerCase() === wanted.name.toLowerCase())
      return { file, content };
  }
  return undefined;
}
