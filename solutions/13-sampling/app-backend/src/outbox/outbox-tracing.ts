import {
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { withVariantOf } from '../ui-variant';
import { StoredOutboxMessage } from './outbox-message';

/** A context as headers: what a message carries of the request that it comes from. */
export type Carrier = Record<string, string>;

const tracer = trace.getTracer('murmur.outbox');

/**
 * A message is put into the outbox.
 *
 * @param put writes it with the carrier of this span, and gives its id
 */
export async function traceSending(put: (carrier: Carrier) => Promise<string>): Promise<void> {
  await inSpan('send outbox', { kind: SpanKind.PRODUCER }, async (span) => {
    const carrier: Carrier = {};
    // A row stays, and whoever sent the request may have put anything into its baggage.
    propagation.inject(withVariantOf(context.active()), carrier);
    span.setAttribute('messaging.message.id', await put(carrier));
  });
}

/**
 * One message is processed, as a part of the trace that sent it: so it is kept or dropped with that trace. Its batch has
 * no span, since it holds messages of traces that were kept and of traces that were dropped.
 */
export function traceProcessing<Result>(
  message: StoredOutboxMessage,
  work: () => Promise<Result>,
): Promise<Result> {
  const sent = withVariantOf(propagation.extract(ROOT_CONTEXT, message.context ?? {}));
  const options: SpanOptions = {
    kind: SpanKind.CONSUMER,
    attributes: { 'messaging.message.id': message.id },
  };
  return inSpan('process outbox', options, work, sent);
}

/** Runs `work` inside a new span below `parent`, which ends with it and tells of its failure. */
function inSpan<Result>(
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<Result>,
  parent = context.active(),
): Promise<Result> {
  return tracer.startActiveSpan(name, options, parent, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).message });
      throw error;
    } finally {
      span.end();
    }
  });
}
