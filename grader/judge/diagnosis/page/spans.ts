import { type AttributeValue, endMs } from '@workshop/telemetry/pure';
import type { Evidence, EvidenceSpan, HeaderRecord } from '../../../evidence/index.ts';
import type { Failure, TraceView } from '../../verdict.ts';
import { diagnosePage } from './page.ts';
import { pageRequestsOf } from './requests.ts';

/** The page's clock and the API's are the same machine's; the way between them takes a few milliseconds more. */
const TOLERANCE_MS = 50;

/** Spans that the learner's page made, whether the capture saw them or only the collector. */
export function pageSpansOf(evidence: Evidence): EvidenceSpan[] {
  return evidence.spans.filter(
    (span) => span.origin.process === 'page' || span.resource['telemetry.sdk.language'] === 'webjs',
  );
}

/** The address that a span of a request stands for. */
export function urlOf(span: Pick<EvidenceSpan, 'attributes'>): string | undefined {
  const url: AttributeValue | undefined = span.attributes['url.full'] ?? span.attributes['http.url'];
  return typeof url === 'string' ? url : undefined;
}

/**
 * The CLIENT span of each request of the page to the API; undefined where it has none. A request is joined to the
 * span that its traceparent names, else to one of its own address that was open when it arrived.
 */
export function clientSpansOf(evidence: Evidence): Map<HeaderRecord, EvidenceSpan | undefined> {
  const api = evidence.page?.apiUrl ?? '';
  const free = new Set(pageSpansOf(evidence).filter((span) => span.kind === 'CLIENT'));
  const joined = new Map<HeaderRecord, EvidenceSpan | undefined>();
  const take = (record: HeaderRecord, fits: (span: EvidenceSpan) => boolean): void => {
    if (joined.get(record)) return;
    const found = [...free].sort((a, b) => a.startMs - b.startMs).find(fits);
    joined.set(record, found);
    if (found) free.delete(found);
  };
  const records = pageRequestsOf(evidence);
  const open = (span: EvidenceSpan, atMs: number): boolean =>
    span.startMs <= atMs + TOLERANCE_MS && endMs(span) >= atMs - TOLERANCE_MS;
  for (const record of records) take(record, (span) => record.traceparent?.includes(span.spanId) ?? false);
  for (const record of records) {
    take(
      record,
      (span) =>
        open(span, record.atMs) &&
        urlOf(span) === `${api}${record.path}` &&
        (span.attributes['http.request.method'] ?? span.attributes['http.method']) === record.method,
    );
  }
  // A span that the learner wrote need not say the whole address.
  for (const record of records) {
    take(record, (span) => open(span, record.atMs) && !(urlOf(span) ?? '').includes('://'));
  }
  return joined;
}

/** Why the page made no spans at all; null when it made some. "Nothing arrived" is many causes. */
export function diagnosePageSilence(evidence: Evidence, wanted: string): Failure | null {
  const broken = diagnosePage(evidence);
  if (broken) return broken;
  const telemetry = evidence.page?.telemetry;
  if (!telemetry || pageSpansOf(evidence).length > 0) return null;
  const requests = pageRequestsOf(evidence).length;
  const replaced = telemetry.replacedApis ?? [];
  const base = { wanted, seen: [{ kind: 'spans', text: '0 spans of the page' }] };
  if (telemetry.notSampled > 0) {
    return {
      ...base,
      reason: 'not-sampled',
      saw: `the page started ${telemetry.notSampled} spans, and the sampler dropped all of them.`,
      look: 'the sampler of the page. config.json tells the share to keep: without it, all.',
    };
  }
  if (telemetry.providers.length === 0) {
    if (replaced.length > 0) {
      return {
        ...base,
        reason: 'provider-not-registered',
        saw: `an instrumentation watches ${replaced.join(' and ')}, but no tracer provider was registered. 0 spans.`,
        look: 'how does an instrumentation find your provider? Which call makes it the global one?',
      };
    }
    return {
      ...base,
      reason: 'no-provider',
      saw: `the page sent ${requests} requests to the API and made 0 spans: no tracer provider was started in it.`,
      look: 'exercises/06-browser-spans/README.md, "What you need".',
    };
  }
  return {
    ...base,
    reason: 'instrumentation-missing',
    saw: `a tracer provider runs in the page, but nothing makes spans. ${requests} requests left it, unseen.`,
    look: 'the list of instrumentations, and the call that registers it.',
  };
}

