export {
  AmbiguousTraceId,
  type RecentTracesOptions,
  recentTraces,
  type TraceSummary,
  traceById,
} from './traces.ts';
