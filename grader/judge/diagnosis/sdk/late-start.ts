import type { Evidence, SentRequest } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { captureOf } from '../../joins/index.ts';
import { milliseconds } from '../../sentences.ts';

/** The request was sent before the API had any tracer provider; null where that is not proven. */
export function diagnoseLateStart(
  evidence: Evidence,
  request: SentRequest,
  base: Pick<Finding, 'wanted' | 'seen'>,
): Finding | null {
  const began = captureOf(evidence, 'api')?.attached.map(({ atMs }) => atMs);
  if (!began || began.length === 0) return null;
  const lateMs = Math.min(...began.map((atMs) => atMs ?? Number.NEGATIVE_INFINITY)) - request.startMs;
  if (lateMs <= 0) return null;
  return {
    ...base,
    reason: 'started-after-first-request',
    saw: `${request.method} ${request.path} was sent ${milliseconds(lateMs)} before tracing started in the API.`,
    cause: 'What comes in before tracing starts is not traced, and nothing tells that it is missing.',
    look: 'which line starts your SDK, and when does it run? Is the API open by then?',
  };
}
