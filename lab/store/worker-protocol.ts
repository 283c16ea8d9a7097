import type { MessagePort } from 'node:worker_threads';
import type { SqlParameter } from './database.ts';
import type { RowBatch } from './row-batch.ts';

export interface Retention {
  /** rows older than this are deleted; hours */
  maxAgeHours?: number;
  /** however old, the last so many rows that arrived are kept: a wrong clock must not delete everything; 0 by default */
  keepRows?: number;
  /** when the data takes more than this, the oldest rows go; bytes */
  maxBytes?: number;
}

export interface WorkerOptions {
  path: string;
  retention: Retention;
}

export interface StoreSize {
  rows: number;
  bytes: number;
}

export type WorkerCall =
  | { kind: 'append'; batch: RowBatch }
  | { kind: 'all'; sql: string; parameters: readonly SqlParameter[] }
  | { kind: 'catalogue' }
  /** answers another thread's `RowRequest`s on this port; has no answer itself */
  | { kind: 'serve'; port: MessagePort }
  | { kind: 'recent-ids'; limit: number }
  | { kind: 'retain'; nowMs: number }
  | { kind: 'size' }
  | { kind: 'close' };

export type WorkerRequest = WorkerCall & { id: number };

export interface WorkerError {
  name: string;
  message: string;
  /** of a StoreError */
  whatToDo?: string;
}

export type WorkerReply =
  | { id: number; ok: true; value: unknown }
  | { id: number; ok: false; error: WorkerError };
