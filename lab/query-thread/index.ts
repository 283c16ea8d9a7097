export type { Job } from './jobs.ts';
export { QUERY_LIMIT_MS, QueryCancelled, QueryThread, QueryTimeout } from './query-thread.ts';
