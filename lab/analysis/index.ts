export { compareSelection, type SelectionRequest } from './compare-selection.ts';
export { compareTraces } from './compare-traces.ts';
export { criticalPath } from './critical-path.ts';
export { distributions } from './distributions.ts';
export { type ServiceGraphOptions, serviceGraph } from './service-graph.ts';
export { listServices } from './services.ts';
export { type FoundTraces, listTraces } from './trace-list.ts';
export { AmbiguousTraceId, knownTrace, traceById, UnknownTrace } from './traces.ts';
