export { runTraffic, type Traffic, type TrafficOptions } from './run.ts';
export { summaryLines } from './summary.ts';
export { isTraffic, trafficUserAgent } from './user-agent.ts';
export { type Visits, visitsLine } from './visits.ts';

/** Traffic through a browser. Loaded only when it is asked for: it brings the browser's driver with it. */
export const browserTraffic = (): Promise<typeof import('./browser.ts')> => import('./browser.ts');
