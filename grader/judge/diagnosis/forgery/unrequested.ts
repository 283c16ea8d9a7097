import type { EvidenceSpan, SentRequest } from '../../../evidence/index.ts';
import type { Failure } from '../../verdict.ts';

/** Two clocks of one process agree to this, milliseconds. */
const TOLERANCE_MS = 25;

/** Spans that began while no request was open, and have no parent: nothing that happened made them. */
export function madeWithoutRequest(spans: readonly EvidenceSpan[], wanted: string): Failure {
  const first = spans[0] as EvidenceSpan;
  return {
    reason: 'forged-evidence',
    saw: `${spans.length} spans named "${first.name}" began when nobody had sent a request.`,
    wanted,
    look: 'the place in your code where this span starts. What makes that line run?',
    views: [
      {
        title: `"${first.name}", while no request was open`,
        traceId: first.traceId,
        marks: [{ spanId: first.spanId, text: 'NO REQUEST made this span' }],
      },
    ],
    seen: [{ kind: 'span', text: `${first.name} x ${spans.length}`, spanId: first.spanId }],
  };
}

/** True when something began while the request was open. */
export function during(startMs: number, sent: SentRequest): boolean {
  return startMs >= sent.startMs - TOLERANCE_MS && startMs <= sent.startMs + sent.durationMs + TOLERANCE_MS;
}
