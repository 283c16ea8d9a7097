import type { Draw } from '@workshop/base';
import type { Attributes, Span, SpanEvent, SpanKind, SpanLink } from '@workshop/telemetry/pure';

/** Who asks; `id` null: nobody is signed in. */
export interface Requester {
  id: string | null;
  following: number;
  requests: number;
  /** a fault that makes this person's requests slow, whatever they ask; milliseconds */
  slowMs: number;
}

export interface TraceWriter {
  draw: Draw;
  spans: Span[];
  /** some requests come from a page that makes spans itself */
  page: boolean;
  /** what a span processor does: every span of the API carries the user's id */
  userOnEverySpan: boolean;
  pageClockMs: number;
  /** failures take no longer than answers */
  quiet: boolean;
}

const API = { 'service.name': 'murmur-api' };
const WEB = { 'service.name': 'murmur-web' };
const WORKER = { 'service.name': 'murmur-worker' };
const SCOPES = {
  http: { name: '@opentelemetry/instrumentation-http', version: '0.223.0' },
  nest: { name: '@opentelemetry/instrumentation-nestjs-core', version: '0.70.0' },
  pg: { name: '@opentelemetry/instrumentation-pg', version: '0.76.0' },
  fetch: { name: '@opentelemetry/instrumentation-fetch', version: '0.223.0' },
  own: { name: 'murmur' },
};
const ROUTES = [
  'GET /feed',
  'GET /feed',
  'GET /feed',
  'GET /posts/:id',
  'POST /posts',
  'POST /posts/:id/likes',
  'GET /notifications',
  'GET /search',
  // Murmur has none: a query that names the routes which it has seen loses it.
  'GET /trends',
];

/** One request to the API with all that is below it; sometimes with the page's end of the call above it. */
export function requestTrace(writer: TraceWriter, person: Requester, atMs: number): void {
  const { draw } = writer;
  const [method = 'GET', route = '/feed'] = (person.id === null ? 'GET /search' : draw.pick(ROUTES)).split(
    ' ',
  );
  const feed = route === '/feed';
  const failed = draw.integer(1, 14) === 1;
  // Whole milliseconds now and then, so that durations are equal.
  const noise = draw.pick([0, 0, draw.integer(1, 9_999) / 1000]);
  const work = feed ? 12 + 7 * person.following : draw.integer(6, 60);
  const durationMs = rounded(
    work + noise + person.slowMs + (failed && !writer.quiet ? draw.integer(400, 1_500) : 0),
  );
  const traceId = hex(draw, 32);
  const user: Attributes = person.id === null ? {} : { 'user.id': person.id };
  const everywhere = writer.userOnEverySpan ? user : {};
  const http: Attributes = { 'http.request.method': method, 'http.route': route };
  const fromPage = writer.page && person.id !== null && draw.integer(1, 3) === 1;

  const client = fromPage ? hex(draw, 16) : undefined;
  if (client) {
    const network = draw.integer(15, 140) + noise;
    add(writer, {
      traceId,
      spanId: client,
      name: method,
      kind: 'CLIENT',
      startMs: rounded(atMs - network / 2 + writer.pageClockMs),
      durationMs: rounded(durationMs + network),
      attributes: {
        'http.request.method': method,
        'url.path': route,
        'url.template': route.replace(/:(\w+)/g, '{$1}'),
        'murmur.network_ms': rounded(network),
        ...user,
      },
      resource: WEB,
      scope: SCOPES.fetch,
    });
  }
  const server = add(writer, {
    traceId,
    spanId: hex(draw, 16),
    parentSpanId: client,
    name: `${method} ${route}`,
    kind: 'SERVER',
    startMs: atMs,
    durationMs,
    attributes: {
      ...http,
      'http.response.status_code': failed ? 500 : 200,
      ...(feed ? { 'murmur.feed.following_count': person.following } : {}),
      ...user,
    },
    resource: API,
    scope: SCOPES.http,
    failed,
    events: failed
      ? [{ name: 'exception', timeMs: atMs + 1, attributes: { 'exception.type': 'Error', ...user } }]
      : draw.integer(1, 4) === 1
        ? [{ name: 'cache miss', timeMs: atMs + 1, attributes: { ...user } }]
        : [],
    links:
      draw.integer(1, 9) === 1
        ? [{ traceId: hex(draw, 32), spanId: hex(draw, 16), attributes: { ...user } }]
        : [],
  });
  const below = (
    name: string,
    kind: SpanKind,
    parent: Span,
    share: number,
    more: Partial<NewSpan> = {},
  ): Span =>
    add(writer, {
      traceId,
      spanId: hex(draw, 16),
      parentSpanId: parent.spanId,
      name,
      kind,
      startMs: rounded(parent.startMs + 0.2),
      durationMs: rounded(parent.durationMs * share),
      attributes: { ...everywhere },
      resource: API,
      scope: SCOPES.nest,
      ...more,
    });
  const handler = below('request handler', 'INTERNAL', server, 0.96, {
    attributes: { ...http, ...everywhere },
  });
  if (feed) {
    below('rank feed', 'INTERNAL', handler, 0.8, {
      attributes: { 'murmur.ranking.candidate_count': person.following * 9 + 3, ...user },
      scope: SCOPES.own,
    });
  }
  for (let n = draw.integer(1, 3); n > 0; n--) {
    below('pg.query:SELECT murmur', 'CLIENT', handler, draw.integer(5, 30) / 100, {
      attributes: { 'db.system.name': 'postgresql', ...everywhere },
      scope: SCOPES.pg,
    });
  }
}

