import type { Evidence, EvidenceSpan, Json, ProcessRecord, QueryOutcome } from '../../../evidence/index.ts';

/**
 * Ways in which evidence can be odd: less was seen than a right system shows, or other things. Each is a function over
 * evidence that it may change; `at` says where: the same number means the same place.
 */
export const MANGLINGS: Record<string, (evidence: Evidence, at: number) => void> = {
  'no spans': (evidence) => {
    evidence.spans = [];
  },
  'no SERVER spans': (evidence) => {
    evidence.spans = evidence.spans.filter(({ kind }) => kind !== 'SERVER');
  },
  'no CLIENT spans': (evidence) => {
    evidence.spans = evidence.spans.filter(({ kind }) => kind !== 'CLIENT');
  },
  'every second span is lost': (evidence, at) => {
    evidence.spans = evidence.spans.filter((_span, place) => (place + at) % 2 === 0);
  },
  'one span is lost': (evidence, at) => {
    evidence.spans.splice(at % (evidence.spans.length + 1), 1);
  },
  'one trace is lost': (evidence, at) => {
    const lost = picked(evidence.spans, at)?.traceId;
    evidence.spans = evidence.spans.filter(({ traceId }) => traceId !== lost);
  },
  'each span is there twice': (evidence) => {
    evidence.spans = evidence.spans.flatMap((span) => [span, structuredClone(span)]);
  },
  'spans come in another order': (evidence, at) => {
    evidence.spans = rotated(evidence.spans, at).reverse();
  },
  'two traces have one id': (evidence, at) => {
    const ids = [...new Set(evidence.spans.map(({ traceId }) => traceId))];
    const [one, other] = [picked(ids, at), picked(ids, at + 1)];
    for (const span of evidence.spans) if (span.traceId === one && other) span.traceId = other;
  },
  'all spans have one trace id': (evidence) => {
    for (const span of evidence.spans) span.traceId = 'f'.repeat(32);
  },
  'spans have no parents': (evidence) => {
    for (const span of evidence.spans) span.parentSpanId = undefined;
  },
  'parents are unknown': (evidence) => {
    for (const span of evidence.spans) if (span.parentSpanId) span.parentSpanId = 'e'.repeat(16);
  },
  'spans are their own parents': (evidence) => {
    for (const span of evidence.spans) span.parentSpanId = span.spanId;
  },
  'spans are parents of each other': (evidence, at) => {
    const [one, other] = [picked(evidence.spans, at), picked(evidence.spans, at + 1)];
    if (!one || !other) return;
    one.parentSpanId = other.spanId;
    other.parentSpanId = one.spanId;
  },
  'no attributes': (evidence) => {
    for (const span of evidence.spans) span.attributes = {};
  },
  'one attribute is nowhere': (evidence, at) => {
    const lost = attributeKey(evidence, at);
    for (const span of evidence.spans) delete span.attributes[lost];
  },
  'one attribute is text everywhere': (evidence, at) => rewriteAttribute(evidence, at, String),
  'one attribute is a number everywhere': (evidence, at) => rewriteAttribute(evidence, at, () => at),
  'one attribute is a list everywhere': (evidence, at) =>
    rewriteAttribute(evidence, at, (value) => [String(value)]),
  'one attribute is an empty list everywhere': (evidence, at) => rewriteAttribute(evidence, at, () => []),
  'one attribute is a truth value everywhere': (evidence, at) =>
    rewriteAttribute(evidence, at, () => at % 2 === 0),
  'one attribute is empty everywhere': (evidence, at) => rewriteAttribute(evidence, at, () => ''),
  'no events': (evidence) => {
    for (const span of evidence.spans) span.events = [];
  },
  'events have no attributes': (evidence) => {
    for (const span of evidence.spans)
      span.events = span.events.map((event) => ({ ...event, attributes: {} }));
  },
  'events have no names': (evidence) => {
    for (const span of evidence.spans) span.events = span.events.map((event) => ({ ...event, name: '' }));
  },
  'links lead nowhere': (evidence) => {
    const links = [{ traceId: '0'.repeat(32), spanId: '0'.repeat(16), attributes: {} }];
    for (const span of evidence.spans) span.links = links;
  },
  'spans have no names': (evidence) => {
    for (const span of evidence.spans) span.name = '';
  },
  'one kind for all spans': (evidence, at) => {
    const kinds = ['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'] as const;
    for (const span of evidence.spans) span.kind = picked(kinds, at) ?? 'INTERNAL';
  },
  'every status is ERROR, without a message': (evidence) => {
    for (const span of evidence.spans) span.status = { code: 'ERROR' };
  },
  'no status': (evidence) => {
    for (const span of evidence.spans) span.status = { code: 'UNSET' };
  },
  'no resource': (evidence) => {
    for (const span of evidence.spans) span.resource = {};
  },
  'scopes have no names': (evidence) => {
    for (const span of evidence.spans) span.scope = { name: '' };
  },
  'all spans are of one scope': (evidence) => {
    for (const span of evidence.spans) span.scope = { name: 'murmur.feed' };
  },
  'spans are of no known process': (evidence) => {
    for (const span of evidence.spans) span.origin.process = 'elsewhere';
  },
  'spans only arrived': (evidence) => {
    for (const span of evidence.spans) Object.assign(span.origin, { captured: false, received: true });
  },
  'spans never arrived': (evidence) => {
    for (const span of evidence.spans) span.origin.received = false;
  },
  'spans began at boot': (evidence) => {
    for (const span of evidence.spans) span.origin.phase = 'boot';
  },
  'spans last no time': (evidence) => {
    for (const span of evidence.spans) span.durationMs = 0;
  },
  'spans end before they begin': (evidence) => {
    for (const span of evidence.spans) span.durationMs = -5;
  },
  'spans last for hours': (evidence) => {
    for (const span of evidence.spans) span.durationMs += 7_200_000;
  },
  'times of spans are shifted': (evidence, at) => {
    for (const span of evidence.spans) span.startMs += (at % 2 === 0 ? 1 : -1) * (at + 1) * 1000;
  },
  'times of spans are all the same': (evidence) => {
    for (const span of evidence.spans) Object.assign(span, { startMs: 0, durationMs: 0 });
  },
  'all spans are unended': (evidence) => {
    evidence.unended = evidence.spans.map((span) => ({ ...span }));
    evidence.spans = [];
    evidence.settled = false;
  },
  'one span is unended': (evidence, at) => {
    const [span] = evidence.spans.splice(at % (evidence.spans.length + 1), 1);
    if (span) evidence.unended.push(span);
    evidence.settled = false;
  },
  'no requests': (evidence) => {
    evidence.requests = [];
  },
  'no requests, since the scenario was not finished': (evidence) => {
    evidence.requests = [];
    ended(evidence);
  },
  'one request is missing': (evidence, at) => {
    evidence.requests.splice(at % (evidence.requests.length + 1), 1);
  },
  'requests have no answer': (evidence) => {
    for (const sent of evidence.requests)
      Object.assign(sent, { status: null, error: 'socket hang up', responseBody: '' });
  },
  'one request has another answer': (evidence, at) => {
    const sent = picked(evidence.requests, at);
    if (sent) sent.status = picked([200, 301, 401, 404, 500, 503], at) ?? null;
  },
  'requests have no headers': (evidence) => {
    for (const sent of evidence.requests) Object.assign(sent, { requestHeaders: {}, responseHeaders: {} });
  },
  'nobody was signed in': (evidence) => {
    for (const sent of evidence.requests) sent.userId = null;
  },
  'no facts': (evidence) => {
    evidence.facts = {};
  },
  'no facts, since the scenario was not finished': (evidence) => {
    evidence.facts = {};
    ended(evidence);
  },
  'one fact is missing': (evidence, at) => {
    delete evidence.facts[factName(evidence, at)];
  },
  'one fact is missing, since the scenario was not finished': (evidence, at) => {
    delete evidence.facts[factName(evidence, at)];
    ended(evidence);
  },
  'one fact is empty': (evidence, at) => {
    const name = factName(evidence, at);
    if (name in evidence.facts) evidence.facts[name] = emptied(evidence.facts[name] ?? null);
  },
  'the system did not start': (evidence) => {
    Object.assign(evidence, {
      drive: { state: 'not-started' },
      facts: {},
      requests: [],
      spans: [],
      unended: [],
      wire: [],
    });
  },
  'no processes': (evidence) => {
    evidence.processes = [];
  },
  'processes have no capture': (evidence) => {
    for (const one of evidence.processes) one.capture = null;
  },
  'captures saw nothing': (evidence) => {
    for (const { capture } of evidence.processes)
      if (capture)
        Object.assign(capture, {
          attached: [],
          sdkPackagesLoaded: [],
          instrumentations: [],
          exporters: [],
          spansStarted: 0,
          spansEnded: 0,
        });
  },
  'processes have ended': (evidence, at) => {
    for (const one of evidence.processes) {
      one.ended = picked<ProcessRecord['ended']>(ENDS, at) ?? 'exited';
      one.exit =
        at % 2 === 0
          ? { code: at % 3, signal: null, afterMs: 100 }
          : { code: null, signal: 'SIGKILL', afterMs: 1 };
    }
  },
  'processes said nothing': (evidence) => {
    for (const one of evidence.processes)
      Object.assign(one, { output: '', outputBytes: 0, script: '', listening: [], askedPort: null });
  },
  'nothing on the wire': (evidence) => {
    evidence.wire = [];
  },
  'the collector refused everything': (evidence) => {
    for (const one of evidence.wire)
      Object.assign(one, { status: 400, spanIds: [], serviceNames: [], error: 'no protobuf' });
    for (const span of evidence.spans) span.origin.received = false;
  },
  'no page': (evidence) => {
    evidence.page = null;
  },
  'a page that was not told of': (evidence) => {
    delete evidence.page;
  },
  'the page could not be used': (evidence, at) => {
    if (evidence.page)
      evidence.page.state =
        picked(['build-failed', 'blank', 'script-error', 'never-ready', 'not-opened'], at) ?? 'blank';
  },
  "the page's capture saw nothing": (evidence) => {
    if (evidence.page)
      Object.assign(evidence.page.telemetry, {
        apiVersions: [],
        providers: [],
        exporters: [],
        spansStarted: 0,
        spansEnded: 0,
        replacedApis: undefined,
      });
  },
  'no headers': (evidence) => {
    evidence.headers = [];
  },
  'headers that were not told of': (evidence) => {
    delete evidence.headers;
  },
  'headers are empty': (evidence) => {
    for (const one of evidence.headers ?? [])
      Object.assign(one, {
        traceparent: null,
        baggage: null,
        origin: null,
        requestHeaders: {},
        responseHeaders: {},
        status: null,
        durationMs: null,
      });
  },
  'traceparents are no traceparents': (evidence) => {
    for (const one of evidence.headers ?? []) if (one.traceparent) one.traceparent = '00-xyz';
  },
  'paths are no paths': (evidence, at) => {
    const path = picked(['', '//', '/%E0%A4%A', '?q=', '/feed?q=%'], at) ?? '';
    for (const one of [...evidence.requests, ...(evidence.headers ?? [])]) one.path = path;
  },
  'answers are missing': (evidence) => {
    evidence.answers = { state: 'missing' };
  },
  'answers are something else': (evidence, at) => {
    const key = evidence.exercise.slice(0, 2);
    evidence.answers = { state: 'read', values: { [key]: picked<Json>(ODD, at) ?? null } };
  },
  'queries were not run': (evidence) => {
    delete evidence.queryResults;
  },
  'queries gave nothing': (evidence) => rewriteRuns(evidence, () => []),
  'queries gave rows of nothing': (evidence) => rewriteRuns(evidence, (rows) => rows.map(() => ({}))),
  'queries gave null': (evidence) =>
    rewriteRuns(evidence, (rows) =>
      rows.map((row) => Object.fromEntries(Object.keys(row).map((column) => [column, null]))),
    ),
  'queries gave text': (evidence) =>
    rewriteRuns(evidence, (rows) =>
      rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([column, value]) => [column, String(value)])),
      ),
    ),
  'queries gave other columns': (evidence) =>
    rewriteRuns(evidence, (rows) =>
      rows.map((row) =>
        Object.fromEntries(Object.entries(row).map(([column, value]) => [`other ${column}`, value])),
      ),
    ),
  'one query is missing': (evidence, at) => {
    const [id, outcome] = picked(Object.entries(evidence.queryResults ?? {}), at) ?? [];
    if (!id || !outcome || !evidence.queryResults) return;
    const file = 'file' in outcome ? outcome.file : `${id}.json`;
    evidence.queryResults[id] = picked<QueryOutcome>(
      [
        { state: 'missing' },
        { state: 'broken', file, message: 'no JSON' },
        { state: 'invalid', file, problems: [] },
        { state: 'ran', file, runs: [], variations: [] },
      ],
      at,
    ) as QueryOutcome;
  },
};

