import type { EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';

/** True when the span comes from a tracer of the learner's own, not from an instrumentation. */
export function isOwnScope(span: { scope: { name: string } }): boolean {
  return !/^@?opentelemetry[/-]/.test(span.scope.name) && span.scope.name !== 'pg';
}

/** The span's tracer has no name of its own; null when it has one. The API allows an empty name, and the task does not. */
export function diagnoseUnnamedTracer(span: EvidenceSpan): Finding | null {
  if (span.scope.name.trim() !== '') return null;
  return {
    reason: 'span-wrong-scope',
    saw: `"${span.name}" comes from a tracer without a name.`,
    wanted: 'a tracer with a name of your own: it tells your spans from those of the libraries.',
    look: 'the line that gets the tracer: what do you call it there?',
    marks: [markOn(span, 'SCOPE: no name')],
    seen: [{ kind: 'scope', text: '(empty)', spanId: span.spanId }],
  };
}
