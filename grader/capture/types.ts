/** What the capture says about a learner's process and its spans. */
import type { Attributes, Span } from '@workshop/telemetry';
import type { HeaderRecord, CaptureState as RecordedState, UnendedSpan } from '../evidence/index.ts';

export type { UnendedSpan };

/** Where a span was captured. */
export interface SpanOrigin {
  /** what the grader calls the process: 'api', 'worker', 'page' */
  process: string;
  pid?: number;
  /** 1, 2, 3 in the order in which the process's spans ended */
  seq: number;
  /** the stack at startSpan, where the capture has it */
  stack?: string;
  /** the first frame of that stack in the learner's own code: `app-frontend/src/main.ts:12` */
  place?: string;
}

export interface CapturedSpan extends Span {
  origin: SpanOrigin;
}

/** What one process said of its telemetry: what evidence keeps of it, and what only the collecting side needs. */
export interface CaptureState extends RecordedState {
  /** ended and sampled, but beyond the number that is kept */
  spansDropped: number;
}

export interface CollectedSpans {
  spans: CapturedSpan[];
  unended: UnendedSpan[];
  lastSeq: number;
}

/** The headers of one request that a server of the process got, and of its answer; `seq` counts them from 1. */
export interface ServedRequest extends HeaderRecord {
  seq: number;
}

/** A span that the capture makes as a library of somebody else would. */
export type StrangerSpan = Pick<Span, 'name' | 'kind' | 'attributes' | 'status'> & {
  events: { name: string; attributes: Attributes }[];
  links: { traceId: string; spanId: string; attributes: Attributes }[];
};

/** Ids of such a span; null: no tracer provider was there, or its sampler dropped it. */
export interface MadeSpan {
  traceId: string | null;
  spanId: string | null;
}

/** One process that runs the capture. It stays usable after the process's end, with what was said last. */
export interface CaptureConnection {
  readonly process: string;
  readonly pid: number;
  readonly ppid: number;
  /** the ports of its connection, its own and ours: the pid is only what it says of itself */
  readonly ports: { local: number; remote: number };
  readonly argv: string[];
  /** false once the process has ended or detached */
  readonly live: boolean;
  /** how and when it ended; null while it lives. `code` is null when a signal ended it. */
  readonly exit: { code: number | null; atMs: number } | null;
  state(): Promise<CaptureState>;
  /** the newest state known, also of a process that has ended; null if it never told one */
  lastState(): CaptureState | null;
  /** The spans that it told as they ended, in that order; none unless it was started to do so. */
  readonly followed: readonly CapturedSpan[];
  /** Spans that ended after sequence number `sinceSeq` (0: all), and all that are open now. */
  collect(sinceSeq: number): Promise<CollectedSpans>;
  /** Waits until no span is open and nothing changed for `quietMs`, at most `maxMs`. */
  settle(options: { quietMs: number; maxMs: number }): Promise<{ settled: boolean; open: number }>;
  /** The requests that the process's servers got after sequence number `sinceSeq` (0: all). */
  requests(sinceSeq: number): Promise<ServedRequest[]>;
  /** Has the process make spans as a library of somebody else would, with its own tracer provider. */
  makeSpans(spans: readonly StrangerSpan[]): Promise<MadeSpan[]>;
  /**
   * Sets the process's clock wrong by so many milliseconds from now on; positive: ahead.
   * @throws if WORKSHOP_CLOCK_SKEW_MS was not in its environment at the start: the clock must be in place before a program keeps it
   */
  setClockSkew(ms: number): Promise<void>;
  /** Runs what the process does on SIGTERM, or ends it: for Windows, where no signal asks a process to end. */
  terminate(): Promise<void>;
  /** forceFlush() of every provider, at most `maxMs`; failures of the learner's exporters are not errors. */
  flush(maxMs: number): Promise<void>;
  /** Has Node write the code that it has compiled to the directory of NODE_COMPILE_CACHE, as it does when it exits. */
  keepCode(): Promise<void>;
}

/** Events of a capture server and what their listeners get. */
export interface CaptureEvents {
  hello: [connection: CaptureConnection];
  listening: [connection: CaptureConnection, place: { port: number; address: string }];
  'listen-error': [connection: CaptureConnection, failure: { port: number; code: string }];
  close: [connection: CaptureConnection];
}

export interface CaptureServer {
  /**
   * The environment with which a process of the learner is started so that it, and every Node process below it,
   * runs the capture: `base` with NODE_OPTIONS extended and the `node` shim first in PATH.
   * @param name what the grader calls the process: 'api', 'worker'
   * @param options.follow it tells each span as it ends, so that they are known of a process that a signal ends, too
   */
  environment(
    name: string,
    base: Record<string, string | undefined>,
    options?: { follow?: boolean },
  ): Record<string, string>;
  /** live connections that said hello */
  processes(): CaptureConnection[];
  /** those that have ended: what they said last can still be collected */
  ended(): CaptureConnection[];
  on<E extends keyof CaptureEvents>(event: E, listener: (...args: CaptureEvents[E]) => void): void;
  off<E extends keyof CaptureEvents>(event: E, listener: (...args: CaptureEvents[E]) => void): void;
  /** Lets live processes go on without the capture, and removes the shims. */
  close(): Promise<void>;
}
