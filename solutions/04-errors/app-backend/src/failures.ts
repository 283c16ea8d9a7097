import { Span, SpanStatusCode } from '@opentelemetry/api';

const messages = new WeakMap<Span, string>();

/** Says on the span that its work failed: which type of error it was, what it said, and that it is an error. */
export function markFailed(span: Span, error: unknown): void {
  const failure = error instanceof Error ? error : new Error(String(error));
  span.recordException(failure);
  span.setAttribute('error.type', typeOf(failure));
  span.setStatus({ code: SpanStatusCode.ERROR, message: failure.message });
  messages.set(span, failure.message);
}

/** The HTTP instrumentation sets the SERVER span's status once more, without a message: this puts it back. */
export function restoreMessage(span: Span): void {
  const message = messages.get(span);
  if (message !== undefined) {
    span.setStatus({ code: SpanStatusCode.ERROR, message });
  }
}

/** The database's own code where there is one; else the class of the error. Few values, the same for everyone. */
function typeOf(error: Error & { code?: unknown }): string {
  return typeof error.code === 'string' ? error.code : error.constructor.name;
}
