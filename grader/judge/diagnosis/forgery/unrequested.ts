import type { EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';

/** Spans that began while no request was open, and have no parent: nothing that happened made them. */
export function madeWithoutRequest(spans: readonly EvidenceSpan[], wanted: string): Finding {
  const first = spans[0] as EvidenceSpan;
  return {
    reason: 'forged-evidence',
    saw: `${spans.length} spans named "${first.name}" began when nobody had sent a request.`,
    wanted,
    look: 'the place in your code where this span starts. What makes that line run?',
    marks: [markOn(first, 'NO REQUEST made this span')],
    seen: [{ kind: 'span', text: `${first.name} x ${spans.length}`, spanId: first.spanId }],
  };
}
