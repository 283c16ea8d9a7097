import type { EvidenceSpan } from '../../evidence/index.ts';
import { oncePerEvidence } from './once.ts';

/** The SERVER spans of the API. */
export const serverSpansOf = oncePerEvidence((evidence) =>
  evidence.spans.filter((span) => span.kind === 'SERVER' && span.origin.process !== 'worker'),
);

/** A span that names the User-Agent of one of the driver's requests is of that one, and of no other request. */
export function hasDriversAgent(span: EvidenceSpan | undefined): boolean {
  const agent = span?.attributes['user_agent.original'];
  return typeof agent === 'string' && agent.startsWith('murmur-visitor/');
}
