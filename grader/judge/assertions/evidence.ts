import type { SpanIndex } from '@workshop/telemetry/pure';
import type { Evidence, EvidenceSpan } from '../../evidence/index.ts';
import { parseWithNumbers } from '../../evidence/text.ts';
import { spanIndexOf } from '../joins/index.ts';

let parsed: Evidence | undefined;

/** The evidence of the run that is judged. */
export function evidence(): Evidence {
  parsed ??= parseWithNumbers(
    (globalThis as { __evidenceJson?: string }).__evidenceJson ?? 'null',
  ) as Evidence;
  if (!parsed) throw new Error('no evidence was given to this spec file');
  return parsed;
}

/** All spans of the evidence with their relations: parents, children, traces. */
export function spanIndex(): SpanIndex<EvidenceSpan> {
  return spanIndexOf(evidence());
}
