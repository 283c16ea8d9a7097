import type { Attributes, AttributeValue, Span, SpanKind } from '@workshop/telemetry';
import type { Random } from './random.ts';

const KINDS: readonly SpanKind[] = ['SERVER', 'CLIENT', 'INTERNAL', 'PRODUCER', 'CONSUMER'];
const NAMES = ['GET /feed', 'GET /posts/:id', 'rank feed', 'pg.query:SELECT murmur', 'zoë', 'a'];
/** Texts that are easily misread. */
export const WORDS = [
  '',
  'a',
  'ab',
  'abc',
  '12',
  ' 7',
  '1e3',
  '0x10',
  'true',
  'ünïcode',
  '😀',
  "it's",
  '$1',
  '%',
  '-3.5',
  'NaN',
];

function attributesOf(random: Random): Attributes {
  const attributes: Attributes = {};
  const put = (share: number, key: string, value: () => AttributeValue): void => {
    if (random.chance(share)) attributes[key] = value();
  };
  put(0.7, 'user.id', () => String(1000 + random.below(8)));
  put(0.5, 'http.route', () => random.pick(['/feed', '/posts/:id', '/search']));
  put(0.5, 'http.response.status_code', () => random.pick([200, 200, 404, 500]));
  put(0.4, 'murmur.count', () => random.below(50));
  put(0.3, 'murmur.ratio', () => random.below(1000) / 8);
  put(0.3, 'murmur.flag', () => random.chance(0.5));
  put(0.4, 'mixed', () =>
    random.pick<AttributeValue>([random.below(20), random.pick(WORDS), random.chance(0.5)]),
  );
  put(0.3, 'word', () => random.pick(WORDS));
  put(0.1, 'list', () => ['x', random.below(3)]);
  put(0.05, 'error', () => random.pick<AttributeValue>([true, false, 'late']));
  return attributes;
}

/** Traces of a few spans over an hour before `nowMs`, some with events, links, sample rates, orphans, gaps. */
export function randomSpans(random: Random, count: number, nowMs: number, weighted: boolean): Span[] {
  const spans: Span[] = [];
  while (spans.length < count) {
    const traceId = random.id(32);
    const trace: Span[] = [];
    const size = 1 + random.below(7);
    const rate = weighted ? random.pick([1, 2, 5, 10]) : 1;
    const beginMs = nowMs - random.below(3_600_000);
    for (let i = 0; i < size; i++) {
      const parent = i === 0 ? undefined : random.chance(0.9) ? random.pick(trace).spanId : random.id(16);
      // Whole and quarter milliseconds: sums of them are exact, so that both sides agree to the last digit.
      const startMs = beginMs + random.below(2000) / 4;
      const failed = random.chance(0.15);
      trace.push({
        traceId,
        spanId: random.id(16),
        parentSpanId: random.chance(0.03) ? undefined : parent,
        name: random.pick(NAMES),
        kind: random.pick(KINDS),
        startMs,
        durationMs: random.chance(0.05) ? 90_000 + random.below(1_000_000) : random.below(4000) / 4,
        status: failed
          ? { code: 'ERROR', message: random.pick(['boom', 'timeout']) }
          : { code: random.pick(['UNSET', 'OK']) },
        attributes: { ...attributesOf(random), ...(rate > 1 ? { sampleRate: rate } : {}) },
        events: random.chance(0.2)
          ? [
              {
                name: random.pick(['log', 'cache.miss']),
                timeMs: startMs + random.below(400) / 4,
                attributes: attributesOf(random),
              },
            ]
          : [],
        links: random.chance(0.1)
          ? [{ traceId: random.id(32), spanId: random.id(16), attributes: attributesOf(random) }]
          : [],
        resource: {
          'service.name': random.pick(['murmur-api', 'murmur-web', 'murmur-worker']),
          'process.pid': random.below(3),
        },
        scope: random.chance(0.8) ? { name: random.pick(['murmur', 'pg']), version: '1.0.0' } : { name: '' },
      });
    }
    spans.push(...trace);
  }
  return spans.slice(0, count);
}
