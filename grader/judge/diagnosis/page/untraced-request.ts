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
    (clients.length > 0 ? oneOfMany(record, clients, base) : nothingWatches(evidence, base))
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

/** Other requests have a CLIENT span: this one left before them, or between them. */
function oneOfMany(record: HeaderRecord, clients: readonly EvidenceSpan[], base: Base): Finding {
  const first = Math.min(...clients.map((span) => span.startMs));
  const name = requestName(record);
  if (first > record.atMs) {
    return {
      ...base,
      reason: 'started-after-first-request',
      saw: `${name} left the page ${Math.round(first - record.atMs)} ms before the first request that has a span.`,
      cause: 'What was sent before tracing started is not traced, and nothing tells that it is missing.',
      look: ORDER_OF_START,
    };
  }
  return {
    ...base,
    reason: 'span-missing',
    saw: `${name} has no CLIENT span, though requests before and after it have one.`,
    look: 'does your set-up leave some addresses out?',
  };
}

/** No request has a CLIENT span. */
function nothingWatches(evidence: Evidence, base: Base): Finding {
  const watched = evidence.page?.telemetry.replacedApis ?? [];
  const sent = `the page sent ${counted(clientSpansOf(evidence).size, 'request')}, and none has a span.`;
  if (watched.includes('XMLHttpRequest') && !watched.includes('fetch')) {
    return {
      ...base,
      reason: 'wrong-browser-api-instrumented',
      saw: `${sent} An instrumentation watches XMLHttpRequest. Nothing watches fetch.`,
      cause: "A browser has two ways to send a request. Angular's HttpClient takes the other one.",
      look: "the browser's developer tools, Network, column Type: what sends the requests?",
    };
  }
  if (watched.includes('fetch')) {
    return {
      ...base,
      reason: 'started-after-first-request',
      saw: `${sent} Something watches fetch now: it started when they had left.`,
      look: ORDER_OF_START,
    };
  }
  return {
    ...base,
    reason: 'instrumentation-missing',
    saw: `${sent} Its spans come from ${scopesOf(pageSpansOf(evidence))}. Nothing watches fetch.`,
    look: 'the list of instrumentations: which one watches what HttpClient sends?',
  };
}
