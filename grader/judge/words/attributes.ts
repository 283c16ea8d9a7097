import type { AttributeValue } from '@workshop/telemetry/pure';
import type { EvidenceSpan, SentRequest } from '../../evidence/index.ts';
import { diagnoseMissingAttribute } from '../diagnosis/attributes/missing.ts';
import { diagnosePersonalData, type Secret } from '../diagnosis/attributes/personal-data.ts';
import { diagnoseValue } from '../diagnosis/attributes/value.ts';
import { fail } from './check.ts';
import { evidence } from './evidence.ts';
import { serverSpanOf, spansOf, viewOf } from './requests.ts';

const WHICH_SPAN = 'exercises/02-user-id/README.md, "Which span am I on?"';

/** Fails unless one span of the request carries the attribute, whatever its value. Gives those spans. */
export function attributeAnywhere(sent: SentRequest, key: string): EvidenceSpan[] {
  const found = spansOf(sent).filter((span) => span.attributes[key] !== undefined);
  return found.length > 0 ? found : missingOnServerSpan(sent, key);
}

/**
 * Fails unless the request's SERVER span itself carries the attribute: it alone has the whole request's duration, so
 * it is the one that queries read. `value` is what the message says it should be.
 */
export function attributeOnServerSpan(sent: SentRequest, key: string, value: AttributeValue): EvidenceSpan {
  const server = serverSpanOf(sent);
  return server.attributes[key] === undefined ? missingOnServerSpan(sent, key, value) : server;
}

function missingOnServerSpan(sent: SentRequest, key: string, value?: AttributeValue): never {
  const server = serverSpanOf(sent);
  const shown = value === undefined ? key : `${key} = ${JSON.stringify(value)}`;
  return fail(
    diagnoseMissingAttribute({
      evidence: evidence(),
      sent,
      target: server,
      targetName: `${server.name}, the SERVER span`,
      spans: spansOf(sent),
      key,
      value,
      wanted: `${shown} on ${server.name} itself: it alone has the whole request's duration, so it is the one that queries by it read.`,
      lookAtSpan: WHICH_SPAN,
      view: (marks) => viewOf(sent, marks),
    }),
  );
}

/** Fails unless the SERVER span's attribute is this value, of this type. `among`: requests that should differ in it. */
export function attributeIs(
  sent: SentRequest,
  key: string,
  value: AttributeValue,
  others: { among: readonly SentRequest[] },
): void {
  const server = serverSpanOf(sent);
  attributeOf(
    server,
    sent,
    key,
    value,
    others.among.map((other) => serverSpanOf(other)),
  );
}

/** The same for any span of a request; `among` are spans that should differ in the value. */
export function attributeOf(
  span: EvidenceSpan,
  sent: SentRequest,
  key: string,
  value: AttributeValue,
  among: readonly EvidenceSpan[],
): void {
  const broken = diagnoseValue(span, key, value, among);
  if (broken) {
    fail({
      ...broken,
      views: viewOf(sent, [
        { spanId: span.spanId, text: `FOUND HERE: ${key} = ${JSON.stringify(span.attributes[key])}` },
      ]),
    });
  }
}

/** Fails unless this span, which the learner's own code made, carries the attribute. */
export function ownAttribute(
  span: EvidenceSpan,
  sent: SentRequest,
  key: string,
  value: AttributeValue,
): void {
  if (span.attributes[key] !== undefined) return;
  fail(
    diagnoseMissingAttribute({
      evidence: evidence(),
      sent,
      target: span,
      targetName: `"${span.name}", your span`,
      spans: spansOf(sent),
      key,
      value,
      wanted: `${key} = ${JSON.stringify(value)} on "${span.name}" itself: it tells about that work.`,
      lookAtSpan: 'the line that sets it: which span does it write on?',
      view: (marks) => viewOf(sent, marks),
    }),
  );
}

/** Fails when any span of the request carries the attribute. */
export function noAttribute(sent: SentRequest, key: string): void {
  const found = spansOf(sent).find((span) => span.attributes[key] !== undefined);
  if (!found) return;
  const given = JSON.stringify(found.attributes[key]);
  fail({
    reason: 'attribute-unexpected',
    saw: `${sent.method} ${sent.path.split('?')[0]}, not signed in, has ${key} = ${given} on ${found.name}.`,
    wanted: `no ${key} at all: nobody was signed in. An empty or invented value is a user of its own in every query.`,
    look: 'the line that sets it: what does it do when there is no session?',
    views: viewOf(sent, [{ spanId: found.spanId, text: `FOUND HERE: ${key} = ${given}` }]),
    seen: [{ kind: 'attribute', text: `${key} = ${given}`, spanId: found.spanId }],
  });
}

/** Fails when an attribute, event or status of the request's spans holds one of these texts, or a whole object. */
export function nothingPersonal(sent: SentRequest, secrets: readonly Secret[]): void {
  const broken = diagnosePersonalData(spansOf(sent), secrets);
  if (broken)
    fail({
      ...broken.failure,
      views: viewOf(sent, [{ spanId: broken.span.spanId, text: `FOUND HERE: ${broken.key}` }]),
    });
}
