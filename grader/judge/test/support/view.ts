import type { Mark, TraceView } from '../../verdict.ts';

/** How a rule shows the request's trace with its marks, as a word of checks would hand it over. */
export const view = (marks: Mark[]): TraceView[] => [{ title: 'GET /feed', traceId: 'request', marks }];
