import { createServer } from 'node:http';
import type { HeaderRecord } from '../../evidence/index.ts';
import { listenOnLoopback } from '../loopback-server.ts';

/** A server of somebody else: it answers every page and writes down the headers that it got. */
export interface ThirdParty {
  url: string;
  requests: HeaderRecord[];
  close(): Promise<void>;
}

/** Starts it on 127.0.0.1, while page and API are on localhost: another host, so that a pattern for them misses it. */
export async function startThirdParty(): Promise<ThirdParty> {
  const requests: HeaderRecord[] = [];
  const server = createServer((request, response) => {
    const asked = request.headers['access-control-request-headers'];
    response.writeHead(request.method === 'OPTIONS' ? 204 : 200, {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST',
      // It allows whatever it is asked for: nothing but the page itself keeps a header away from it.
      ...(asked && { 'access-control-allow-headers': asked }),
      'content-type': 'application/json',
    });
    response.end(request.method === 'OPTIONS' ? undefined : '{"weather":"fair"}');
    requests.push({
      at: 'third-party',
      method: request.method ?? '',
      path: request.url ?? '',
      origin: request.headers.origin ?? null,
      traceparent: text(request.headers.traceparent),
      baggage: text(request.headers.baggage),
      requestHeaders: flat(request.headers),
      responseHeaders: flat(response.getHeaders()),
      status: response.statusCode,
      atMs: Date.now(),
      durationMs: null,
    });
  });
  const { port, close } = await listenOnLoopback(server);
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close,
  };
}

function text(value: string | string[] | undefined): string | null {
  return value === undefined ? null : String(value);
}

function flat(headers: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
