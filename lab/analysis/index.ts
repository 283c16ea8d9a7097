export {
  type AttributeDifference,
  compareSelection,
  type SelectionComparison,
  type SelectionRequest,
  type ValueShare,
} from './compare-selection.ts';
export { type CriticalPath, type CriticalSegment, criticalPath } from './critical-path.ts';
export {
  type ServiceEdge,
  type ServiceGraph,
  type ServiceGraphOptions,
  type ServiceNode,
  serviceGraph,
} from './service-graph.ts';
export {
  AmbiguousTraceId,
  type RecentTracesOptions,
  type RequestSummary,
  recentTraces,
  type TraceSummary,
  traceById,
} from './traces.ts';
