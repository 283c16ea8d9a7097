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

/** A batch is worked on, message by message. */
export function traceBatch<Result>(work: () => Promise<Result>): Promise<Result> {
  return inSpan('process outbox batch', {}, work);
}

/** One message is processed. It is part of its batch, linked to the span that sent it, and has its variant. */
export function traceProcessing<Result>(
  message: StoredOutboxMessage,
  work: () => Promise<Result>,
): Promise<Result> {
  const extracted = propagation.extract(ROOT_CONTEXT, message.context ?? {});
  const sent = trace.getSpanContext(extracted);
  const options: SpanOptions = {
    kind: SpanKind.CONSUMER,
    attributes: { 'messaging.message.id': message.id },
    links: sent ? [{ context: sent }] : [],
  };
  return inSpan('process outbox', options, work, withVariantOf(extracted, context.active()));
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
