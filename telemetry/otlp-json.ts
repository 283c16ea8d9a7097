/**
 * OTLP in JSON, for a page: a file of spans is read and written there. Like `pure.ts` it needs no protobuf and nothing of
 * Node.
 */
import type { Span } from './model.ts';
import { Rejections } from './otlp/fields.ts';
import { decodeJson } from './otlp/json.ts';
import { JSON_WIRE, requestMessage } from './otlp/messages.ts';

/** An ExportTraceServiceRequest, ready for JSON.stringify. */
export function traceRequestJson(spans: Iterable<Span>): object {
  return requestMessage(spans, JSON_WIRE);
}

/**
 * Reads one.
 * @throws OtlpDecodeError, with a message for a person, when it is none
 */
export function readTraceRequest(body: Uint8Array): {
  spans: Span[];
  rejected: { count: number; reason: string } | null;
} {
  const rejections = new Rejections();
  const spans = decodeJson(body, rejections);
  return { spans, rejected: rejections.result() };
}
