import path from 'node:path';
import { decodeTraceRequest, encodeTraceRequest, type Span } from '@workshop/telemetry';
import { backoffMs } from '../retry-after.ts';
import type { Secret } from '../secret.ts';
import { type BatchFile, BatchFiles } from './batch-files.ts';
import { claim } from './owner.ts';
import { type SendOutcome, sendTraces } from './send-traces.ts';

/** Spans in one file: well below any limit of size, and little is lost when one file is refused. */
const BATCH_SPANS = 1000;

/** However long the server asks to wait: a learner's evening is not longer. */
const LONGEST_WAIT_MS = 3_600_000;

/** What the queue tells. Texts are for a log or a terminal and hold no key. */
export type QueueEvent =
  | { kind: 'sent'; spans: number }
  /** Not now; it tries again in `waitMs`. */
  | { kind: 'waiting'; reason: string; waitMs: number }
  /** The queue was full: the oldest spans went, so that the newest have room. */
  | { kind: 'dropped'; spans: number; reason: string }
  /** Honeycomb will never take these spans. */
  | { kind: 'refused'; spans: number; reason: string };

export interface ForwardQueueOptions {
  /** A folder of its own; it is made if missing. */
  dir: string;
  /** Base URL of the API. */
  endpoint: string;
  /** of Honeycomb */
  key?: Secret;
  /** of another collector; see TraceTarget */
  headers?: Readonly<Record<string, Secret>>;
  setting?: string;
  /** what people call where the spans go; "Honeycomb" by default */
  place?: string;
  /** Becomes `deployment.environment.name` on every span's resource; undefined leaves the resource as it is. */
  environmentName?: string;
  /** Bytes on disk, 256 MiB by default. Above it the oldest spans are dropped, and said. */
  maxBytes?: number;
  /** Bytes of one request before compression, 1 MiB by default. */
  maxRequestBytes?: number;
  onEvent?: (event: QueueEvent) => void;
  fetch?: typeof fetch;
  timeoutMs?: number;
  /** First and longest wait after a failure: 1 s and 60 s by default. */
  baseWaitMs?: number;
  maxWaitMs?: number;
}

export interface QueueStatus {
  waitingSpans: number;
  waitingBytes: number;
  sentSpans: number;
  droppedSpans: number;
  refusedSpans: number;
  /** Why nothing is sent at the moment; null if all is well. */
  trouble: string | null;
}

export interface ForwardQueue {
  /** Takes spans, or an OTLP body with its content type. On return they are on disk. Throws OtlpDecodeError. */
  enqueue(spans: readonly Span[]): void;
  enqueue(body: Uint8Array, contentType: string): void;
  status(): QueueStatus;
  /** Resolves when nothing waits any more. */
  drained(): Promise<void>;
  /** Stops sending; a request on its way may end within `graceMs` (2,000). What waits stays on disk. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Opens the queue between the lab and Honeycomb and starts sending what it holds.
 *
 * A batch leaves the disk only after a 200, so a restart, a 429, a 5xx or a day offline loses nothing. If the
 * process dies between the 200 and the removal, that one request is sent again: OTLP has no way to tell.
 * Throws QueueInUse if another process has the folder.
 */
export function openForwardQueue(options: ForwardQueueOptions): ForwardQueue {
  const release = claim(options.dir);
  const queue = new Queue(options, new BatchFiles(path.join(options.dir, 'batches')), release);
  queue.start();
  return queue;
}

class Queue implements ForwardQueue {
  readonly #options: ForwardQueueOptions;
  readonly #files: BatchFiles;
  readonly #release: () => void;
  readonly #stop = new AbortController();
  readonly #idle = new Set<() => void>();
  #running: Promise<void> = Promise.resolve();
  #wake: () => void = () => {};
  #closing = false;
  /** How many batches to send alone, after Honeycomb refused them together. */
  #alone = 0;
  #onTheWay: readonly BatchFile[] = [];
  #failures = 0;
  #sent = 0;
  #dropped = 0;
  #refused = 0;
  #trouble: string | null = null;

  constructor(options: ForwardQueueOptions, files: BatchFiles, release: () => void) {
    this.#options = options;
    this.#files = files;
    this.#release = release;
  }

  start(): void {
    this.#running = this.#run();
  }

