import type { Span } from '../model.ts';
import { OtlpDecodeError } from './errors.ts';
import { Rejections } from './fields.ts';
import { decodeJson } from './json.ts';
import { decodeProtobuf } from './protobuf.ts';

export interface DecodedRequest {
  spans: Span[];
  /** Spans that cannot be kept, with the first one's reason; the others of the request are kept. */
  rejected: { count: number; reason: string } | null;
}

export type OtlpEncoding = 'protobuf' | 'json';

/** The encoding that a content type names, parameters ignored, or null if it is none of OTLP's. */
export function encodingOf(contentType: string): OtlpEncoding | null {
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase();
  if (type === 'application/x-protobuf') return 'protobuf';
  return type === 'application/json' ? 'json' : null;
}

/**
 * Decodes the body of an OTLP/HTTP trace request, already decompressed.
 *
 * Throws OtlpDecodeError, and nothing else, for a body that is not one. Attribute values: integers that a number
 * cannot hold exactly become decimal strings, bytes become base64. A span that ends before it starts gets the
 * duration 0.
 *
 * Source: https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function decodeTraceRequest(body: Uint8Array, contentType: string): DecodedRequest {
  const rejections = new Rejections();
  const encoding = encodingOf(contentType);
  if (!encoding) {
    throw new OtlpDecodeError(
      `The content type is "${contentType.slice(0, 80)}" instead of application/x-protobuf or application/json.`,
    );
  }
  const spans = encoding === 'json' ? decodeJson(body, rejections) : decodeProtobuf(body, rejections);
  return { spans, rejected: rejections.result() };
}