/** Why a request of the page has no CLIENT span. */
export function diagnoseUntraced(
  evidence: Evidence,
  record: HeaderRecord,
  joined: ReadonlyMap<HeaderRecord, EvidenceSpan | undefined>,
): Failure {
  const path = record.path.split('?')[0];
  const title = `${record.method} ${path}`;
  const wanted = `a CLIENT span of the page for each request to the API, for ${title}, too.`;
  const silence = diagnosePageSilence(evidence, wanted);
  if (silence) return silence;
  const spans = pageSpansOf(evidence);
  const clients = [...joined.values()].filter((span) => span !== undefined);
  const base = {
    wanted,
    seen: [{ kind: 'request', text: title }],
    views: viewOfPage(spans, 'what the page made spans of', [
      { spanId: null, text: `MISSING HERE: a CLIENT span for ${title}` },
    ]),
  };
  const open = evidence.unended.find(
    (span) =>
      span.origin.process === 'page' && String(span.attributes['url.full'] ?? '').endsWith(record.path),
  );
  if (open) {
    return {
      ...base,
      reason: 'span-never-ended',
      saw: `the span "${open.name}" of ${title} was started and never ended. Never ended means never exported.`,
      look: 'what ends the span of a request?',
    };
  }
  const other = spans.find(
    (span) => span.kind !== 'CLIENT' && urlOf(span) === `${evidence.page?.apiUrl}${record.path}`,
  );
  if (other && !/document-load/.test(other.scope.name)) {
    return {
      ...base,
      reason: 'span-wrong-kind',
      saw: `${title} has a span named "${other.name}", and its kind is ${other.kind}.`,
      look: 'the options with which you start that span. Who asks, and who answers?',
    };
  }
  if (clients.length > 0) return late(record, clients, base);
  const replaced = evidence.page?.telemetry.replacedApis ?? [];
  if (replaced.includes('XMLHttpRequest') && !replaced.includes('fetch')) {
    return {
      ...base,
      reason: 'wrong-browser-api-instrumented',
      saw: `the page sent ${joined.size} requests, and none has a span. An instrumentation watches XMLHttpRequest. Nothing watches fetch.`,
      cause: "A browser has two ways to send a request. Angular's HttpClient takes the other one.",
      look: "the browser's developer tools, Network, column Type: what sends the requests?",
    };
  }
  if (replaced.includes('fetch')) {
    return {
      ...base,
      reason: 'started-after-first-request',
      saw: `the page sent ${joined.size} requests, and none has a span. Something watches fetch now: it started when they had left.`,
      look: 'app-frontend/src/main.ts: in which order do tracing and Angular start?',
    };
  }
  return {
    ...base,
    reason: 'instrumentation-missing',
    saw: `the page sent ${joined.size} requests, and none has a span. Its spans come from ${scopesOf(spans)}. Nothing watches fetch.`,
    look: 'the list of instrumentations: which one watches what HttpClient sends?',
  };
}

function late(
  record: HeaderRecord,
  clients: readonly EvidenceSpan[],
  base: Pick<Failure, 'wanted' | 'seen' | 'views'>,
): Failure {
  const first = Math.min(...clients.map((span) => span.startMs));
  const title = `${record.method} ${record.path.split('?')[0]}`;
  if (first > record.atMs) {
    return {
      ...base,
      reason: 'started-after-first-request',
      saw: `${title} left the page ${Math.round(first - record.atMs)} ms before the first request that has a span.`,
      cause: 'What was sent before tracing started is not traced, and nothing tells that it is missing.',
      look: 'app-frontend/src/main.ts: in which order do tracing and Angular start?',
    };
  }
  return {
    ...base,
    reason: 'span-missing',
    saw: `${title} has no CLIENT span, though requests before and after it have one.`,
    look: 'does your set-up leave some addresses out?',
  };
}

/** One trace of the page, of the span given or of its first one. */
export function viewOfPage(
  spans: readonly EvidenceSpan[],
  title: string,
  marks: TraceView['marks'],
): TraceView[] {
  const traceId = spans[0]?.traceId;
  return traceId ? [{ title, traceId, marks }] : [];
}

function scopesOf(spans: readonly EvidenceSpan[]): string {
  return [...new Set(spans.map((span) => span.scope.name))].slice(0, 3).join(', ');
}
