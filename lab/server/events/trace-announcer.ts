import type { Span } from '@workshop/telemetry';
import type { ArrivedTraces } from '../../api/index.ts';
import { ArrivingTrace } from './arriving-trace.ts';
import type { EventPublisher } from './event-log.ts';

/** An announcement follows the last one after so long: a page need not draw more often. */
const EVERY_MS = 300;
/** Traces in one announcement; of load by many users the rest is a number. */
const MOST_TRACES = 20;
/** Traces of which more spans may come. */
const REMEMBERED = 2_000;

interface SeenTrace {
  trace: ArrivingTrace;
  isNew: boolean;
}

/** Tells of traces when their spans have been stored: at once, and then a few times a second at most. */
export class TraceAnnouncer {
  readonly #events: EventPublisher;
  readonly #everyMs: number;
  /** the one whose spans came last is last */
  readonly #seen = new Map<string, SeenTrace>();
  readonly #toTell = new Set<string>();
  #timer: NodeJS.Timeout | null = null;

  constructor(events: EventPublisher, everyMs = EVERY_MS) {
    this.#events = events;
    this.#everyMs = everyMs;
  }

  arrived(spans: readonly Span[]): void {
    let seen: SeenTrace | undefined;
    let traceId = '';
    for (const span of spans) {
      // Spans of one trace mostly come one after another.
      if (seen === undefined || span.traceId !== traceId) {
        traceId = span.traceId;
        seen = this.#lastSeen(traceId);
        this.#toTell.add(traceId);
      }
      seen.trace.add(span);
    }
    if (this.#timer === null && this.#toTell.size > 0) this.#tell();
  }

  /** The trace, which is from now on the last that was seen. */
  #lastSeen(traceId: string): SeenTrace {
    const seen = this.#seen.get(traceId) ?? { trace: new ArrivingTrace(traceId), isNew: true };
    this.#seen.delete(traceId);
    this.#seen.set(traceId, seen);
    return seen;
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#toTell.clear();
  }

  #tell(): void {
    this.#timer = null;
    if (this.#toTell.size === 0) return;
    const told = [...this.#toTell].slice(-MOST_TRACES);
    const more = this.#toTell.size - told.length;
    this.#events.publish('traces', {
      traces: told.flatMap((id) => this.#announced(id)),
      more,
    } satisfies ArrivedTraces);
    for (const id of this.#toTell) {
      const seen = this.#seen.get(id);
      if (seen) seen.isNew = false;
    }
    this.#toTell.clear();
    for (const id of this.#seen.keys()) {
      if (this.#seen.size <= REMEMBERED) break;
      this.#seen.delete(id);
    }
    this.#timer = setTimeout(() => this.#tell(), this.#everyMs);
    this.#timer.unref();
  }

  #announced(id: string): ArrivedTraces['traces'] {
    const seen = this.#seen.get(id);
    return seen ? [{ ...seen.trace.summary(), isNew: seen.isNew }] : [];
  }
}
