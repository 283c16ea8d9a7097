import type { EvidenceSpan, Outage, ProcessStop } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { counted, milliseconds } from '../../sentences.ts';
import { nameOf } from '../program/startup.ts';

/**
 * Spans that ended while the collector was away, and had not come a while after it was back; null when all had.
 * @param spans of that process
 */
export function diagnoseLostInOutage(
  outage: Outage,
  stop: ProcessStop | undefined,
  spans: readonly EvidenceSpan[],
): Finding | null {
  if (outage.waitedMs === null) return null;
  const missing = spans.filter(({ spanId }) => outage.missing.includes(spanId));
  const [first] = missing;
  if (!first) return null;
  const vain = (stop?.inVainMs ?? []).filter((atMs) => atMs <= outage.toMs);
  const name = nameOf({ name: outage.kind });
  const late = missing.every(({ origin }) => origin.received);
  const last = vain.at(-1);
  return {
    reason: 'spans-lost-while-collector-away',
    saw: `the collector of ${name} was away for ${milliseconds(outage.toMs - outage.fromMs)}. ${milliseconds(outage.waitedMs)} after it was back, ${missing.length} of ${counted(spans.length, 'span')} had not come${late ? ', and came when the process ended' : ''}.`,
    wanted: 'all of them, a few seconds after the collector is back.',
    ...(last !== undefined && {
      cause: `${name} called the collector ${counted(vain.length, 'time')} in vain, ${milliseconds(outage.toMs - last)} before it was back for the last time. ${late ? 'It did not send these again before its end.' : 'After that it did not send these spans again.'}`,
    }),
    look: 'exercises/14-nothing-lost/README.md, "A collector that is away". For how long does your exporter try?',
    marks: [markOn(first, 'NEVER CAME')],
    seen: [{ kind: 'lost', text: `${missing.length} of ${spans.length}`, spanId: first.spanId }],
  };
}
