import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { requestOf } from '../../joins/index.ts';
import { requestName } from '../../sentences.ts';

/** The database refused a row as Murmur wrote it before; null when it took it. */
export function diagnoseRefusedRow(old: { refused?: string }): Finding | null {
  if (old.refused === undefined) return null;
  return {
    reason: 'message-not-delivered',
    saw: `a row without a context could not be written: ${old.refused}.`,
    wanted:
      'a message without a context is as good as before: while you roll out, old programs still write them.',
    look: 'your migration: what does it ask of every row?',
    seen: [{ kind: 'database', text: old.refused }],
  };
}

/** The CONSUMER span of a message without context leads to somebody's request; null when it leads nowhere. */
export function diagnoseStranger(evidence: Evidence, consumers: readonly EvidenceSpan[]): Finding | null {
  for (const span of consumers) {
    const places = [span, ...span.links];
    const request = places.map((place) => requestOf(evidence, place)).find((one) => one !== undefined);
    if (!request) continue;
    return {
      reason: 'carrier-of-other-trace',
      saw: `a message without a context was delivered, and "${span.name}" leads to ${requestName(request)} of user ${request.userId}, which has nothing to do with it.`,
      wanted: 'a message without a context has no parent and no link: nobody knows where it came from.',
      look: 'where do you keep the context of a message? Is it still that of the one before?',
      marks: [markOn(span, 'LEADS to a stranger')],
      seen: [{ kind: 'request', text: request.label, spanId: span.spanId }],
    };
  }
  return null;
}
