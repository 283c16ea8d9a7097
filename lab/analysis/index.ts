export { compareSelection, type SelectionRequest } from './compare-selection.ts';
export { criticalPath } from './critical-path.ts';
export { type ServiceGraphOptions, serviceGraph } from './service-graph.ts';
export { type FoundTraces, listTraces } from './trace-list.ts';
export { AmbiguousTraceId, traceById } from './traces.ts';
