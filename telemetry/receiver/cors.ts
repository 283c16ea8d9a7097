import type { IncomingMessage } from 'node:http';

const PREFLIGHT_SECONDS = '600';

/**
 * The CORS headers of an answer; none if the origin is not allowed, so that its browser refuses.
 * Without credentials: senders of telemetry need no cookies.
 */
export function corsHeaders(
  request: IncomingMessage,
  allowedOrigins: readonly string[] | '*',
): Record<string, string> {
  const origin = request.headers.origin;
  if (origin === undefined) return {};
  const vary = { vary: 'Origin' };
  if (allowedOrigins !== '*' && !allowedOrigins.includes(origin)) return vary;
  return { ...vary, 'access-control-allow-origin': allowedOrigins === '*' ? '*' : origin };
}

export function isPreflight(request: IncomingMessage): boolean {
  return request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined;
}

/** What an allowed page's preflight hears: any header that it asked for, POST only. */
export function preflightHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {
    'access-control-allow-methods': 'POST',
    'access-control-max-age': PREFLIGHT_SECONDS,
  };
  const asked = request.headers['access-control-request-headers'];
  if (asked) headers['access-control-allow-headers'] = asked;
  if (request.headers['access-control-request-private-network'])
    headers['access-control-allow-private-network'] = 'true';
  return headers;
}
