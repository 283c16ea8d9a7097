import type { Row } from '../../../hidden-data/index.ts';
import type { Reason } from '../../reasons.ts';

/** Rows that a query may look at, by user. */
export interface RowSet {
  /** in a message: "it counts ..." */
  what: string;
  holds(row: Row): boolean;
}

export const isRequest = (row: Row): boolean => row.kind === 'SERVER' && row.service === 'murmur-api';
const isRoot = (row: Row): boolean => row.type === 'span' && row.parentId === null;

/** Each of these counts a request once. The first is what messages show. */
export const RIGHT: readonly RowSet[] = [
  { what: 'the SERVER spans', holds: isRequest },
  { what: 'the root spans', holds: isRoot },
  { what: 'the root spans of the API', holds: (row) => isRoot(row) && row.service === 'murmur-api' },
];

const isPageCall = (row: Row): boolean => row.kind === 'CLIENT' && row.service === 'murmur-web';

/** Known ways to look at other rows, each with its reason. */
export const WRONG: readonly (RowSet & { reason: Reason })[] = [
  {
    reason: 'query-counts-both-ends',
    what: 'the SERVER span and the CLIENT span of one call',
    holds: (row) => isRequest(row) || isPageCall(row),
  },
  {
    reason: 'query-counts-both-ends',
    what: 'SERVER and CLIENT spans, so both ends of each call',
    holds: (row) => row.kind === 'SERVER' || row.kind === 'CLIENT',
  },
  {
    reason: 'query-counts-spans',
    what: 'every span that has a user.id',
    holds: (row) => row.type === 'span',
  },
  {
    reason: 'query-counts-spans',
    what: 'every span of the API that has a user.id',
    holds: (row) => row.type === 'span' && row.service === 'murmur-api',
  },
  { reason: 'query-wrong-filter', what: 'the calls that a page made', holds: isPageCall },
  { reason: 'query-wrong-filter', what: 'CLIENT spans', holds: (row) => row.kind === 'CLIENT' },
  {
    reason: 'query-wrong-filter',
    what: 'every row that is no SERVER span',
    holds: (row) => row.kind !== 'SERVER',
  },
  {
    reason: 'query-wrong-filter',
    what: 'INTERNAL spans',
    holds: (row) => row.kind === 'INTERNAL',
  },
  { reason: 'query-wrong-filter', what: 'the spans "rank feed"', holds: (row) => row.name === 'rank feed' },
  {
    reason: 'query-wrong-filter',
    what: 'requests of GET /feed alone',
    holds: (row) => isRequest(row) && row.name === 'GET /feed',
  },
  {
    reason: 'query-wrong-filter',
    what: 'requests that succeeded alone',
    holds: (row) => isRequest(row) && !row.failed,
  },
  {
    reason: 'query-wrong-filter',
    what: 'requests that failed alone',
    holds: (row) => isRequest(row) && row.failed,
  },
];
