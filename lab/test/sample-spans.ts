import type { Span } from '@workshop/telemetry';

/** A small made-up system: feed requests of users who follow few or many, with database spans below them. */
export function sampleSpans(options: {
  requests: number;
  endMs: number;
  everyMs?: number;
  seed?: number;
}): Span[] {
  const spans: Span[] = [];
  const every = options.everyMs ?? 1000;
  let number = (options.seed ?? 1) * 1_000_003;
  const id = (length: number): string => {
    let text = '';
    while (text.length < length) {
      number = (Math.imul(number, 1_103_515_245) + 12_345) >>> 0;
      text += number.toString(16).padStart(8, '0');
    }
    return text.slice(0, length);
  };
  for (let request = 0; request < options.requests; request++) {
    const startMs = options.endMs - (options.requests - request) * every;
    const user = request % 20;
    const follows = user === 0 ? 160 : 4 + user;
    const failed = request % 50 === 49;
    const traceId = id(32);
    const rootId = id(16);
    const durationMs = 20 + follows * 5 + (request % 7);
    const resource = { 'service.name': 'murmur-api', 'process.pid': 4711 };
    spans.push({
      traceId,
      spanId: rootId,
      name: 'GET /feed',
      kind: 'SERVER',
      startMs,
      durationMs,
      status: { code: failed ? 'ERROR' : 'UNSET' },
      attributes: {
        'http.route': '/feed',
        'http.request.method': 'GET',
        'http.response.status_code': failed ? 500 : 200,
        'user.id': String(1000 + user),
        'murmur.feed.following_count': follows,
      },
      events: failed
        ? [{ name: 'exception', timeMs: startMs + durationMs, attributes: { 'exception.type': 'Error' } }]
        : [],
      links: [],
      resource,
      scope: { name: '@opentelemetry/instrumentation-http', version: '0.223.0' },
    });
    for (let query = 0; query < 3; query++) {
      spans.push({
        traceId,
        spanId: id(16),
        parentSpanId: rootId,
        name: 'pg.query:SELECT murmur',
        kind: 'CLIENT',
        startMs: startMs + query * 5,
        durationMs: 4,
        status: { code: 'UNSET' },
        attributes: {
          'db.system.name': 'postgresql',
          'db.query.text': 'SELECT * FROM posts WHERE author_id = $1',
        },
        events: [],
        links: [],
        resource,
        scope: { name: '@opentelemetry/instrumentation-pg', version: '0.76.0' },
      });
    }
  }
  return spans;
}
