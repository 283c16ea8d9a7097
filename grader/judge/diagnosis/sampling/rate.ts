import { nearestKey, SAMPLE_RATE_KEYS, toldSampleRate } from '@workshop/telemetry/pure';
import type { EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { type Decision, isOfWorker } from '../../joins/index.ts';
import { attributeText, counted, foundHere, missingHere, valueText } from '../../sentences.ts';

/** A kept span, and who decided about its trace. */
export interface WeighedSpan {
  span: EvidenceSpan;
  decision: Decision;
}

const RATE = 'SampleRate';
const WEIGHT_GOES_ALONG = 'exercises/13-sampling/README.md, "The weight goes with the decision"';

/** How many traces one kept trace stands for. */
export function weightOf({ ratio }: Decision): number {
  return Math.round(1 / ratio);
}

/** What a span says it stands for; null: it says nothing. */
export function toldBy({ attributes, traceState }: EvidenceSpan): number | null {
  return toldSampleRate(attributes, traceState);
}

/** A kept span that does not say how many it stands for, or says another number; null: all are right. */
export function diagnoseRates(spans: readonly WeighedSpan[]): Finding | null {
  const wrong = spans.filter(({ span, decision }) => (toldBy(span) ?? 1) !== weightOf(decision));
  if (wrong.length === 0) return null;
  const silent = wrong.filter(({ span }) => toldBy(span) === null);
  return silent.length > 0 ? missing(silent, spans) : wrongRate(wrong, spans);
}

/** The one to speak of: the SERVER or CONSUMER span that everybody counts, of a trace from the page where it is one. */
function clearest(spans: readonly WeighedSpan[]): WeighedSpan {
  const ofKind = (kind: string) => spans.filter(({ span }) => span.kind === kind);
  const among = [ofKind('SERVER'), ofKind('CONSUMER'), spans].find(({ length }) => length > 0) ?? [];
  return (among.find(({ decision }) => decision.by === 'the page') ?? among[0]) as WeighedSpan;
}

/** `no other span does`, or which of those that should. */
function withHowMany(silent: readonly WeighedSpan[], spans: readonly WeighedSpan[]): string {
  const all = spans.filter(({ decision }) => weightOf(decision) > 1);
  if (silent.length === all.length) return 'no other span does';
  const ofWorker = all.filter(({ span }) => isOfWorker(span));
  if (silent.length === ofWorker.length && silent.every(({ span }) => isOfWorker(span)))
    return 'no span of the worker does';
  const followed = ofWorker.filter(({ decision }) => decision.by !== 'the worker');
  if (silent.length === followed.length && silent.every((one) => followed.includes(one)))
    return 'no span of the worker does whose trace somebody else began';
  const isOfPage = (one: WeighedSpan) => one.span.origin.process === 'page';
  if (silent.length === all.filter(isOfPage).length && silent.every(isOfPage))
    return 'no span of the page does';
  const { by } = clearest(silent).decision;
  const ofSame = all.filter(({ decision }) => decision.by === by);
  if (silent.length === ofSame.length && silent.every(({ decision }) => decision.by === by))
    return `no span does of the traces that ${by} began`;
  return `so it is with ${silent.length} of ${counted(all.length, 'span')} that should`;
}

function missing(silent: readonly WeighedSpan[], spans: readonly WeighedSpan[]): Finding {
  const { span, decision } = clearest(silent);
  const weight = weightOf(decision);
  const base = {
    wanted: `${weight} on "${span.name}": ${decision.by} keeps ${decision.ratio} of its traces, so each stands for ${weight}. It is an attribute ${RATE}, or the trace state ot=th:...`,
    marks: [missingHere(span, `${RATE}, or a trace state ot=th:...`)],
    seen: [{ kind: 'keys', text: Object.keys(span.attributes).join(', '), spanId: span.spanId }],
  };
  const onResource = SAMPLE_RATE_KEYS.find((key) => span.resource[key] !== undefined);
  if (onResource) {
    return {
      ...base,
      reason: 'sample-rate-missing',
      saw: `${attributeText(onResource, span.resource[onResource])} is on the resource, and not on "${span.name}". Nothing reads it there.`,
      look: 'is it the process that stands for so many, or the trace? May two traces of one process differ?',
    };
  }
  const near = nearestKey(RATE, Object.keys(span.attributes));
  if (near) {
    const given = attributeText(near.candidate, span.attributes[near.candidate]);
    return {
      ...base,
      reason: 'attribute-misspelt',
      saw: `"${span.name}" has ${given}. Only ${SAMPLE_RATE_KEYS.join(' and ')} are read.`,
      look: 'the name in the task, letter by letter.',
      marks: [foundHere(span, given)],
    };
  }
  const state = span.traceState ? ` Its trace state is ${valueText(span.traceState, 60)}.` : '';
  const howMany = withHowMany(silent, spans);
  return {
    ...base,
    reason: 'sample-rate-missing',
    saw: `"${span.name}" of ${span.resource['service.name'] ?? 'a service'} does not say how many it stands for, and ${howMany}.${state}`,
    look: howMany.endsWith('somebody else began')
      ? WEIGHT_GOES_ALONG
      : howMany.startsWith('no ')
        ? 'exercises/13-sampling/README.md, "Counts need weights"'
        : 'which spans get it: those that are a root, or each that is kept? Whoever counts rows counts all of them.',
  };
}

function wrongRate(wrong: readonly WeighedSpan[], spans: readonly WeighedSpan[]): Finding {
  const { span, decision } = clearest(wrong);
  const weight = weightOf(decision);
  const key = SAMPLE_RATE_KEYS.find((one) => span.attributes[one] !== undefined);
  const given = key
    ? attributeText(key, span.attributes[key])
    : `the trace state ${valueText(span.traceState, 60)}, which stands for ${toldBy(span)}`;
  const raw = key ? Number(span.attributes[key]) : 1;
  const base = {
    reason: 'sample-rate-wrong' as const,
    saw: `"${span.name}" has ${given}, and so it is with ${wrong.length} of ${counted(spans.length, 'span')}.`,
    wanted:
      decision.by === 'the caller'
        ? 'no rate, or 1: the caller decided about this trace, and said no rate with it.'
        : `${weight}: ${decision.by} decided about this trace, and keeps ${decision.ratio === 1 ? 'all' : decision.ratio} of its traces.`,
    marks: [markOn(span, `FOUND HERE: ${given}`)],
    seen: [{ kind: 'rate', text: given, spanId: span.spanId }],
  };
  if (raw > 0 && raw < 1) {
    return { ...base, look: 'is that the share which is kept, or how many traces a kept one stands for?' };
  }
  const service = isOfWorker(span) ? 'the worker' : 'the API';
  const own = spans.find((one) => one.decision.by === service);
  if (own && decision.by !== service && toldBy(span) === weightOf(own.decision)) {
    return {
      ...base,
      cause: `${weightOf(own.decision)} is what the traces stand for that ${service} begins. About this one ${decision.by} decided.`,
      look: WEIGHT_GOES_ALONG,
    };
  }
  return {
    ...base,
    look: 'the line that writes it: from which ratio is it made, and whose decision was it?',
  };
}
