import { type AttributeValue, nearestName } from '@workshop/telemetry/pure';
import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { attributeText, missingHere } from '../../sentences.ts';
import { diagnoseIgnoredProvider } from './providers.ts';

/**
 * Why the spans of a process do not carry the wanted `service.name` on their resource; null when they do.
 * @param exercise the folder whose README a message names
 */
export function diagnoseServiceName(
  evidence: Evidence,
  span: EvidenceSpan,
  wanted: string,
  exercise = '01-first-trace',
): Finding | null {
  const given = shown(span.resource['service.name']);
  if (given === wanted) return null;
  const base = {
    wanted: `the resource says service.name = "${wanted}".`,
    marks: [
      given === undefined
        ? missingHere(span, 'service.name')
        : markOn(span, attributeText('service.name', given)),
    ],
    seen: [
      { kind: 'resource', text: `service.name = ${JSON.stringify(given ?? null)}`, spanId: span.spanId },
    ],
  };
  const ignored = diagnoseIgnoredProvider(evidence, span);
  if (ignored) {
    return { ...base, ...ignored, saw: `the resource says service.name = ${JSON.stringify(given ?? null)}.` };
  }
  const onSpan = evidence.spans.find((other) => other.attributes['service.name'] !== undefined);
  if (onSpan && (given === undefined || String(given).startsWith('unknown_service'))) {
    return {
      ...base,
      reason: 'service-name-on-spans',
      saw: `service.name = ${JSON.stringify(onSpan.attributes['service.name'])} is an attribute of the span ${onSpan.name}. The resource says ${JSON.stringify(given ?? null)}.`,
      look: 'what describes the whole process, and not one piece of work? The README calls it the resource.',
    };
  }
  if (given === undefined || String(given).startsWith('unknown_service')) {
    const other = Object.keys(span.resource).find((key) => span.resource[key] === wanted);
    const says =
      given === undefined
        ? 'the resource has no service.name'
        : `the resource says service.name = ${JSON.stringify(given)}, which is what the SDK says when nobody named the service`;
    return {
      ...base,
      reason: 'service-name-missing',
      saw: `${says}.${other ? ` It has ${attributeText(other, wanted)}.` : ''}`,
      look: `exercises/${exercise}/README.md, "What you need": where does the name go?`,
    };
  }
  const near = nearestName(wanted, [String(given)]);
  return {
    ...base,
    reason: 'wrong-service-name',
    saw: `the resource says service.name = ${JSON.stringify(given)}.${near ? ' That is nearly the name of the task.' : ''}`,
    look: 'the name in the task: every query and every later exercise reads it.',
  };
}

/** The SDK's own name for a service without one may hold the whole path of node. */
function shown(name: AttributeValue | undefined): AttributeValue | undefined {
  return typeof name === 'string' ? name.replace(/^unknown_service:.*[\\/]/, 'unknown_service:') : name;
}
