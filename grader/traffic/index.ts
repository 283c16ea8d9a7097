export { NoApiError, runTraffic, type Traffic, type TrafficOptions } from './run.ts';
export { summaryLines } from './summary.ts';
