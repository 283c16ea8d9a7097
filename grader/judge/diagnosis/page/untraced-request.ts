import type { Evidence, EvidenceSpan, HeaderRecord } from '../../../evidence/index.ts';
import { type Finding, markAtEnd } from '../../finding.ts';
import { clientSpansOf, pageSpansOf, urlOf } from '../../joins/index.ts';
import { counted, neverEnded, requestName, scopesOf } from '../../sentences.ts';
import { diagnosePageSilence } from './page-silence.ts';

const ORDER_OF_START = 'app-frontend/src/main.ts: in which order do tracing and Angular start?';

type Base = Pick<Finding, 'wanted' | 'seen' | 'marks'>;

/** Why a request of the page has no CLIENT span. */
export function diagnoseUntraced(evidence: Evidence, record: HeaderRecord): Finding {
  const name = requestName(record);
  const wanted = `a CLIENT span of the page for each request to the API, for ${name}, too.`;
  const silence = diagnosePageSilence(evidence, wanted);
  if (silence) return silence;
  const spans = pageSpansOf(evidence);
  const base: Base = {
    wanted,
    seen: [{ kind: 'request', text: name }],
    marks: spans.slice(0, 1).map((span) => markAtEnd(span, `MISSING HERE: a CLIENT span for ${name}`)),
  };
  const clients = [...clientSpansOf(evidence).values()].filter((span) => span !== undefined);
  return (
    stillOpen(evidence, record, base) ??
    ofOtherKind(evidence, record, base) ??
    sentTooEarly(evidence, record, clients, base) ??
    (clients.length > 0 ? oneOfMany(record, base) : nothingWatches(evidence, base))
  );
}

function stillOpen(evidence: Evidence, record: HeaderRecord, base: Base): Finding | null {
  const open = evidence.unended.find(
    (span) => span.origin.process === 'page' && (urlOf(span) ?? '').endsWith(record.path),
  );
  if (!open) return null;
  return {
    ...base,
    reason: 'span-never-ended',
    saw: neverEnded(`the span "${open.name}" of ${requestName(record)}`),
    look: 'what ends the span of a request?',
  };
}

function ofOtherKind(evidence: Evidence, record: HeaderRecord, base: Base): Finding | null {
  const other = pageSpansOf(evidence).find(
    (span) => span.kind !== 'CLIENT' && urlOf(span) === `${evidence.page?.apiUrl}${record.path}`,
  );
  if (!other || /document-load/.test(other.scope.name)) return null;
  return {
    ...base,
    reason: 'span-wrong-kind',
    saw: `${requestName(record)} has a span named "${other.name}", and its kind is ${other.kind}.`,
    look: 'the options with which you start that span. Who asks, and who answers?',
  };
}

/** The request left the page before its load had a tracer provider. */
function sentTooEarly(
  evidence: Evidence,
  record: HeaderRecord,
  clients: readonly EvidenceSpan[],
  base: Base,
): Finding | null {
  const load = evidence.page?.telemetry.loads?.findLast(({ startedMs }) => startedMs <= record.atMs);
  // Evidence of older runs tells of no loads: that later requests of the same address have a span proves it, too.
  const sameLater = clients.find(
    (span) => span.startMs > record.atMs && urlOf(span) === `${evidence.page?.apiUrl}${record.path}`,
  );
  const startedMs = load ? load.providerMs : sameLater?.startMs;
  if (startedMs === undefined || startedMs === null || startedMs <= record.atMs) return null;
  const what = load ? 'tracing started' : 'the first request for it that has a span';
  return {
    ...base,
    reason: 'started-after-first-request',
    saw: `${requestName(record)} left the page ${Math.round(startedMs - record.atMs)} ms before ${what}.`,
    cause: 'What was sent before tracing started is not traced, and nothing tells that it is missing.',
    look: ORDER_OF_START,
  };
}

/** Other requests have a CLIENT span, and nothing proves why this one has none. */
function oneOfMany(record: HeaderRecord, base: Base): Finding {
  return {
    ...base,
    reason: 'span-missing',
    saw: `${requestName(record)} has no CLIENT span, though other requests of the page have one.`,
    look: 'does your set-up leave some addresses out? Does tracing start before Angular sends anything?',
  };
}

/** No request has a CLIENT span. */
function nothingWatches(evidence: Evidence, base: Base): Finding {
  const { telemetry, apiUrl } = evidence.page ?? {};
  const watched = telemetry?.replacedApis ?? [];
  const by = telemetry?.sentBy?.[apiUrl ?? ''] ?? [];
  const sent = `the page sent ${counted(clientSpansOf(evidence).size, 'request')}, and none has a span.`;
  const other = watched.find((api) => !by.includes(api));
  if (by.length > 0 && other && !watched.some((api) => by.includes(api))) {
    return {
      ...base,
      reason: 'wrong-browser-api-instrumented',
      saw: `${sent} An instrumentation watches ${other}. Nothing watches ${by.join(' and ')}.`,
      cause: `A browser has two ways to send a request. Your page sends them with ${by.join(' and ')}.`,
      look: "the browser's developer tools, Network, column Type: what sends the requests?",
    };
  }
  if (watched.length > 0) {
    return {
      ...base,
      reason: 'span-missing',
      saw: `${sent} Something watches ${watched.join(' and ')}, and made no span of them.`,
      look: 'does your set-up leave some addresses out? Does tracing start before Angular sends anything?',
    };
  }
  return {
    ...base,
    reason: 'instrumentation-missing',
    saw: `${sent} Its spans come from ${scopesOf(pageSpansOf(evidence))}. Nothing watches ${by.join(' and ') || 'what sends them'}.`,
    look: 'the list of instrumentations: which one watches what HttpClient sends?',
  };
}
