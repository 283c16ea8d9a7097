import type { Attributes, AttributeValue, Span, SpanKind } from '@workshop/telemetry';
import type { Calculation, Filter, QuerySpec } from '../index.ts';

/** A small generator with a seed: the same seed gives the same data and queries on every machine. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** 0 to below 1 (mulberry32) */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** 0 to n - 1 */
  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  id(length: number): string {
    let text = '';
    while (text.length < length)
      text += Math.floor(this.next() * 0xffffffff)
        .toString(16)
        .padStart(8, '0');
    return text.slice(0, length);
  }
}

const KINDS: readonly SpanKind[] = ['SERVER', 'CLIENT', 'INTERNAL', 'PRODUCER', 'CONSUMER'];
const NAMES = ['GET /feed', 'GET /posts/:id', 'rank feed', 'pg.query:SELECT murmur', 'zoë', 'a'];
const WORDS = [
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

const COLUMNS = [
  'name',
  'duration_ms',
  'service.name',
  'user.id',
  'http.route',
  'http.response.status_code',
  'murmur.count',
  'murmur.ratio',
  'murmur.flag',
  'mixed',
  'word',
  'list',
  'error',
  'status_code',
  'status_message',
  'span.kind',
  'type',
  'trace.parent_id',
  'meta.annotation_type',
  'meta.signal_type',
  'parent_name',
  'library.name',
  'span.num_events',
  'process.pid',
  'not.there',
  'trace.link.trace_id',
  'meta.time_since_span_start_ms',
];
const NUMBERS = [
  'duration_ms',
  'murmur.count',
  'murmur.ratio',
  'http.response.status_code',
  'mixed',
  'word',
  'status_code',
  'not.there',
];
const RELATED = ['root', 'parent', 'child', 'any'];
const WITH_COLUMN = [
  'SUM',
  'AVG',
  'MAX',
  'MIN',
  'COUNT_DISTINCT',
  'P001',
  'P01',
  'P05',
  'P10',
  'P20',
  'P25',
  'P50',
  'P75',
  'P80',
  'P90',
  'P95',
  'P99',
  'P999',
  'RATE_AVG',
  'RATE_SUM',
  'RATE_MAX',
  'HEATMAP',
  'COUNT',
] as const;
const VALUES: readonly (string | number | boolean)[] = [
  ...WORDS,
  'GET /feed',
  'murmur-api',
  '1003',
  '/feed',
  'server',
  'timeout',
  'span_event',
  'log',
  0,
  1,
  2,
  7,
  12,
  200,
  500,
  1003,
  250.5,
  true,
  false,
];

function related(random: Random, column: string, share: number, none: boolean): string {
  if (!random.chance(share)) return column;
  return `${random.pick(none ? [...RELATED, 'none'] : RELATED)}.${column}`;
}

function randomFilter(random: Random, relations: boolean): Filter {
  const column = relations ? related(random, random.pick(COLUMNS), 0.3, true) : random.pick(COLUMNS);
  const op = random.pick([
    '=',
    '!=',
    '>',
    '>=',
    '<',
    '<=',
    'starts-with',
    'does-not-start-with',
    'ends-with',
    'does-not-end-with',
    'exists',
    'does-not-exist',
    'contains',
    'does-not-contain',
    'in',
    'not-in',
  ] as const);
  if (op === 'exists' || op === 'does-not-exist') return { column, op };
  if (op === 'in' || op === 'not-in')
    return { column, op, value: Array.from({ length: 1 + random.below(3) }, () => random.pick(VALUES)) };
  if (/[a-z]/.test(op))
    return {
      column,
      op,
      value: random.pick([...WORDS, 'GET', 'murmur', '/', 'e', '1', '5', '.', '.5', '0']),
    };
  return { column, op, value: random.pick(VALUES) };
}

function randomCalculation(random: Random, index: number): Calculation {
  const roll = random.next();
  if (roll < 0.25) return { op: 'COUNT' };
  if (roll < 0.33) return { op: 'CONCURRENCY' };
  const op = random.pick(WITH_COLUMN);
  const list = op === 'COUNT' || op === 'COUNT_DISTINCT' ? COLUMNS : NUMBERS;
  const calculation: Calculation = { op, column: related(random, random.pick(list), 0.15, false) };
  if (random.chance(0.08)) {
    calculation.name = `${op.startsWith('RATE_') ? 'RATE_' : ''}n${index}`;
    calculation.filters = [
      randomFilter(random, false),
      ...(random.chance(0.3) ? [randomFilter(random, false)] : []),
    ];
    if (random.chance(0.3)) calculation.filter_combination = 'OR';
  }
  return calculation;
}

export function randomQuery(random: Random, nowMs: number): QuerySpec {
  const query: QuerySpec = {};
  const now = Math.ceil(nowMs / 1000);
  const range = random.pick([60, 300, 600, 1800, 3600, 5000]);
  const form = random.below(4);
  if (form === 0) query.time_range = range;
  if (form === 1) Object.assign(query, { start_time: now - 3600 + random.below(1800), time_range: range });
  if (form === 2) Object.assign(query, { end_time: now - random.below(1800), time_range: range });
  if (form === 3) Object.assign(query, { start_time: now - 3600, end_time: now - 3600 + range });
  if (random.chance(0.5)) query.granularity = Math.max(Math.ceil(range / 40), 1 + random.below(range));
  const breakdowns = new Set<string>();
  const wanted = random.pick([0, 0, 1, 1, 1, 2, 3]);
  while (breakdowns.size < wanted) breakdowns.add(related(random, random.pick(COLUMNS), 0.2, false));
  if (wanted > 0) query.breakdowns = [...breakdowns];
  const calculations = new Map<string, Calculation>();
  for (let i = random.below(5); i > 0; i--) {
    const calculation = randomCalculation(random, i);
    calculations.set(calculation.name ?? `${calculation.op}(${calculation.column})`, calculation);
  }
  if (calculations.size > 0) query.calculations = [...calculations.values()];
  const filters = random.pick([0, 1, 1, 2, 3]);
  if (filters > 0) query.filters = Array.from({ length: filters }, () => randomFilter(random, true));
  if (random.chance(0.25)) query.filter_combination = 'OR';
  const present: Calculation[] = query.calculations ?? [{ op: 'COUNT' }];
  const orderable = present.filter((item) => item.op !== 'HEATMAP' && item.name === undefined);
  if (random.chance(0.6)) {
    const orders: NonNullable<QuerySpec['orders']> = [];
    const direction = (): 'ascending' | 'descending' => random.pick(['ascending', 'descending']);
    if (orderable.length > 0 && random.chance(0.7)) {
      const { op, column } = random.pick(orderable);
      orders.push({ op, column, order: direction() });
    }
    if (query.breakdowns && random.chance(0.5))
      orders.push({ column: random.pick(query.breakdowns), order: direction() });
    if (orders.length > 0) query.orders = orders;
  }
  if (random.chance(0.2)) {
    const shown =
      orderable.length > 0 && random.chance(0.5)
        ? random.pick(orderable)
        : { op: random.pick(['COUNT', 'MAX', 'P90', 'SUM'] as const), column: 'duration_ms' };
    query.havings = [
      {
        calculate_op: shown.op,
        column: shown.column,
        op: random.pick(['=', '!=', '>', '>=', '<', '<=']),
        value: random.pick([0, 1, 2, 10, 250]),
      },
    ];
  }
  if (random.chance(0.5)) query.limit = random.pick([1, 2, 5, 20, 1000]);
  if (random.chance(0.1)) query.usage_mode = true;
  return query;
}
