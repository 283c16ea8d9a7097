import type { Attributes, Span, SpanKind } from '@workshop/telemetry';

export interface SpanShape {
  name: string;
  /** milliseconds after the trace's begin */
  at?: number;
  ms?: number;
  kind?: SpanKind;
  parent?: Span | string;
  service?: string;
  attributes?: Attributes;
  error?: string;
}

/** Makes the spans of one trace; the trace began at `startMs`, Unix epoch milliseconds. */
export function traceMaker(
  startMs: number,
  traceId = hex(32),
): { traceId: string; span(shape: SpanShape): Span } {
  return {
    traceId,
    span({
      name,
      at = 0,
      ms = 1,
      kind = 'INTERNAL',
      parent,
      service = 'murmur-api',
      attributes = {},
      error,
    }) {
      const parentSpanId = typeof parent === 'object' ? parent.spanId : parent;
      return {
        traceId,
        spanId: hex(16),
        ...(parentSpanId !== undefined && { parentSpanId }),
        name,
        kind,
        startMs: startMs + at,
        durationMs: ms,
        status: error === undefined ? { code: 'UNSET' } : { code: 'ERROR', message: error },
        attributes,
        events: [],
        links: [],
        resource: { 'service.name': service, 'process.pid': 4711 },
        scope: {
          name: kind === 'INTERNAL' ? 'murmur' : '@opentelemetry/instrumentation-http',
          version: '0.223.0',
        },
      };
    },
  };
}

let made = 0;

/** An id that no other span of this run has. */
export function hex(digits: 16 | 32): string {
  made++;
  return (made * 2_654_435_761 + 0x1_0000_0000).toString(16).padStart(digits, '5').slice(-digits);
}

/** A feed as Iris sees it: the page asks, the API asks the database once for each person she follows. */
export function feedTrace(startMs: number, follows = 163): Span[] {
  const { span } = traceMaker(startMs);
  const load = span({
    name: 'show feed',
    ms: 1080,
    service: 'murmur-web',
    attributes: { 'session.id': 'a41f' },
  });
  const get = span({ name: 'GET', at: 40, ms: 1010, kind: 'CLIENT', parent: load, service: 'murmur-web' });
  const server = span({
    name: 'GET /feed',
    at: 58,
    ms: 960,
    kind: 'SERVER',
    parent: get,
    attributes: {
      'http.route': '/feed',
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'user.id': '4711',
      'murmur.feed.following_count': follows,
      'url.full': 'http://localhost:3000/feed?limit=20',
    },
  });
  const middleware = ['query', 'expressInit', 'corsMiddleware', 'jsonParser', 'urlencodedParser'].map(
    (name) => span({ name: `middleware - ${name}`, at: 58.2, ms: 0.4, parent: server }),
  );
  const handler = span({ name: 'request handler - /feed', at: 60, ms: 955, parent: server });
  const controller = span({ name: 'FeedController.list', at: 61, ms: 950, parent: handler });
  const list = span({ name: 'list', at: 62, ms: 948, parent: controller });
  const rank = span({
    name: 'rank feed',
    at: 70,
    ms: 900,
    parent: list,
    attributes: { 'murmur.ranking.candidate_count': follows * 3 },
  });
  const each = 690 / follows;
  const queries = Array.from({ length: follows }, (_, i) =>
    span({
      name: 'pg.query:SELECT murmur',
      at: 72 + i * each,
      ms: each * 0.9,
      kind: 'CLIENT',
      parent: rank,
      attributes: {
        'db.system.name': 'postgresql',
        'db.query.text': 'SELECT * FROM posts WHERE author_id = $1 ORDER BY created_at DESC LIMIT 3',
      },
    }),
  );
  const cache = span({ name: 'write cache', at: 975, ms: 8, parent: list, error: 'connection reset' });
  cache.events.push({
    name: 'exception',
    timeMs: startMs + 981,
    attributes: { 'exception.type': 'Error', 'exception.message': 'read ECONNRESET' },
  });
  const worker = span({
    name: 'process notifications',
    at: 1020,
    ms: 55,
    kind: 'CONSUMER',
    parent: server,
    service: 'murmur-worker',
  });
  worker.links.push({
    traceId: server.traceId,
    spanId: server.spanId,
    attributes: { 'link.reason': 'batch' },
  });
  return [load, get, server, ...middleware, handler, controller, list, rank, ...queries, cache, worker];
}

/** A trace of as many spans as asked for: sixteen below each, no two siblings of one name. */
export function largeTrace(startMs: number, size: number): Span[] {
  const { span } = traceMaker(startMs);
  const spans = [span({ name: 'GET /large', ms: size, kind: 'SERVER' })];
  for (let n = 1; n < size; n++) {
    const parent = spans[Math.floor((n - 1) / 16)] as Span;
    const at = parent.startMs - startMs + (((n - 1) % 16) * parent.durationMs) / 16;
    spans.push(
      span({
        name: `step ${n}`,
        at,
        ms: parent.durationMs / 17,
        parent,
        service: ['murmur-api', 'murmur-web', 'murmur-worker'][n % 3],
        attributes: { 'step.number': n, 'user.id': String(4_700 + (n % 20)) },
      }),
    );
  }
  return spans;
}
