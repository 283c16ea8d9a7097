export { NoApiError, runTraffic, type Traffic, type TrafficOptions } from './run.ts';
export { summaryLines } from './summary.ts';
export { isTraffic, trafficUserAgent } from './user-agent.ts';
export { type Visits, visitsLine } from './visits.ts';
