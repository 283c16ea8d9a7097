import type { Span } from '../model.ts';
import { encodingOf, type OtlpEncoding } from './decode.ts';
import { JSON_WIRE, requestMessage, type Wire } from './messages.ts';
import { ExportTraceServiceRequest, ExportTraceServiceResponse, RpcStatus } from './proto.ts';

/**
 * Encodes spans as the body of an OTLP/HTTP trace request. What `decodeTraceRequest` read comes out the same,
 * but for what the model does not hold: bytes and unsafe integers stay the strings that they became.
 */
export function encodeTraceRequest(spans: Iterable<Span>, encoding: OtlpEncoding): Uint8Array {
  const request = requestMessage(spans, encoding === 'json' ? JSON_WIRE : PROTOBUF_WIRE);
  if (encoding === 'json') return Buffer.from(JSON.stringify(request));
  return ExportTraceServiceRequest.encode(request).finish();
}

/** The answer's body, in the encoding of the request. An empty message says that every span was kept. */
export function encodeTraceResponse(
  contentType: string,
  partialSuccess?: { count: number; reason: string } | null,
): Uint8Array {
  const json = encodingOf(contentType) === 'json';
  const response = partialSuccess && {
    partialSuccess: {
      rejectedSpans: json ? String(partialSuccess.count) : partialSuccess.count,
      errorMessage: partialSuccess.reason,
    },
  };
  if (json) return Buffer.from(JSON.stringify(response ?? {}));
  return ExportTraceServiceResponse.encode(response ?? {}).finish();
}

/** A refusal's body: google.rpc.Status, as OTLP/HTTP wants it. `code` is a gRPC status code. */
export function encodeErrorStatus(contentType: string, code: number, message: string): Uint8Array {
  if (encodingOf(contentType) === 'protobuf') return RpcStatus.encode({ code, message }).finish();
  return Buffer.from(JSON.stringify({ code, message }));
}

const PROTOBUF_WIRE: Wire = {
  id: (hex) => Buffer.from(hex, 'hex'),
  time: (nanoseconds) => ({
    low: Number(nanoseconds & 0xffffffffn) | 0,
    high: Number(nanoseconds >> 32n) | 0,
    unsigned: true,
  }),
  integer: (value) => value,
  double: (value) => value,
};
