import type { EvidenceSpan } from '../../../evidence/index.ts';
import { keptBounds } from '../../chance.ts';
import { type Finding, markOn } from '../../finding.ts';
import { counted } from '../../sentences.ts';
import { toldBy } from './rate.ts';

/** Requests, or messages, about whose traces one share decided. */
export interface Sample {
  requests: number;
  ratio: number;
  /** the SERVER or CONSUMER spans of those that were kept */
  spans: readonly EvidenceSpan[];
}

/** What is counted, in words. */
export interface Counted {
  /** `request` */
  thing: string;
  /** `were sent` */
  done: string;
  /** of the span that stands for one */
  kind: string;
}

export const REQUESTS: Counted = { thing: 'request', done: 'were sent', kind: 'SERVER' };
export const MESSAGES: Counted = { thing: 'message', done: 'were left', kind: 'CONSUMER' };

/** What a weighted COUNT over the collector's rows says of some requests, and how far chance alone may take it. */
export interface TrueCount {
  requests: number;
  rows: number;
  count: number;
  least: number;
  most: number;
}

/** @param arrivals how often a span came to the collector */
export function countOf(samples: readonly Sample[], arrivals: (span: EvidenceSpan) => number): TrueCount {
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const spans = samples.flatMap((sample) => sample.spans);
  const bounds = samples.map(({ requests, ratio }) => ({
    ...keptBounds(requests, ratio),
    weight: 1 / ratio,
  }));
  return {
    requests: sum(samples.map(({ requests }) => requests)),
    rows: sum(spans.map(arrivals)),
    count: sum(spans.map((span) => arrivals(span) * (toldBy(span) ?? 1))),
    least: Math.round(sum(bounds.map(({ least, weight }) => least * weight))),
    most: Math.round(sum(bounds.map(({ most, weight }) => most * weight))),
  };
}

/** A weighted COUNT that does not tell how many requests there were; null where only chance is between them. */
export function diagnoseCount(
  { requests, rows, count, least, most }: TrueCount,
  samples: readonly Sample[],
  arrivals: (span: EvidenceSpan) => number,
  { thing, done, kind }: Counted,
): Finding | null {
  const twice = samples.flatMap(({ spans }) => spans).find((span) => arrivals(span) > 1);
  if (!twice && count >= least && count <= most) return null;
  const base = {
    wanted: `about ${requests}, at least ${least} and at most ${most}.`,
    seen: [{ kind: 'count', text: `${count} from ${rows} rows` }],
  };
  if (twice) {
    return {
      ...base,
      reason: 'span-duplicated',
      saw: `${counted(requests, thing)} ${done}, and COUNT says ${count}. "${twice.name}" came to the collector ${arrivals(twice)} times, and each time is a row.`,
      look: 'how many exporters does a span pass on its way?',
      marks: [markOn(twice, `CAME ${arrivals(twice)} TIMES`)],
    };
  }
  return {
    ...base,
    reason: 'sample-rate-wrong',
    saw: `${counted(requests, thing)} ${done}. ${counted(rows, `${kind} span`)} came to the collector, and a COUNT over them says ${count}.`,
    look: 'the weights of these spans: does each say how many it stands for?',
  };
}
