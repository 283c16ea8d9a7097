export { compareSelection, type SelectionRequest } from './compare-selection.ts';
export { criticalPath } from './critical-path.ts';
export { type ServiceGraphOptions, serviceGraph } from './service-graph.ts';
export { AmbiguousTraceId, type RecentTracesOptions, recentTraces, traceById } from './traces.ts';
