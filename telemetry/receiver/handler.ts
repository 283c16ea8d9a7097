import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Span } from '../model.ts';
import { decodeTraceRequest, encodingOf } from '../otlp/decode.ts';
import { encodeErrorStatus, encodeTraceResponse } from '../otlp/encode.ts';
import { OtlpDecodeError } from '../otlp/errors.ts';
import { BodyRefused, decompress, readBody } from './body.ts';
import { corsHeaders, isPreflight, preflightHeaders } from './cors.ts';
import { DEFAULT_MAX_BYTES, type ReceivedRequest, ReceiverBusy, type ReceiverOptions } from './options.ts';

interface Answer {
  status: number;
  body?: Uint8Array;
  headers?: Record<string, string>;
  error?: string;
  spans?: Span[];
}

/** The receiver as a handler of node:http requests, to be mounted in a server that has other routes too. */
export function createReceiverHandler(
  options: ReceiverOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const origins = options.allowedOrigins ?? [];
  return async (request, response) => {
    const received = describe(request);
    // Without a listener a sender that goes away while it is answered would be an uncaught error.
    request.on('error', () => {});
    response.on('error', () => {});
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) gone.abort();
    });
    const answered = answerTo(request, received, options, gone.signal);
    const answer = await answered.catch(refusal(received.contentType));
    received.status = answer.status;
    if (answer.error !== undefined) received.error = answer.error;
    try {
      options.onRequest?.(received);
    } finally {
      send(request, response, {
        ...answer,
        headers: { ...corsHeaders(request, origins), ...answer.headers },
      });
    }
  };
}

async function answerTo(
  request: IncomingMessage,
  received: ReceivedRequest,
  options: ReceiverOptions,
  gone: AbortSignal,
): Promise<Answer> {
  const { path, method, contentType } = received;
  if (options.answersHost?.(request.headers.host, request.socket.localPort ?? 0) === false)
    return refuse(403, contentType, 7, 'Spans are not taken under this host.');
  if (!['/v1/traces', '/v1/logs', '/v1/metrics'].includes(path))
    return refuse(404, contentType, 5, `There is nothing at ${path}. Traces are taken at /v1/traces.`);
  if (isPreflight(request)) {
    const allowed = corsHeaders(request, options.allowedOrigins ?? [])['access-control-allow-origin'];
    if (allowed) return { status: 204, headers: preflightHeaders(request) };
    return { status: 403, error: `The origin ${received.origin} may not send here.` };
  }
  if (method !== 'POST') {
    const refused = refuse(405, contentType, 12, `${path} takes POST only.`);
    return { ...refused, headers: { ...refused.headers, allow: 'POST, OPTIONS' } };
  }
  const encoding = encodingOf(contentType);
  if (!encoding) {
    const wanted = 'Send application/x-protobuf or application/json.';
    return refuse(415, contentType, 3, `The content type is "${contentType.slice(0, 80)}". ${wanted}`);
  }
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const sent = await readBody(request, maxBytes);
  received.bytes = sent.length;
  const body = await decompress(sent, received.contentEncoding, maxBytes);
  const headers = { 'content-type': typeOf(encoding) };
  // Logs and metrics are not kept; an exporter that sends them by default should not fill its log with errors.
  if (path !== '/v1/traces') return { status: 200, headers, body: encodeTraceResponse(contentType) };

  const { spans, rejected } = decodeTraceRequest(body, contentType);
  received.spans = spans;
  if (rejected) received.error = `${rejected.count} spans were rejected: ${rejected.reason}`;
  await options.sink?.(spans, received, gone);
  return { status: 200, headers, body: encodeTraceResponse(contentType, rejected) };
}

/** What an error becomes. gRPC codes: 3 invalid argument, 8 resource exhausted, 13 internal, 14 unavailable. */
function refusal(contentType: string): (error: unknown) => Answer {
  return (error) => {
    if (error instanceof OtlpDecodeError) return refuse(400, contentType, 3, error.message);
    if (error instanceof BodyRefused)
      return refuse(error.status, contentType, error.status === 413 ? 8 : 3, error.message);
    if (error instanceof ReceiverBusy) {
      const refused = refuse(error.status, contentType, error.status === 429 ? 8 : 14, error.message);
      return { ...refused, headers: { ...refused.headers, 'retry-after': String(error.retryAfterSeconds) } };
    }
    const detail = error instanceof Error ? error.message : String(error);
    return { ...refuse(500, contentType, 13, 'The spans could not be kept.'), error: detail };
  };
}

function refuse(status: number, contentType: string, code: number, message: string): Answer {
  const encoding = encodingOf(contentType) ?? 'json';
  return {
    status,
    headers: { 'content-type': typeOf(encoding) },
    body: encodeErrorStatus(contentType, code, message),
    error: message,
  };
}

function typeOf(encoding: 'protobuf' | 'json'): string {
  return encoding === 'json' ? 'application/json' : 'application/x-protobuf';
}

const LINGER_MS = 1000;

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if (answer.status === 0 || response.destroyed) {
    response.destroy();
    return;
  }
  const body = answer.body ?? new Uint8Array(0);
  const headers: Record<string, string> = { ...answer.headers, 'content-length': String(body.length) };
  if (answer.status === 204) delete headers['content-length'];
  if (!request.complete) {
    // Refused before the body had come: let the sender read why, then hang up on whatever it still sends.
    headers.connection = 'close';
    request.resume();
    const hangUp = setTimeout(() => request.destroy(), LINGER_MS);
    hangUp.unref();
    response.once('close', () => clearTimeout(hangUp));
  }
  response.writeHead(answer.status, headers);
  response.end(body);
}

function describe(request: IncomingMessage): ReceivedRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  return {
    path: (request.url ?? '/').split('?', 1)[0]!,
    method: request.method ?? '',
    contentType: headers['content-type'] ?? '',
    contentEncoding: (headers['content-encoding'] ?? '').trim().toLowerCase(),
    ...(headers.origin !== undefined && { origin: headers.origin }),
    headers,
    bytes: 0,
    status: 200,
    spans: [],
    atMs: Date.now(),
  };
}
