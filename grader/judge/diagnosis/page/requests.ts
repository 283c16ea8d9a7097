import type { Evidence, HeaderRecord } from '../../../evidence/index.ts';

/** The browser's questions to the API before requests of the page. */
export function preflightsOf(evidence: Evidence): HeaderRecord[] {
  return apiRecords(evidence).filter(
    (record) =>
      record.method === 'OPTIONS' && record.requestHeaders['access-control-request-method'] !== undefined,
  );
}

/** Requests of the page to the API in the order of their arrival, the browser's questions left out. */
export function pageRequestsOf(evidence: Evidence): HeaderRecord[] {
  return apiRecords(evidence).filter((record) => record.method !== 'OPTIONS');
}

function apiRecords(evidence: Evidence): HeaderRecord[] {
  const origin = evidence.page?.url;
  return (evidence.headers ?? [])
    .filter((record) => record.at === 'api' && origin !== undefined && record.origin === origin)
    .sort((a, b) => a.atMs - b.atMs);
}
