import type { CaptureConnection, CollectedSpans } from '../capture/index.ts';
import type { Evidence, EvidenceSpan } from '../evidence/index.ts';
import type { System } from '../world/index.ts';
import { joinWitnesses, type RunStart, wireRecord } from './join-witnesses.ts';
import type { VisitOutcome } from './page/visit.ts';

/** A process that computes without end answers nothing: it must not hold the grading up for long. Milliseconds. */
const SILENT_MS = 4_000;
const FLUSH_MS = 2_000;
/** No open span and this quiet: settled. Processes settle in 20 to 40 ms in practice. */
const SETTLE_QUIET_MS = 25;
const SETTLE_MAX_MS = 2_000;

/** Takes what the processes, the page and the receiver saw of each scenario that is driven in one system. */
export class Collector {
  readonly #system: System;
  /** what was taken of each process before, by pid */
  readonly #lastSeq = new Map<number, number>();
  #requestsTaken = 0;
  #bootSpans: EvidenceSpan[] | null = null;

  constructor(system: System) {
    this.#system = system;
  }

  /** Has every exporter send what it holds, waits until the processes have settled, and takes what is new. */
  async collect(
    run: RunStart,
    visited: VisitOutcome | undefined,
  ): Promise<Pick<Evidence, 'spans' | 'unended' | 'settled' | 'wire'>> {
    const { capture } = this.#system;
    const taken = await Promise.all(capture.processes().map((one) => this.#takeFrom(one)));
    // Looked at last, since a process may end while it is asked.
    const ended = capture.ended().filter(({ exit }) => exit !== null && exit.atMs >= run.atMs);
    taken.push(...(await Promise.all(ended.map((one) => this.#takeLastWords(one)))));
    const received = this.#system.receiver.requests.slice(this.#requestsTaken);
    this.#requestsTaken += received.length;
    const captured = [...taken.flatMap(({ spans }) => spans), ...(visited?.spans ?? [])];
    return {
      spans: this.#withBoot(joinWitnesses(captured, received, run)),
      unended: [...taken.flatMap(({ unended }) => unended), ...(visited?.unended ?? [])],
      settled: taken.every(({ settled }) => settled) && (visited?.settled ?? true),
      wire: received.map(wireRecord),
    };
  }

  /** The spans of the boot are part of every scenario's evidence. */
  #withBoot(spans: EvidenceSpan[]): EvidenceSpan[] {
    if (this.#bootSpans) return [...this.#bootSpans, ...spans.filter(({ origin }) => origin.phase === 'run')];
    this.#bootSpans = spans.filter(({ origin }) => origin.phase === 'boot');
    return spans;
  }

  async #takeLastWords(connection: CaptureConnection): Promise<CollectedSpans & { settled: boolean }> {
    return { ...(await connection.collect(this.#lastSeq.get(connection.pid) ?? 0)), settled: true };
  }

  /** A process that answers nothing in time leaves nothing, and has not settled. */
  async #takeFrom(connection: CaptureConnection): Promise<CollectedSpans & { settled: boolean }> {
    const since = this.#lastSeq.get(connection.pid) ?? 0;
    const flushing = connection.flush(FLUSH_MS).catch(() => undefined);
    const flushed = await orSilent(flushing);
    const taking = settleAndTake(connection, since);
    const taken = flushed === 'silent' ? await orSilent(taking) : await taking;
    if (taken === 'silent') return { ...nothing(since), settled: false };
    this.#lastSeq.set(connection.pid, taken.lastSeq);
    return taken;
  }
}

/** A process that hangs or ends meanwhile has not settled. */
async function settleAndTake(
  connection: CaptureConnection,
  since: number,
): Promise<CollectedSpans & { settled: boolean }> {
  const settling = await connection
    .settle({ quietMs: SETTLE_QUIET_MS, maxMs: SETTLE_MAX_MS })
    .catch(() => null);
  const taken = await connection.collect(since).catch(() => null);
  return { ...(taken ?? nothing(since)), settled: settling?.settled ?? false };
}

function nothing(lastSeq: number): CollectedSpans {
  return { spans: [], unended: [], lastSeq };
}

async function orSilent<T>(answer: Promise<T>): Promise<T | 'silent'> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<'silent'>((resolve) => {
    timer = setTimeout(resolve, SILENT_MS, 'silent' as const);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearTimeout(timer);
  }
}
