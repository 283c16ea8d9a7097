import type { SpanIndex } from '@workshop/telemetry/pure';
import type { Evidence, EvidenceSpan, Json } from '../../evidence/index.ts';
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

/**
 * A value that the scenario noted.
 * @throws Error when the scenario never noted it: the two files of the exercise do not fit
 */
export function fact<T extends Json>(name: string): T {
  const value = evidence().facts[name];
  if (value === undefined) throw new Error(`the scenario noted no "${name}"`);
  return value as T;
}
