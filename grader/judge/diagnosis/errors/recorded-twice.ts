import type { EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';

/** A failure with more than one exception event on these spans of one request; null when it has one, or none. */
export function diagnoseRecordedTwice(spans: readonly EvidenceSpan[]): Finding | null {
  const holders = spans.flatMap((span) =>
    span.events.filter((event) => event.name === 'exception').map(() => span),
  );
  if (holders.length <= 1) return null;
  const distinct = [...new Set(holders)];
  return {
    reason: 'error-recorded-twice',
    saw: `one failure is recorded ${holders.length} times: on ${[...new Set(distinct.map((span) => span.name))].join(' and ')}.`,
    wanted: "one record of each failure, or everybody counts too many. Nest's own spans do not count here.",
    look: 'which of your lines record it? Does the error pass both of them on its way out?',
    marks: distinct.map((span) => markOn(span, 'RECORDED HERE')),
    seen: holders.map((span) => ({ kind: 'event', text: `exception on ${span.name}`, spanId: span.spanId })),
  };
}
