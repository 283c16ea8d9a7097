import type { AttributeValue } from '@workshop/telemetry/pure';
import type { EvidenceSpan, SentRequest } from '../../evidence/index.ts';
import { diagnoseMissingAttribute } from '../diagnosis/attributes/missing.ts';
import { diagnosePersonalData, type Secret } from '../diagnosis/attributes/personal-data.ts';
import { diagnoseUnexpected } from '../diagnosis/attributes/unexpected.ts';
import { diagnoseValue } from '../diagnosis/attributes/value.ts';
import { requestOf } from '../joins/index.ts';
import { attributeText, requestName } from '../sentences.ts';
import { fail, failOn } from './check.ts';
import { evidence, spanIndex } from './evidence.ts';
import { expectServerSpan, findSpansOf } from './requests.ts';

/** Fails unless the attribute is on a span of the request, whatever its value. Gives the spans that carry it. */
export function expectAttributeAnywhere(key: string, sent: SentRequest): EvidenceSpan[] {
  const found = findSpansOf(sent).filter((span) => span.attributes[key] !== undefined);
  return found.length > 0 ? found : failMissingOnServerSpan(key, sent);
}

/**
 * Fails unless the attribute is on the request's SERVER span itself: it alone has the whole request's duration, so it
 * is the one that queries read. `value` is what the message says it should be.
 */
export function expectAttributeOnServerSpan(
  key: string,
  sent: SentRequest,
  value: AttributeValue,
): EvidenceSpan {
  const server = expectServerSpan(sent);
  return server.attributes[key] === undefined ? failMissingOnServerSpan(key, sent, value) : server;
}

/**
 * Fails unless the attribute of the span is this value, of this type.
 * @param among spans that should differ in the value: when all have one, it was not taken from their requests
 */
export function expectValue(
  key: string,
  span: EvidenceSpan,
  value: AttributeValue,
  among: readonly EvidenceSpan[],
): void {
  failOn(diagnoseValue(key, span, value, among));
}

/** Fails unless the attribute is on this span, which the learner's own code made for the request. */
export function expectOwnAttribute(key: string, span: EvidenceSpan, value: AttributeValue): void {
  if (span.attributes[key] !== undefined) return;
  const sent = requestOf(evidence(), span);
  fail(
    diagnoseMissingAttribute({
      evidence: evidence(),
      key,
      target: span,
      targetName: `"${span.name}", your span`,
      spans: spanIndex().trace(span.traceId),
      request: sent ? requestInWords(sent) : { ...span, name: `"${span.name}"`, userId: null },
      value,
      wanted: `${attributeText(key, value)} on "${span.name}" itself: it tells about that work.`,
      lookAtSpan: 'the line that sets it: which span does it write on?',
    }),
  );
}

/** Fails when the attribute is on any span of the request. */
export function expectNoAttribute(key: string, sent: SentRequest): void {
  failOn(diagnoseUnexpected(key, sent, findSpansOf(sent)));
}

/** Fails when one of these texts, or a whole object, is in a name, attribute, event or status of the request's spans. */
export function expectNothingPersonal(secrets: readonly Secret[], sent: SentRequest): void {
  failOn(diagnosePersonalData(secrets, findSpansOf(sent)));
}

function failMissingOnServerSpan(key: string, sent: SentRequest, value?: AttributeValue): never {
  const server = expectServerSpan(sent);
  const shown = value === undefined ? key : attributeText(key, value);
  return fail(
    diagnoseMissingAttribute({
      evidence: evidence(),
      key,
      target: server,
      targetName: `${server.name}, the SERVER span`,
      spans: findSpansOf(sent),
      request: requestInWords(sent),
      value,
      wanted: `${shown} on ${server.name} itself: it alone has the whole request's duration, so it is the one that queries by it read.`,
      lookAtSpan: 'exercises/02-user-id/README.md, "Which span am I on?"',
    }),
  );
}

function requestInWords(sent: SentRequest) {
  const { startMs, durationMs, userId } = sent;
  return { name: requestName(sent), startMs, durationMs, userId };
}
