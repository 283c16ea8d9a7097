import { context, Span } from '@opentelemetry/api';
import { getRPCMetadata } from '@opentelemetry/core';

/**
 * The SERVER span of the request that is being handled. It is nowhere the active span in Nest: guards and handlers
 * run inside spans further down. The HTTP instrumentation keeps it in the context for all of them.
 */
export function requestSpan(): Span | undefined {
  return getRPCMetadata(context.active())?.span;
}
