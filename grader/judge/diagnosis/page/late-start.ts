import type { Evidence, EvidenceSpan, HeaderRecord, PageLoad } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { clientSpansOf, sentMsOf, urlOf } from '../../joins/index.ts';
import { counted, listed, milliseconds, requestName } from '../../sentences.ts';

const ORDER_OF_START = 'app-frontend/src/main.ts: in which order do tracing and Angular start?';

const NOTHING_TELLS =
  'What was sent before tracing started is not traced, and nothing tells that it is missing.';

/** The request left the page before its load was traced; null where that is not proven. */
export function diagnoseSentTooEarly(
  evidence: Evidence,
  record: HeaderRecord,
  base: Pick<Finding, 'wanted' | 'seen' | 'marks'>,
): Finding | null {
  const before = beforeTracing(evidence, record);
  if (before === null) return null;
  return {
    ...base,
    reason: 'started-after-first-request',
    saw: `${requestName(record)} left the page ${before}.`,
    cause: NOTHING_TELLS,
    look: ORDER_OF_START,
  };
}

/** How long before tracing it was sent, in words; null where it is not proven that it was. */
function beforeTracing(evidence: Evidence, record: HeaderRecord): string | null {
  const { telemetry } = evidence.page ?? {};
  const sentMs = sentMsOf(evidence, record);
  const load = loadOf(evidence, record);
  // Evidence of older runs tells of no loads: that later requests of the same address have a span proves it, too.
  if (!load) {
    const later = laterSpanOf(evidence, record);
    if (!later) return null;
    return `${milliseconds(later.startMs - sentMs)} before the first request for it that has a span`;
  }
  if (load.providerMs !== null) {
    if (load.providerMs > sentMs) return `${milliseconds(load.providerMs - sentMs)} before tracing started`;
    const unwatched = watchedLate(evidence, load);
    return unwatched.length > 0 && isFirst(evidence, record, load)
      ? `before an instrumentation watched ${listed(unwatched)}: Angular ran already then`
      : null;
  }
  if (!telemetry?.loads?.some(({ providerMs }) => providerMs !== null)) return null;
  return 'before tracing started: it had not when the page was loaded again';
}

/** Why tracing started after Angular on a load of the page; null when it never did. */
export function diagnoseStartAfterAngular(
  evidence: Evidence,
  clients: readonly EvidenceSpan[],
): Finding | null {
  for (const load of evidence.page?.telemetry.loads ?? []) {
    const { angular, providerMs } = load;
    if (!angular || providerMs === null) continue;
    const late = watchedLate(evidence, load).filter((api) => clients.some((span) => isMadeBy(span, api)));
    if (angular.provider && late.length === 0) continue;
    return {
      reason: 'started-after-angular',
      saw: angular.provider
        ? `Angular had made its first element, and no instrumentation watched ${listed(late)} yet. One did later.`
        : `Angular had made its first element ${milliseconds(providerMs - angular.atMs)} before tracing started.`,
      wanted: 'tracing is at work before Angular makes its first element, on every machine.',
      cause:
        'From then on Angular may send requests. This time it sent the first one a little later, so none is missing.',
      look: ORDER_OF_START,
      seen: [
        {
          kind: 'page',
          text: `Angular at ${Math.round(angular.atMs)}, tracing at ${Math.round(providerMs)}`,
        },
      ],
    };
  }
  return null;
}

/** The page made no span at all, and all its requests had left it before it was traced; null where that is not proven. */
export function diagnoseAllTooEarly(
  evidence: Evidence,
  records: readonly HeaderRecord[],
  base: Pick<Finding, 'wanted' | 'seen'>,
): Finding | null {
  const [first] = records;
  if (!first || records.some((record) => beforeTracing(evidence, record) === null)) return null;
  return {
    ...base,
    reason: 'started-after-first-request',
    saw: `the page sent ${counted(records.length, 'request')} to the API, all before it was traced. ${requestName(first)} left it ${beforeTracing(evidence, first)}.`,
    cause: NOTHING_TELLS,
    look: ORDER_OF_START,
  };
}

/** What was not watched yet when Angular made its first element on that load, and was later: that made spans of it. */
function watchedLate(evidence: Evidence, load: PageLoad): string[] {
  const { angular } = load;
  if (!angular) return [];
  const atTheEnd = evidence.page?.telemetry.replacedApis ?? [];
  const ofLoad = [...clientSpansOf(evidence)].filter(([record]) => loadOf(evidence, record) === load);
  const later = ['fetch', 'XMLHttpRequest'].filter(
    (api) => atTheEnd.includes(api) || ofLoad.some(([, span]) => span && isMadeBy(span, api)),
  );
  return later.filter((api) => !angular.watched.includes(api));
}

/** No request of that load before it has a span. */
function isFirst(evidence: Evidence, record: HeaderRecord, load: PageLoad): boolean {
  return ![...clientSpansOf(evidence)].some(
    ([other, span]) =>
      span && sentMsOf(evidence, other) < sentMsOf(evidence, record) && loadOf(evidence, other) === load,
  );
}

function loadOf(evidence: Evidence, record: HeaderRecord): PageLoad | undefined {
  return evidence.page?.telemetry.loads?.findLast(({ startedMs }) => startedMs <= sentMsOf(evidence, record));
}

function laterSpanOf(evidence: Evidence, record: HeaderRecord): EvidenceSpan | undefined {
  return [...clientSpansOf(evidence).values()].find(
    (span) =>
      span &&
      span.startMs > sentMsOf(evidence, record) &&
      urlOf(span) === `${evidence.page?.apiUrl}${record.path}`,
  );
}

function isMadeBy(span: EvidenceSpan, api: string): boolean {
  return (api === 'fetch' ? /fetch/i : /xml-?http/i).test(span.scope.name);
}
