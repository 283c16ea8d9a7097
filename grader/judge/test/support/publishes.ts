import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import { ASKED, type Publishing } from '../../joins/index.ts';
import { ids, pageSpan, traced, visit } from './page.ts';

export const NAME = 'publish post';
export const T0 = 1_000_000;
let serial = 100;

/** Ids of a span in a trace of its own that no other has; in `trace`, where it is given. */
export function freshIds(trace?: string): { traceId: string; spanId: string } {
  const own = ids(++serial, serial);
  return { ...own, traceId: trace ?? own.traceId };
}

/** One publish: the journey's span, and its requests one after another, 50 ms each, from 5 ms after the click. */
export function publish(clickMs: number, given: { below?: readonly boolean[]; durationMs?: number } = {}) {
  const journeyIds = ids(++serial, serial);
  const below = given.below ?? [true, true, true];
  const requests = ASKED.map((title, at) => {
    const [method = '', path = ''] = title.split(' ');
    const own = ids(below[at] ? Number(journeyIds.traceId) : ++serial, ++serial);
    const parentSpanId = below[at] ? journeyIds.spanId : undefined;
    const sent = traced(
      { method, path },
      { ...own, parentSpanId, startMs: clickMs + 5 + at * 55, durationMs: 50 },
    );
    return { title, record: sent.record, span: sent.client };
  });
  const journey = pageSpan(NAME, {
    ...journeyIds,
    kind: 'INTERNAL',
    scope: { name: 'murmur.composer' },
    startMs: clickMs,
    durationMs: given.durationMs ?? 166,
  });
  return { journey, requests };
}

export type Published = ReturnType<typeof publish>;

/** Evidence of parts that follow each other, each with its publishes. */
export function published(...parts: { fromMs: number; of: Published[] }[]): {
  evidence: Evidence;
  parts: Publishing[];
} {
  const noted = parts.map(({ fromMs, of }, at) => ({
    what: `part ${at}`,
    texts: of.map(() => 'word'),
    fromMs,
    toMs: parts[at + 1]?.fromMs ?? fromMs + 1000,
  }));
  const all = parts.flatMap(({ of }) => of);
  return {
    evidence: visit({
      facts: { journeys: noted },
      spans: all.flatMap(({ journey, requests }) => [journey, ...requests.map(({ span }) => span)]),
      headers: all.flatMap(({ requests }) => requests.map(({ record }) => record)),
    }),
    parts: noted,
  };
}

/** The request's span with other values. */
export function changed(
  { journey, requests }: Published,
  at: number,
  given: Partial<EvidenceSpan>,
): Published {
  return {
    journey,
    requests: requests.map((one, index) =>
      index === at ? { ...one, span: { ...one.span, ...given } } : one,
    ),
  };
}
