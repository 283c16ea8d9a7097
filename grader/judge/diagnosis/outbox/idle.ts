import type { Evidence } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { isOfWorker, spanIndexOf } from '../../joins/index.ts';
import { counted } from '../../sentences.ts';

/** When the worker was called though nothing waited. Unix epoch milliseconds. */
export interface Idle {
  fromMs: number;
  toMs: number;
}

/** Spans that a worker made, or left open, while it found nothing to do; null when there are none. */
export function diagnoseOrphans(evidence: Evidence, { fromMs, toMs }: Idle): Finding | null {
  const isIdle = (span: { startMs: number; origin: { process: string } }): boolean =>
    isOfWorker(span) && span.startMs >= fromMs && span.startMs <= toMs;
  const made = evidence.spans.filter((span) => isIdle(span) && span.origin.received);
  const open = evidence.unended.find(isIdle);
  const first = made[0] ?? open;
  if (!first) return null;
  const roots = made.filter((span) => spanIndexOf(evidence).parentOf(span) === undefined).length;
  return {
    reason: 'orphan-spans',
    saw:
      made.length > 0
        ? `the worker looked into the empty outbox, and made ${counted(made.length, 'span')} in ${counted(roots, 'trace')}. The first is "${first.name}".`
        : `the worker looked into the empty outbox, and started "${first.name}", which never ended.`,
    wanted: 'no span, since nothing happened: a worker looks day and night, and such traces bury all others.',
    look: 'which of your libraries makes a span even where nothing caused it? What can you tell it?',
    marks: made.slice(0, 1).map((span) => markOn(span, 'NO MESSAGE made this span')),
    seen: [{ kind: 'spans', text: `${made.length} in ${roots} traces`, spanId: first.spanId }],
  };
}
