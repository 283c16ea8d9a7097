import type { Evidence, EvidenceSpan, ProcessStop, WireRequest } from '../../evidence/index.ts';

/** What the page had ended when it was left or hidden, as the scenario wrote it down. */
export type PageExit = {
  /** ids of the spans that had ended by then */
  spanIds: string[];
  /** those that had not come when the time was over */
  missing: string[];
  atMs: number;
};

/** What became of the process of that kind that the scenario stopped under this label; undefined: it did not come so far. */
export function stopOf(
  evidence: Evidence,
  kind: ProcessStop['kind'],
  label: string,
): ProcessStop | undefined {
  return evidence.stops?.find((stop) => stop.kind === kind && stop.label === label);
}

/** The spans of a process that the scenario stopped, in the order of their ends. */
export function spansOfProcess(evidence: Evidence, process: string): EvidenceSpan[] {
  return evidence.spans
    .filter(({ origin }) => origin.process === process)
    .toSorted((a, b) => a.origin.seq - b.origin.seq);
}

/** Exports that held one of these spans, also those whose sender did not wait for the answer. */
export function exportsOf(evidence: Evidence, spans: readonly { spanId: string }[]): WireRequest[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  return evidence.wire.filter(({ spanIds }) => spanIds.some((spanId) => ids.has(spanId)));
}

/** True for an export whose sender was gone before the collector had answered. */
export function isAbandoned({ status }: WireRequest): boolean {
  return status === 0;
}