const ENDS = ['exited', 'start-timeout', 'output-limit', 'memory-limit', 'stopped'] as const;

const ODD: Json[] = [
  null,
  '',
  ' ',
  0,
  -1,
  1e300,
  true,
  [],
  {},
  ['165'],
  { '01': 165 },
  '\u001b[31m',
  '\u0000',
  'x'.repeat(10_000),
];

function picked<T>(list: readonly T[], at: number): T | undefined {
  return list[at % list.length];
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const at = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

/** One of the keys that are on any span, most frequent first: those that checks read are among the first. */
function attributeKey({ spans }: Evidence, at: number): string {
  const counts = new Map<string, number>();
  for (const key of spans.flatMap(({ attributes }) => Object.keys(attributes)))
    counts.set(key, (counts.get(key) ?? 0) + 1);
  const keys = [...counts].sort((a, b) => b[1] - a[1]).map(([key]) => key);
  return picked(keys, at) ?? '';
}

function rewriteAttribute(
  evidence: Evidence,
  at: number,
  rewrite: (value: EvidenceSpan['attributes'][string]) => EvidenceSpan['attributes'][string],
): void {
  const key = attributeKey(evidence, at);
  for (const { attributes } of evidence.spans)
    if (key in attributes) attributes[key] = rewrite(attributes[key] as never);
}

const factName = ({ facts }: Evidence, at: number): string => picked(Object.keys(facts), at) ?? '';

function ended(evidence: Evidence): void {
  evidence.drive = { state: 'incomplete', step: 'opening the feed', message: 'the API answered nothing' };
}

/** A value of the same form with nothing in it. */
function emptied(value: Json): Json {
  if (Array.isArray(value)) return [];
  if (value !== null && typeof value === 'object') return {};
  return typeof value === 'number' ? 0 : typeof value === 'string' ? '' : null;
}

type Rows = Extract<QueryOutcome, { state: 'ran' }>['runs'][number]['rows'];

function rewriteRuns({ queryResults }: Evidence, rewrite: (rows: Rows) => Rows): void {
  for (const outcome of Object.values(queryResults ?? {})) {
    if (outcome.state !== 'ran') continue;
    for (const run of [...outcome.runs, ...outcome.variations.flatMap(({ runs }) => runs)])
      run.rows = rewrite(run.rows);
  }
}

/** One step of mangling: what is done, and where. */
export interface Mangling {
  name: string;
  at: number;
}

/** Evidence of the same exercise, mangled; the given one stays as it is. */
export function mangled(evidence: Evidence, steps: readonly Mangling[]): Evidence {
  const copy = structuredClone(evidence);
  for (const { name, at } of steps) MANGLINGS[name]?.(copy, at);
  return copy;
}
