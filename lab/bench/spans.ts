import type { Span } from '@workshop/telemetry';

/** Spans as Murmur's API sends them: a request, its handlers, its queries; 200 users; ten requests a second. */
const USERS = 200;
const SPANS_A_REQUEST = 8;
const RESOURCE = {
  'service.name': 'murmur-api',
  'host.name': 'workshop',
  'process.pid': 4711,
  'process.runtime.name': 'nodejs',
  'process.runtime.version': '26.10.0',
  'telemetry.sdk.language': 'nodejs',
  'telemetry.sdk.name': 'opentelemetry',
  'telemetry.sdk.version': '2.12.0',
};
const OTHER_RESOURCE = { ...RESOURCE, 'service.name': 'murmur-worker' };
const ROUTES = ['/feed', '/posts/:id', '/search', '/notifications'];

/** @param count how many, rounded up to whole requests; the last of them ends about `endMs` */
export function* benchSpans(count: number, endMs: number): Generator<Span> {
  const requests = Math.ceil(count / SPANS_A_REQUEST);
  let state = 42;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
  const word = (): string =>
    Math.floor(random() * 0xffffffff)
      .toString(16)
      .padStart(8, '0');
  for (let request = 0; request < requests; request++) {
    const traceId = word() + word() + word() + request.toString(16).padStart(8, '0');
    const rootId = word() + word();
    const startMs = endMs - (requests - request) * 100;
    const user = Math.floor(random() * USERS);
    const route = ROUTES[request % ROUTES.length] as string;
    const durationMs = 20 + (user % 10 === 0 ? 900 : 60) * random();
    const failed = random() < 0.01;
    yield {
      traceId,
      spanId: rootId,
      name: `GET ${route}`,
      kind: 'SERVER',
      startMs,
      durationMs,
      status: { code: failed ? 'ERROR' : 'UNSET' },
      attributes: {
        'http.request.method': 'GET',
        'http.route': route,
        'http.response.status_code': failed ? 500 : 200,
        'url.path': route,
        'url.scheme': 'http',
        'server.address': 'localhost',
        'server.port': 3000,
        'user.id': String(1000 + user),
        'client.address': '127.0.0.1',
        'user_agent.original': 'Mozilla/5.0 (X11; Linux x64)',
        'murmur.feed.following_count': user % 10 === 0 ? 163 : 8,
      },
      events: failed
        ? [
            {
              name: 'exception',
              timeMs: startMs + durationMs,
              attributes: { 'exception.type': 'QueryFailedError', 'exception.message': 'boom' },
            },
          ]
        : [],
      links: [],
      resource: RESOURCE,
      scope: { name: '@opentelemetry/instrumentation-http', version: '0.223.0' },
    };
    for (let child = 1; child < SPANS_A_REQUEST; child++) {
      yield {
        traceId,
        spanId: word() + word(),
        parentSpanId: rootId,
        parentIsRemote: child === SPANS_A_REQUEST - 1,
        name: 'pg.query:SELECT murmur',
        kind: 'CLIENT',
        startMs: startMs + child * 2,
        durationMs: random() * 5,
        status: { code: 'UNSET' },
        attributes: {
          'db.system.name': 'postgresql',
          'db.namespace': 'murmur',
          'db.query.text': 'SELECT id, text FROM posts WHERE author_id = $1 ORDER BY created_at DESC',
          'server.address': '127.0.0.1',
          'server.port': 5432,
          'user.id': String(1000 + user),
        },
        events: [],
        links: [],
        // The last span of a request is another service's, so that there are calls between services.
        resource: child === SPANS_A_REQUEST - 1 ? OTHER_RESOURCE : RESOURCE,
        scope: { name: '@opentelemetry/instrumentation-pg', version: '0.76.0' },
      };
    }
  }
}
