import type { EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';

/** Why the span's kind tells something else than work inside the program; null when it tells just that. */
export function diagnoseKind(span: EvidenceSpan): Finding | null {
  if (span.kind === 'INTERNAL') return null;
  const meaning = {
    SERVER: 'a request that came in from outside',
    CLIENT: 'a call to another program',
    PRODUCER: 'a message that was sent',
    CONSUMER: 'a message that was received',
  }[span.kind];
  return {
    reason: 'span-wrong-kind',
    saw: `the kind of "${span.name}" is ${span.kind}: ${meaning}. Whoever counts these counts your span, too.`,
    wanted: 'kind INTERNAL: work inside the program. Every span has it when nobody names another one.',
    look: 'the line that starts the span: what do you give it besides its name?',
    marks: [markOn(span, `KIND: ${span.kind}`)],
    seen: [{ kind: 'kind', text: span.kind, spanId: span.spanId }],
  };
}
