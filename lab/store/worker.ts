import { parentPort, workerData } from 'node:worker_threads';
import { Database } from './database.ts';
import { StoreError } from './file-fault.ts';
import { applyRetention, sizeOf } from './retention.ts';
import type { RowBatch } from './row-batch.ts';
import { serveRows } from './row-server.ts';
import type { WorkerError, WorkerOptions, WorkerReply, WorkerRequest } from './worker-protocol.ts';

/**
 * The thread that owns the database file. Appending and flushing block their thread for milliseconds, so they
 * must not run where HTTP requests are answered.
 */

/** Rows of one commit: enough to make the flush cheap, few enough to answer soon. */
const MAX_ROWS_A_COMMIT = 60_000;
/** A checkpoint waits until nothing was written for this long. */
const IDLE_MS = 2_000;

const options = workerData as WorkerOptions;
const port = parentPort;
if (!port) throw new Error('store/worker.ts runs in a worker thread only');

const database = await Database.open(options.path).catch((error: unknown) => {
  port.postMessage({ id: 0, ok: false, error: plain(error) } satisfies WorkerReply);
  return null;
});

let queue: { id: number; batch: RowBatch }[] = [];
let committing = false;
let checkpoint: NodeJS.Timeout | undefined;

if (database) {
  port.on('message', (request: WorkerRequest) => {
    if (request.kind === 'serve') {
      serveRows(request.port, database);
      return;
    }
    if (request.kind === 'append') {
      queue.push({ id: request.id, batch: request.batch });
      if (!committing) void commitAll(database);
      return;
    }
    answer(request, database).then(
      (value) => port.postMessage({ id: request.id, ok: true, value } satisfies WorkerReply),
      (error: unknown) =>
        port.postMessage({ id: request.id, ok: false, error: plain(error) } satisfies WorkerReply),
    );
  });
  port.postMessage({ id: 0, ok: true, value: null } satisfies WorkerReply);
}

/** Group commit: all requests that came in while the last commit ran share the next one. */
async function commitAll(target: Database): Promise<void> {
  committing = true;
  clearTimeout(checkpoint);
  while (queue.length > 0) {
    const group = takeGroup();
    try {
      await target.append(group.map((item) => item.batch));
      for (const { id } of group) port?.postMessage({ id, ok: true, value: null } satisfies WorkerReply);
    } catch (error) {
      for (const { id } of group)
        port?.postMessage({ id, ok: false, error: plain(error) } satisfies WorkerReply);
    }
    // Lets the messages in that arrived while the flush blocked this thread.
    await new Promise((resolve) => setImmediate(resolve));
  }
  committing = false;
  checkpoint = setTimeout(() => void target.run('checkpoint').catch(() => undefined), IDLE_MS);
}

function takeGroup(): typeof queue {
  let rows = 0;
  let count = 0;
  while (
    count < queue.length &&
    (count === 0 || rows + (queue[count]?.batch.rows ?? 0) <= MAX_ROWS_A_COMMIT)
  ) {
    rows += queue[count++]?.batch.rows ?? 0;
  }
  const group = queue.slice(0, count);
  queue = queue.slice(count);
  return group;
}

async function answer(request: WorkerRequest, target: Database): Promise<unknown> {
  switch (request.kind) {
    case 'all':
      return target.all(request.sql, request.parameters);
    case 'catalogue':
      return target.catalogue().entries();
    case 'recent-ids': {
      const sql = `select trace_id, span_id from spans where span_id is not null and trace_id is not null order by rowid desc limit ${request.limit}`;
      return (await target.all(sql)).reverse();
    }
    case 'retain':
      return applyRetention(target, options.retention, request.nowMs);
    case 'size':
      return sizeOf(target);
    case 'close':
      while (committing) await new Promise((resolve) => setImmediate(resolve));
      clearTimeout(checkpoint);
      await target.endReads();
      await target.run('checkpoint').catch(() => undefined);
      await target.close();
      return null;
    default:
      throw new Error(`unknown request ${(request as WorkerRequest).kind}`);
  }
}

function plain(error: unknown): WorkerError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message } = error;
  return error instanceof StoreError ? { name, message, whatToDo: error.whatToDo } : { name, message };
}
