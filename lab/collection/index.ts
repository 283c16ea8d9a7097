export {
  type Collector,
  type CollectorCounts,
  type CollectorOptions,
  OTLP_PORT,
  startCollector,
} from './collector.ts';
export { noCollector } from './no-collector.ts';
export type { Refusal } from './refusals.ts';
