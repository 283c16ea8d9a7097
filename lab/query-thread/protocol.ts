import type { MessagePort } from 'node:worker_threads';
import type { ClickHouseAddress } from '../clickhouse/index.ts';
import type { QueryProblem } from '../query/index.ts';
import type { Job } from './jobs.ts';

export type ToThread =
  | { id: number; job: Job }
  | { id: number; cancel: true }
  /** a piece was taken: another one may be made */
  | { id: number; taken: true };

export interface JobFailure {
  id: number;
  name: string;
  message: string;
  problems?: readonly QueryProblem[];
  /** of a ClickHouseProblem */
  whatToDo?: string;
}

export type FromThread =
  | { id: number; piece: Uint8Array<ArrayBuffer> }
  | { id: number; done: true }
  | JobFailure;

/** From where the thread has its rows: the store's thread, or a database of others. */
export type RowsOrigin = MessagePort | ClickHouseAddress;

export interface ThreadOptions {
  rows: RowsOrigin;
  /** a job that has no answer after so many milliseconds is ended */
  limitMs: number;
}
