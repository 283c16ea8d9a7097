import type { FastifyRequest } from 'fastify';
import type { ClickHouseStore } from '../clickhouse/index.ts';
import type { Collector } from '../collection/index.ts';
import type { QueryThread } from '../query-thread/index.ts';
import type { Store } from '../store/index.ts';

export interface HoneycombApiOptions {
  store: Store | ClickHouseStore;
  thread: QueryThread;
  collector: Pick<Collector, 'take' | 'handle'>;
  /** folder for what is made by the API */
  dir: string;
  /** folder of the saved queries: the calculated fields beside them belong to every query */
  queries?: string;
  log?: (line: string) => void;
  onFault: (error: Error, request: FastifyRequest) => void;
}
