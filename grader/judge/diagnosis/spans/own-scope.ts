/** True when the span comes from a tracer of the learner's own, not from an instrumentation. */
export function isOwnScope(span: { scope: { name: string } }): boolean {
  return !/^@?opentelemetry[/-]/.test(span.scope.name) && span.scope.name !== 'pg';
}
