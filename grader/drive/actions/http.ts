import http from 'node:http';
import type { SentRequest } from '../../evidence/index.ts';

const BODY_KEPT = 4096;
/** Bytes that are read of one answer: a feed of Murmur has 20 kB, and an answer without end would fill the memory. */
const LONGEST_BODY = 8 * 1024 ** 2;

export interface RequestToSend {
  baseUrl: string;
  id: string;
  label: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: unknown;
  userId: string | null;
  timeoutMs: number;
}

/**
 * Sends one HTTP request over a connection of its own and records what was sent and answered.
 * Never rejects: a refused connection or a missing answer is in `error`.
 * Returns the record and the whole body as text.
 */
export function sendRequest(request: RequestToSend): Promise<{ record: SentRequest; body: string }> {
  const userAgent = `murmur-visitor/1.0 (${request.id})`;
  const payload = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
  const headers: Record<string, string> = {
    accept: 'application/json',
    'user-agent': userAgent,
    ...(payload ? { 'content-type': 'application/json', 'content-length': String(payload.length) } : {}),
    ...request.headers,
  };
  const startMs = epochMs();
  return new Promise((resolve) => {
    let settled = false;
    const finish = (
      outcome: Pick<SentRequest, 'status' | 'error' | 'responseHeaders'>,
      body: string,
    ): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      resolve({
        body,
        record: {
          id: request.id,
          label: request.label,
          method: request.method,
          path: request.path,
          userId: request.userId,
          userAgent,
          startMs,
          durationMs: epochMs() - startMs,
          requestHeaders: withoutSecrets(headers),
          responseBody: body.slice(0, BODY_KEPT),
          ...outcome,
        },
      });
    };
    const sent = http.request(
      `${request.baseUrl}${request.path}`,
      { method: request.method, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes <= LONGEST_BODY) return void chunks.push(chunk);
          const error = `the answer is longer than ${LONGEST_BODY / 1024 ** 2} MB`;
          finish({ status: null, error, responseHeaders: flat(response.headers) }, '');
          sent.destroy();
        });
        response.on('error', (error) =>
          finish({ status: response.statusCode ?? null, error: error.message, responseHeaders: {} }, ''),
        );
        response.on('end', () =>
          finish(
            { status: response.statusCode ?? null, error: null, responseHeaders: flat(response.headers) },
            Buffer.concat(chunks).toString('utf8'),
          ),
        );
      },
    );
    const timer = setTimeout(() => {
      finish(
        { status: null, error: `no answer within ${request.timeoutMs / 1000} s`, responseHeaders: {} },
        '',
      );
      sent.destroy();
    }, request.timeoutMs);
    sent.on('error', (error: NodeJS.ErrnoException) =>
      finish({ status: null, error: error.code ?? error.message, responseHeaders: {} }, ''),
    );
    sent.end(payload);
  });
}

/** Milliseconds since the Unix epoch with a fraction, on the same clock as the spans. */
function epochMs(): number {
  return performance.timeOrigin + performance.now();
}

function flat(headers: http.IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

/** Evidence is attached to bug reports, so a session's token stays out of it. */
function withoutSecrets(headers: Record<string, string>): Record<string, string> {
  return 'authorization' in headers ? { ...headers, authorization: 'Bearer (left out)' } : headers;
}
