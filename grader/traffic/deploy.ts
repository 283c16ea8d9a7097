import { type Draw, drawFrom, EXIT_CODES, WorkshopError } from '@workshop/base';
import { encodeTraceRequest, type Span } from '@workshop/telemetry';

/** Seconds of the minute that is played, and how many requests Murmur's pages send in one. */
const LENGTH_S = 60;
const RATE = 1.6;
/** The API's exporter sends what has ended every 5 s, the last time at 35.4; at 39.8 it is ended, at 42.4 a new one answers. */
const FIRST_EXPORT_S = 0.4;
const EXPORT_EVERY_S = 5;
const STOPPED_S = 39.8;
const STARTED_S = 42.4;
/** What was called and how long it takes, milliseconds. */
const ROUTES = [
  { method: 'GET', route: '/feed', ms: 90 },
  { method: 'GET', route: '/posts/:id', ms: 12 },
  { method: 'GET', route: '/notifications', ms: 20 },
  { method: 'POST', route: '/posts', ms: 30 },
  { method: 'POST', route: '/posts/:id/likes', ms: 25 },
];

/** A minute of Murmur in which a new version of its API came, as the collector saw it. */
export interface Deploy {
  spans: Span[];
  requests: number;
  /** requests that the API answered and whose spans died with it */
  lost: number;
  /** requests that came when no API was there */
  refused: number;
}

/** The same minute each time, ended at `endMs`. */
export function deployEndedAt(endMs: number): Deploy {
  const draw = drawFrom(14, 'deploy');
  const startMs = endMs - LENGTH_S * 1000;
  const deploy: Deploy = { spans: [], requests: 0, lost: 0, refused: 0 };
  for (let atS = draw.number() / RATE; atS < LENGTH_S; atS += (0.3 + 1.4 * draw.number()) / RATE) {
    deploy.requests++;
    const called = draw.pick(ROUTES);
    const networkMs = 8 + 30 * draw.number();
    const serverMs = called.ms * (0.7 + 0.6 * draw.number());
    const ids = { traceId: hex(draw, 32), client: hex(draw, 16), server: hex(draw, 16) };
    const call: Call = { ...called, ids, userId: String(draw.integer(1, 200)), networkMs, serverMs };
    const reachesS = atS + networkMs / 2000;
    const endsS = reachesS + serverMs / 1000;
    const refused = endsS > STOPPED_S && reachesS < STARTED_S;
    deploy.spans.push(clientSpan(call, startMs + atS * 1000, refused));
    if (refused) deploy.refused++;
    else if (endsS > lastExportS() && endsS <= STOPPED_S) deploy.lost++;
    else deploy.spans.push(serverSpan(call, startMs + reachesS * 1000, reachesS < STOPPED_S));
  }
  return deploy;
}

/**
 * Sends that minute to a collector.
 * @throws WorkshopError with what to do when none answers there
 */
export async function playDeploy(collectorUrl: string): Promise<Deploy> {
  const deploy = deployEndedAt(Date.now());
  const answer = await fetch(`${collectorUrl.replace(/\/$/, '')}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: new Uint8Array(encodeTraceRequest(deploy.spans, 'json')),
    signal: AbortSignal.timeout(10_000),
  }).catch(() => null);
  if (answer?.ok) return deploy;
  throw new WorkshopError(
    answer
      ? `The collector at ${collectorUrl} answered ${answer.status}.`
      : `Nothing answers at ${collectorUrl}.`,
    {
      exitCode: EXIT_CODES.failed,
      whatToDo: 'Start the lab with "npm start" or "npm run lab" in another terminal, then try again.',
    },
  );
}

/** What was played, without the number that the exercise asks for. */
export function deployLines({ requests }: Deploy): string[] {
  return [
    `A minute of production, in which a new version of the API came: ${requests} requests of pages.`,
    'The lab has what the collector got of them. The attribute deployment.environment.name is "production".',
  ];
}

interface Call {
  method: string;
  route: string;
  ids: { traceId: string; client: string; server: string };
  userId: string;
  networkMs: number;
  serverMs: number;
}

function lastExportS(): number {
  const times = Math.floor((STOPPED_S - FIRST_EXPORT_S) / EXPORT_EVERY_S);
  return FIRST_EXPORT_S + times * EXPORT_EVERY_S;
}

function clientSpan(call: Call, startMs: number, refused: boolean): Span {
  const { method, route, ids, networkMs, serverMs, userId } = call;
  return {
    traceId: ids.traceId,
    spanId: ids.client,
    name: method,
    kind: 'CLIENT',
    startMs,
    durationMs: refused ? 4 : networkMs + serverMs,
    status: refused ? { code: 'ERROR', message: 'Failed to fetch' } : { code: 'UNSET' },
    attributes: {
      'http.request.method': method,
      'url.template': route,
      'user.id': userId,
      ...(refused ? { 'error.type': 'TypeError' } : { 'http.response.status_code': statusOf(method) }),
    },
    events: [],
    links: [],
    resource: resourceOf('murmur-web', '2.7.0'),
    scope: { name: '@opentelemetry/instrumentation-fetch', version: '0.223.0' },
  };
}

function serverSpan(call: Call, startMs: number, before: boolean): Span {
  const { method, route, ids, serverMs, userId } = call;
  return {
    traceId: ids.traceId,
    spanId: ids.server,
    parentSpanId: ids.client,
    parentIsRemote: true,
    name: `${method} ${route}`,
    kind: 'SERVER',
    startMs,
    durationMs: serverMs,
    status: { code: 'UNSET' },
    attributes: {
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': statusOf(method),
      'user.id': userId,
    },
    events: [],
    links: [],
    resource: resourceOf('murmur-api', before ? '1.4.0' : '1.4.1'),
    scope: { name: '@opentelemetry/instrumentation-http', version: '0.223.0' },
  };
}

function resourceOf(service: string, version: string): Span['resource'] {
  return {
    'service.name': service,
    'service.version': version,
    'deployment.environment.name': 'production',
  };
}

function statusOf(method: string): number {
  return method === 'POST' ? 201 : 200;
}

function hex(draw: Draw, length: number): string {
  return Array.from({ length }, () => draw.integer(0, 15).toString(16)).join('');
}
