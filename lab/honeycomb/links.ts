import type { StoredQuery } from '../query/index.ts';
import type { Account } from './account.ts';
import { ENVIRONMENT_WIDE } from './api.ts';

/** Longer links fail in some browsers and proxies. */
export const LINK_MAX = 8000;

/** The start page of the environment. */
export function environmentLink(account: Account): string {
  const { ui, team, environment } = account;
  return `${ui}/${encodeURIComponent(team)}/environments/${encodeURIComponent(environment)}`;
}

/**
 * Opens a query in Honeycomb without saving it first: its "query template link". Needs no key, only somebody
 * who is signed in. `__all__` or no dataset: the whole environment.
 */
export function queryLink(account: Account, query: StoredQuery, dataset?: string): string {
  const { id: _id, ...spec } = query;
  // A template link is made from a dataset's address; `__all__` is the one for the whole environment.
  const base = datasetLink(account, dataset ?? ENVIRONMENT_WIDE);
  return `${base}?query=${encodeURIComponent(JSON.stringify(spec))}`;
}

export interface TraceLinkOptions {
  dataset?: string;
  spanId?: string;
  /** Unix milliseconds. Without them Honeycomb looks about two hours back. */
  startMs?: number;
  endMs?: number;
}

/** Opens one trace. The times are widened to whole seconds on both sides, which is what Honeycomb takes. */
export function traceLink(account: Account, traceId: string, options: TraceLinkOptions = {}): string {
  const { dataset, spanId, startMs, endMs } = options;
  const params = new URLSearchParams({ trace_id: traceId });
  if (spanId) params.set('span', spanId);
  if (startMs !== undefined) params.set('trace_start_ts', String(Math.floor(startMs / 1000)));
  if (endMs !== undefined) params.set('trace_end_ts', String(Math.ceil(endMs / 1000)));
  // A trace may cross services: without a dataset Honeycomb looks in the whole environment.
  return `${dataset ? datasetLink(account, dataset) : environmentLink(account)}/trace?${params}`;
}

function datasetLink(account: Account, dataset: string): string {
  return `${environmentLink(account)}/datasets/${encodeURIComponent(dataset)}`;
}