  enqueue(what: readonly Span[] | Uint8Array, contentType = 'application/x-protobuf'): void {
    if (this.#closing) throw new Error('The queue to Honeycomb is closed.');
    const spans = what instanceof Uint8Array ? decodeTraceRequest(what, contentType).spans : what;
    if (spans.length === 0) return;
    for (let from = 0; from < spans.length; from += BATCH_SPANS) {
      const part = spans.slice(from, from + BATCH_SPANS);
      this.#files.add(encodeTraceRequest(this.#named(part), 'protobuf'), part.length);
    }
    this.#makeRoom();
    this.#wake();
  }

  status(): QueueStatus {
    return {
      waitingSpans: countSpans(this.#files.waiting),
      waitingBytes: this.#files.bytes,
      sentSpans: this.#sent,
      droppedSpans: this.#dropped,
      refusedSpans: this.#refused,
      trouble: this.#trouble,
    };
  }

  drained(): Promise<void> {
    if (this.#files.waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.add(resolve));
  }

  async close(graceMs = 2000): Promise<void> {
    if (this.#closing) return this.#running;
    this.#closing = true;
    this.#wake();
    const abort = setTimeout(() => this.#stop.abort(), graceMs);
    await this.#running;
    clearTimeout(abort);
    this.#release();
  }

  #named(spans: readonly Span[]): readonly Span[] {
    const name = this.#options.environmentName;
    if (!name) return spans;
    return spans.map((span) => ({
      ...span,
      resource: { ...span.resource, 'deployment.environment.name': name },
    }));
  }

  #makeRoom(): void {
    const { maxBytes = 256 * 2 ** 20 } = this.#options;
    const out: BatchFile[] = [];
    let bytes = this.#files.bytes;
    // The newest batch stays, however large it is.
    for (const batch of this.#files.waiting.slice(0, -1)) {
      if (bytes <= maxBytes) break;
      if (this.#onTheWay.includes(batch)) continue;
      bytes -= batch.bytes;
      out.push(batch);
    }
    if (out.length === 0) return;
    const spans = countSpans(out);
    this.#files.remove(out);
    this.#dropped += spans;
    this.#tell({
      kind: 'dropped',
      spans,
      reason: `the queue is full (${Math.round(maxBytes / 2 ** 20)} MiB)`,
    });
  }

  async #run(): Promise<void> {
    while (!this.#closing) {
      const batches = this.#nextRequest();
      if (batches.length === 0) {
        this.#settle();
        await this.#pause(null);
        continue;
      }
      const body = this.#join(batches);
      if (!body) continue;
      this.#onTheWay = batches;
      const outcome = await sendTraces(this.#options, body, this.#stop.signal);
      this.#onTheWay = [];
      const wait = this.#take(batches, outcome);
      if (wait > 0) await this.#pause(wait);
    }
  }

  #nextRequest(): BatchFile[] {
    const { maxRequestBytes = 2 ** 20 } = this.#options;
    const batches: BatchFile[] = [];
    let bytes = 0;
    for (const batch of this.#files.waiting) {
      bytes += batch.bytes;
      if (batches.length > 0 && (bytes > maxRequestBytes || this.#alone > 0)) break;
      batches.push(batch);
    }
    return batches;
  }

  /** Joined protobuf messages are one message: their lists of ResourceSpans follow each other. */
  #join(batches: BatchFile[]): Uint8Array | null {
    const bodies: Uint8Array[] = [];
    for (const batch of batches) {
      try {
        bodies.push(this.#files.read(batch));
      } catch (error) {
        // Somebody removed the file: what is not there cannot wait for ever at the head of the queue.
        this.#files.remove([batch]);
        this.#dropped += batch.spans;
        this.#tell({ kind: 'dropped', spans: batch.spans, reason: (error as Error).message });
        return null;
      }
    }
    return Buffer.concat(bodies);
  }

  /** Draws the conclusion from one answer; returns how long to wait before the next request. */
  #take(batches: BatchFile[], outcome: SendOutcome): number {
    const spans = countSpans(batches);
    if (outcome.kind === 'sent' || (outcome.kind === 'refused' && batches.length === 1)) {
      this.#files.remove(batches);
      this.#alone = Math.max(0, this.#alone - 1);
    }
    if (outcome.kind === 'sent') {
      this.#sent += spans;
      this.#failures = 0;
      this.#trouble = null;
      this.#tell({ kind: 'sent', spans });
      return 0;
    }
    if (outcome.kind === 'refused') {
      // One bad batch must not take its neighbours along: try them one by one.
      if (batches.length > 1) {
        this.#alone = batches.length;
        return 0;
      }
      this.#refused += spans;
      this.#tell({ kind: 'refused', spans, reason: outcome.reason });
      return 0;
    }
    if (this.#stop.signal.aborted) return 0;
    const { baseWaitMs = 1000, maxWaitMs = 60_000 } = this.#options;
    this.#trouble =
      outcome.kind === 'key'
        ? `${this.#options.place ?? 'Honeycomb'} refuses the key: ${outcome.reason}`
        : outcome.reason;
    const asked = outcome.kind === 'later' ? outcome.askedMs : maxWaitMs;
    // Zero is no wish: a queue that believed it would knock without a pause.
    const waitMs = Math.min(asked || backoffMs(this.#failures++, baseWaitMs, maxWaitMs), LONGEST_WAIT_MS);
    this.#tell({ kind: 'waiting', reason: this.#trouble, waitMs });
    return waitMs;
  }

  /** Waits for new spans (null), or for a time that new spans do not cut short. */
  #pause(ms: number | null): Promise<void> {
    if (this.#closing) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = ms === null ? undefined : setTimeout(resolve, ms);
      // Waiting for Honeycomb is no reason for a process to stay alive: the spans are on disk.
      timer?.unref();
      this.#wake = () => {
        if (ms !== null && !this.#closing) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #settle(): void {
    for (const resolve of this.#idle) resolve();
    this.#idle.clear();
  }

  #tell(event: QueueEvent): void {
    this.#options.onEvent?.(event);
  }
}

function countSpans(batches: readonly BatchFile[]): number {
  return batches.reduce((sum, batch) => sum + batch.spans, 0);
}
