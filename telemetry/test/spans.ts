import type { Attributes, Span, SpanKind } from '../model.ts';

/** Spans for tests, timed in milliseconds after the trace's begin. */
export const T0 = 1_790_000_000_000;

let nextId = 1;

export interface SpanShape {
  name: string;
  at?: number;
  ms?: number;
  kind?: SpanKind;
  parent?: Span | string;
  service?: string;
  traceId?: string;
  spanId?: string;
  attributes?: Attributes;
  scope?: string;
  error?: boolean;
}

export function span(shape: SpanShape): Span {
  const { parent } = shape;
  const traceId = shape.traceId ?? (typeof parent === 'object' ? parent.traceId : '4c1d90e2'.padEnd(32, '0'));
  const made: Span = {
    traceId,
    spanId: shape.spanId ?? (nextId++).toString(16).padStart(16, '0'),
    name: shape.name,
    kind: shape.kind ?? 'INTERNAL',
    startMs: T0 + (shape.at ?? 0),
    durationMs: shape.ms ?? 1,
    status: { code: shape.error ? 'ERROR' : 'UNSET' },
    attributes: shape.attributes ?? {},
    events: [],
    links: [],
    resource: { 'service.name': shape.service ?? 'murmur-api' },
    scope: { name: shape.scope ?? 'test' },
  };
  if (parent !== undefined) made.parentSpanId = typeof parent === 'object' ? parent.spanId : parent;
  return made;
}

/** `count` spans of `each` ms, one after the other. */
export function sequence(count: number, each: number, shape: SpanShape): Span[] {
  return Array.from({ length: count }, (_, i) =>
    span({ ...shape, at: (shape.at ?? 0) + i * each, ms: each }),
  );
}

/** What Nest and Express make of one request, up to the handler. */
export function request(
  ms: number,
  start = 0,
): { spans: Span[]; server: Span; controller: Span; list: Span } {
  const server = span({ name: 'GET /feed', kind: 'SERVER', ms });
  const middleware = ['query', 'expressInit', 'corsMiddleware', 'jsonParser', 'urlencodedParser'].map(
    (each) => span({ name: `middleware - ${each}`, ms: 0.4, parent: server }),
  );
  const handler = span({ name: 'request handler', at: start, ms: ms - 3, parent: server });
  const controller = span({ name: 'FeedController.list', at: start, ms: ms - 3.4, parent: handler });
  const list = span({ name: 'list', at: start, ms: ms - 4.4, parent: controller });
  return { spans: [server, ...middleware, handler, controller, list], server, controller, list };
}
