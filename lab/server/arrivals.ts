import { json } from 'node:stream/consumers';
import type { ArrivedTraces, TraceSummary } from '../api/index.ts';
import type { QueryThread } from '../query-thread/index.ts';
import type { EventLog } from './events/index.ts';

/** How often a database of others is asked for what is new, while somebody listens. */
const EVERY_MS = 3_000;
const MOST_TRACES = 20;

/** Tells of traces that others have put into the database: nobody else says when they come. */
export class ArrivalWatch {
  readonly #thread: QueryThread;
  readonly #events: EventLog;
  readonly #timer: NodeJS.Timeout;
  /** of the newest traces, how many spans they had */
  #seen: ReadonlyMap<string, number> | null = null;
  #looking: Promise<void> | null = null;

  constructor(thread: QueryThread, events: EventLog, everyMs = EVERY_MS) {
    this.#thread = thread;
    this.#events = events;
    this.#timer = setInterval(() => void this.look(), everyMs);
    this.#timer.unref();
  }

  /** Looks now; one look at a time. A look that fails is told by whoever asks for the traces. */
  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch(() => undefined)
      .finally(() => {
        this.#looking = null;
      });
    return this.#looking;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    if (!this.#events.isHeard) {
      this.#seen = null;
      return;
    }
    const search = { limit: MOST_TRACES };
    const { traces } = (await json(await this.#thread.run({ kind: 'traces', search, trouble: [] }))) as {
      traces: TraceSummary[];
    };
    const before = this.#seen;
    this.#seen = new Map(traces.map(({ traceId, spanCount }) => [traceId, spanCount]));
    // Those that were there when somebody began to listen are in the list that they see.
    if (before === null) return;
    const told = traces
      .filter(({ traceId, spanCount }) => before.get(traceId) !== spanCount)
      .map((trace) => ({ ...trace, isNew: !before.has(trace.traceId) }))
      .reverse();
    if (told.length > 0) this.#events.publish('traces', { traces: told, more: 0 } satisfies ArrivedTraces);
  }
}
