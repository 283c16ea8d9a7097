export { runTraffic, type Traffic, type TrafficOptions } from './api-traffic.ts';
export { type Deploy, deployLines, playDeploy } from './deploy.ts';
export { pollHealth } from './load-balancer.ts';
export { type Rush, runRush, rushLines } from './rush.ts';
export { summaryLines, tableLines } from './summary.ts';
export { isTraffic, TRAFFIC_USER_AGENT } from './user-agent.ts';
export { type Visits, visitsLine } from './visits.ts';

/** Traffic through a browser. Loaded only when it is asked for: it brings the browser's driver with it. */
export const browserTraffic = (): Promise<typeof import('./page-traffic.ts')> => import('./page-traffic.ts');
