import type { Attributes } from '@workshop/telemetry/pure';
import type { EvidenceSpan } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { attributeText, missingHere } from '../../sentences.ts';

/** What must arrive of a span, since it holds no secret. */
export interface Needed {
  span: EvidenceSpan;
  /** absent: a secret is in it */
  name?: string;
  attributes: Attributes;
  /** of its first event; null: it needs none */
  event: { name: string; attributes: Attributes } | null;
  /** it was an error, and is to be one still */
  failed?: boolean;
  /** the span that it is linked to; null: none */
  link?: { traceId: string; spanId: string } | null;
}

/** A span that lost more than its secrets; null: none did. */
export function diagnoseTooMuch(needed: readonly Needed[]): Finding | null {
  for (const { span, name, attributes, event, failed, link } of needed) {
    if (name !== undefined && span.name !== name) return renamed(span, name);
    const lost = changedIn(attributes, span.attributes);
    if (lost) return tooMuch(span, lost, attributes, span.attributes, '');
    if (failed && span.status.code !== 'ERROR') return calmed(span, `"${span.name}" failed`);
    if (
      link &&
      !span.links.some(({ traceId, spanId }) => traceId === link.traceId && spanId === link.spanId)
    ) {
      return {
        ...base(span),
        saw: `"${span.name}" had a link to span ${link.spanId}, and the link did not arrive.`,
        wanted: 'the link, without the secrets in its attributes: somebody will follow it.',
        marks: [missingHere(span, 'the link')],
      };
    }
    if (!event) continue;
    const arrived = span.events.find(({ name }) => name === event.name);
    if (!arrived) {
      return {
        ...base(span),
        saw: `the event "${event.name}" of "${span.name}" is gone, and with it what holds no secret.`,
        wanted: `the event "${event.name}", without the secrets in it.`,
        marks: [missingHere(span, `the event "${event.name}"`)],
      };
    }
    const lostInEvent = changedIn(event.attributes, arrived.attributes);
    if (lostInEvent)
      return tooMuch(
        span,
        lostInEvent,
        event.attributes,
        arrived.attributes,
        ` of the event "${event.name}"`,
      );
  }
  return null;
}

function renamed(span: EvidenceSpan, name: string): Finding {
  return {
    ...base(span),
    saw: `a library made the span "${name}", whose name holds no secret, and it arrived as "${span.name}".`,
    wanted: `the name "${name}", as it was: somebody will look for it.`,
    marks: [missingHere(span, `the name "${name}"`)],
  };
}

function changedIn(wanted: Attributes, arrived: Attributes): string | undefined {
  return Object.keys(wanted).find((key) => JSON.stringify(wanted[key]) !== JSON.stringify(arrived[key]));
}

function tooMuch(
  span: EvidenceSpan,
  key: string,
  wanted: Attributes,
  arrived: Attributes,
  where: string,
): Finding {
  const given = arrived[key];
  return {
    ...base(span),
    saw: `${attributeText(key, wanted[key])}${where} was on "${span.name}" and holds no secret. ${given === undefined ? 'It did not arrive.' : `What arrived is ${attributeText(key, given)}.`}`,
    wanted: `${attributeText(key, wanted[key])}, as it was: somebody will look for it.`,
    marks: [missingHere(span, key)],
  };
}

function base(span: EvidenceSpan): Pick<Finding, 'reason' | 'look' | 'seen'> {
  return {
    reason: 'redacted-too-much',
    look: 'by what does your redaction know a secret? What else looks like one to it?',
    seen: [{ kind: 'lost', text: span.name, spanId: span.spanId }],
  };
}

/**
 * A span of the worker that does not say any more which message it is about, or that its work failed; null when each does.
 * @param consumers that came to the collector
 */
export function diagnoseNoLongerTold(id: string, consumers: readonly EvidenceSpan[]): Finding | null {
  const key = 'messaging.message.id';
  const changed = consumers.find(
    ({ recorded, attributes }) => recorded?.attributes?.[key] === id && attributes[key] !== id,
  );
  if (changed) return tooMuch(changed, key, { [key]: id }, changed.attributes, '');
  const failed = consumers.find(
    ({ recorded, status }) => recorded?.status?.code === 'ERROR' && status.code !== 'ERROR',
  );
  return failed ? calmed(failed, `the work of "${failed.name}" failed`) : null;
}

function calmed(span: EvidenceSpan, what: string): Finding {
  return {
    ...base(span),
    saw: `${what}, and its status arrived as ${span.status.code}.`,
    wanted: 'the status ERROR, with or without its message: that it failed is no secret.',
    marks: [missingHere(span, 'the status ERROR')],
  };
}

/** A span that was made and never arrived, though others did: nothing of it can be found any more. */
export function diagnoseSpanGone(gone: EvidenceSpan | undefined, name: string): Finding {
  return {
    reason: 'redacted-too-much',
    saw: `a library made the span "${name}" in your process, and the collector never got it, though it got others.`,
    wanted: 'the span, without the secrets in it: somebody will look for what else it says.',
    look: 'what does your redaction do with a span that holds a secret? Does something throw there?',
    marks: gone ? [missingHere(gone, 'this span at the collector')] : [],
    seen: [{ kind: 'lost', text: name, spanId: gone?.spanId }],
  };
}
