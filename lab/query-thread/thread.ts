import { MessagePort, parentPort, workerData } from 'node:worker_threads';
import { type ClickHouseAddress, ClickHouseProblem } from '../clickhouse/index.ts';
import { QueryError } from '../query/index.ts';
import { RemoteRows } from '../store/row-port.ts';
import { answerOf, type Job } from './jobs.ts';
import type { FromThread, JobFailure, ThreadOptions, ToThread } from './protocol.ts';

/**
 * The thread in which results are built: a result of a thousand groups and a thousand steps takes seconds to build, and
 * must not hold up the thread that answers OTLP, nor the one that writes.
 */
const { limitMs, rows: origin } = workerData as ThreadOptions;
const port = parentPort;
if (!port) throw new Error('query-thread/thread.ts runs in a worker thread only');

/** Pieces, of about a megabyte each, that may wait for a slow reader. */
const MOST_WAITING = 8;

class RunningJob {
  readonly controller = new AbortController();
  #waiting = 0;
  #wake: () => void = () => {};

  /** Resolves when the reader has taken enough for another piece, or is gone. */
  async room(): Promise<void> {
    while (this.#waiting >= MOST_WAITING && !this.controller.signal.aborted)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.controller.signal.throwIfAborted();
    this.#waiting++;
  }

  taken(): void {
    this.#waiting--;
    this.#wake();
  }

  cancel(reason: DOMException): void {
    this.controller.abort(reason);
    this.#wake();
  }
}

const rows = origin instanceof MessagePort ? new RemoteRows(origin) : await clickHouse(origin);
const running = new Map<number, RunningJob>();
const encoder = new TextEncoder();

port.on('message', (message: ToThread) => {
  if ('job' in message) void run(message.id, message.job);
  else if ('taken' in message) running.get(message.id)?.taken();
  else running.get(message.id)?.cancel(new DOMException('Nobody waits for it.', 'AbortError'));
});

async function run(id: number, job: Job): Promise<void> {
  const own = new RunningJob();
  running.set(id, own);
  const limit = setTimeout(() => own.cancel(new DOMException('', 'TimeoutError')), limitMs);
  const reply = (message: FromThread, transfer: ArrayBuffer[] = []): void =>
    port?.postMessage(message, transfer);
  try {
    for await (const text of answerOf(job, rows.withSignal(own.controller.signal))) {
      // The database is done; from here on it is the reader who is slow.
      clearTimeout(limit);
      await own.room();
      const piece = encoder.encode(text);
      reply({ id, piece }, [piece.buffer]);
    }
    reply({ id, done: true });
  } catch (error) {
    const { name, message } = error as Error;
    reply({ id, name, message, ...about(error) });
  } finally {
    clearTimeout(limit);
    running.delete(id);
  }
}

async function clickHouse(address: ClickHouseAddress) {
  const { ClickHouseRows } = await import('../clickhouse/rows.ts');
  return new ClickHouseRows(address, limitMs);
}

/** What of an error crosses over beside its message. */
function about(error: unknown): Pick<JobFailure, 'problems' | 'whatToDo'> {
  if (error instanceof QueryError) return { problems: error.problems };
  return error instanceof ClickHouseProblem ? { whatToDo: error.whatToDo } : {};
}
