import type { Evidence, HeaderRecord } from '../../../evidence/index.ts';
import { type Finding, markAtEnd } from '../../finding.ts';
import { clientSpansOf, pageSpansOf, urlOf } from '../../joins/index.ts';
import { counted, neverEnded, requestName, scopesOf } from '../../sentences.ts';
import { diagnoseSentTooEarly } from './late-start.ts';
import { diagnosePageSilence, SAMPLER_OF_THE_PAGE } from './page-silence.ts';

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
    marks: spans
      .slice(0, 1)
      .map((span) => markAtEnd(span, `MISSING HERE: a CLIENT span for ${name}`, { missing: true })),
  };
  const clients = [...clientSpansOf(evidence).values()].filter((span) => span !== undefined);
  return (
    stillOpen(evidence, record, base) ??
    ofOtherKind(evidence, record, base) ??
    diagnoseSentTooEarly(evidence, record, base) ??
    dropped(evidence, record, base) ??
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

/** The request's span was started, and the sampler dropped it. */
function dropped(evidence: Evidence, record: HeaderRecord, base: Base): Finding | null {
  const { apiUrl, telemetry } = evidence.page ?? {};
  const unsampled = telemetry?.unsampled ?? [];
  const address = `${apiUrl}${record.path}`;
  const started = [...clientSpansOf(evidence).keys()].filter(({ path }) => path === record.path).length;
  const kept = pageSpansOf(evidence).filter(
    (span) => span.kind === 'CLIENT' && urlOf(span) === address,
  ).length;
  const lost = unsampled.filter(({ url }) => url === address).length;
  if (lost === 0 || lost < started - kept) return null;
  return {
    ...base,
    reason: 'not-sampled',
    saw: `${requestName(record)} has a span that was started, and the sampler dropped it. It dropped ${telemetry?.notSampled} of the page's spans.`,
    look: SAMPLER_OF_THE_PAGE,
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