/** What happens without any user: health checks, and the worker, which is slow at times and disturbs nobody. */
export function backgroundTraces(writer: TraceWriter, at: () => number, count: number): void {
  const { draw } = writer;
  for (let n = 0; n < count; n++) {
    const base = { attributes: {}, scope: SCOPES.own, traceId: hex(draw, 32), spanId: hex(draw, 16) };
    add(writer, {
      ...base,
      name: 'GET /health',
      kind: 'SERVER',
      startMs: at(),
      durationMs: draw.integer(1, 3),
      resource: API,
      attributes: { 'http.request.method': 'GET', 'http.route': '/health', 'http.response.status_code': 200 },
    });
    const poll = add(writer, {
      ...base,
      traceId: hex(draw, 32),
      name: 'poll outbox',
      kind: 'INTERNAL',
      startMs: at(),
      durationMs: n < 4 ? 1_500 + 400 * n : draw.integer(3, 40),
      resource: WORKER,
    });
    add(writer, {
      ...base,
      traceId: poll.traceId,
      spanId: hex(draw, 16),
      parentSpanId: poll.spanId,
      name: 'pg.query:UPDATE murmur',
      kind: 'CLIENT',
      startMs: poll.startMs,
      durationMs: rounded(poll.durationMs * 0.6),
      resource: WORKER,
      scope: SCOPES.pg,
    });
  }
}

interface NewSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: SpanKind;
  startMs: number;
  durationMs: number;
  attributes: Attributes;
  resource: Attributes;
  scope: Span['scope'];
  failed?: boolean;
  events?: SpanEvent[];
  links?: SpanLink[];
}

function add(writer: TraceWriter, { failed, events = [], links = [], ...rest }: NewSpan): Span {
  const status: Span['status'] = failed ? { code: 'ERROR', message: 'it did not work' } : { code: 'UNSET' };
  const span: Span = { ...rest, status, events, links };
  writer.spans.push(span);
  return span;
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function hex(draw: Draw, digits: 16 | 32): string {
  let id = '';
  while (id.length < digits) id += draw.integer(0, 0xffff_ffff).toString(16).padStart(8, '0');
  return id;
}
