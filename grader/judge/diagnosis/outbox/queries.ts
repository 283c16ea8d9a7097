import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { captureOf } from '../../joins/index.ts';
import { counted } from '../../sentences.ts';

/** Why the worker's queries for one message made no spans, or too few; null when each follower has one. */
export function diagnoseUntracedQueries(
  evidence: Evidence,
  consumer: EvidenceSpan,
  telling: readonly EvidenceSpan[],
  followers: number,
): Finding | null {
  if (telling.length >= followers && telling.length > 0) return null;
  const base = {
    wanted: `${counted(followers, 'query').replace(
      'querys',
      'queries',
    )} below "${consumer.name}", one for each follower that is told.`,
    marks: [markOn(consumer, 'MISSING BELOW: the queries')],
    seen: [{ kind: 'queries', text: `${telling.length} of ${followers}`, spanId: consumer.spanId }],
  };
  const watching = captureOf(evidence, 'worker')?.instrumentations.find(({ name }) => /pg/.test(name));
  if (telling.length === 0 && !watching?.enabled) {
    return {
      ...base,
      reason: 'instrumentation-missing',
      saw: `the worker told ${followers} followers, and nothing in it watches the database: its queries made no spans.`,
      look: "the list of instrumentations that the worker's SDK gets.",
    };
  }
  const early = watching?.modulesLoadedBefore ?? [];
  if (telling.length === 0 && early.length > 0) {
    return {
      ...base,
      reason: 'sdk-loaded-too-late',
      saw: `the worker told ${followers} followers, and none of these queries made a span. ${early.slice(0, 3).join(', ')} had been loaded before the SDK started.`,
      look: 'which file is loaded first when the worker starts? Which line in it runs first?',
    };
  }
  return {
    ...base,
    reason: 'queries-not-traced',
    saw: `the worker told ${followers} followers, and ${telling.length === 0 ? 'none' : telling.length} of these queries made a span, though the database is watched.`,
    look: 'which span is active when the queries run? With requireParentSpan, a query without an active span makes none.',
  };
}
