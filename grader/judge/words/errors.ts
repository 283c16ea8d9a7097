import type { EvidenceSpan, SentRequest } from '../../evidence/index.ts';
import { diagnosePersonalData, type Secret } from '../diagnosis/attributes.ts';
import {
  diagnoseErrorTypes,
  diagnoseNoFailedSpan,
  diagnoseServerFailure,
  tellsOfFailure,
} from '../diagnosis/errors.ts';
import { isOwnScope } from '../diagnosis/spans.ts';
import type { Failure } from '../verdict.ts';
import { fail } from './check.ts';
import { evidence } from './evidence.ts';
import { serverSpanOf, spansOf, viewOf } from './requests.ts';

/** The SERVER span and the spans of the learner's own tracers: those that can be held to what the task says. */
function spansOfLearner(sent: SentRequest): EvidenceSpan[] {
  const server = serverSpanOf(sent);
  return spansOf(sent).filter((span) => span.spanId === server.spanId || isOwnScope(span));
}

/** Fails unless the failed request's SERVER span has status ERROR with a message. Gives that span. */
export function failureOnServerSpan(sent: SentRequest): EvidenceSpan {
  const server = serverSpanOf(sent);
  const broken = diagnoseServerFailure(server, spansOf(sent), sent, (marks) => viewOf(sent, marks));
  if (broken) fail(broken);
  return server;
}

/** A span of the learner's, or the SERVER span, that tells of a failure behind a good answer. Fails when none does. */
export function failedSpan(sent: SentRequest): EvidenceSpan {
  const found = spansOfLearner(sent).find(tellsOfFailure);
  if (found) return found;
  return fail(
    diagnoseNoFailedSpan(evidence(), serverSpanOf(sent), spansOfLearner(sent), spansOf(sent), sent, (marks) =>
      viewOf(sent, marks),
    ),
  );
}

/** Fails unless each of these spans has an `error.type` that names a kind of error, and like failures have the same. */
export function errorType(failures: readonly { sent: SentRequest; span: EvidenceSpan }[]): void {
  const broken = diagnoseErrorTypes(failures.map(({ span }) => span));
  if (!broken) return;
  const sent = failures.find(({ span }) => span === broken.span)?.sent;
  fail({
    ...broken.failure,
    views: sent ? viewOf(sent, [{ spanId: broken.span.spanId, text: broken.mark }]) : [],
  });
}

/** Fails when the SERVER span or an own span of the request is marked as failed. `because` says why it is no error. */
export function noErrorOf(sent: SentRequest, because: string): void {
  const marked = spansOfLearner(sent).find(
    (span) => span.status.code === 'ERROR' || span.attributes['error.type'] !== undefined,
  );
  if (!marked) return;
  fail({
    reason: 'error-on-success',
    saw: `${sent.method} ${sent.path.split('?')[0]} answered ${sent.status}, and ${marked.name} is marked as failed.`,
    wanted: `no ERROR status and no error.type on it. ${because}`,
    look: 'the line that marks it: which failures does it let through, and which answers are no failures?',
    views: viewOf(sent, [
      {
        spanId: marked.spanId,
        text: `FOUND HERE: ${marked.status.code}, error.type = ${JSON.stringify(marked.attributes['error.type'] ?? null)}`,
      },
    ]),
    seen: [{ kind: 'status', text: marked.status.code, spanId: marked.spanId }],
  });
}

/** Fails when more than one exception event of a request stands on the SERVER span and the learner's own spans. */
export function recordedOnce(sent: SentRequest): void {
  const holders = spansOfLearner(sent).flatMap((span) =>
    span.events.filter((event) => event.name === 'exception').map(() => span),
  );
  if (holders.length <= 1) return;
  const names = [...new Set(holders.map((span) => span.name))].join(' and ');
  const failure: Failure = {
    reason: 'error-recorded-twice',
    saw: `one failure is recorded ${holders.length} times: on ${names}.`,
    wanted: "one record of each failure, or everybody counts too many. Nest's own spans do not count here.",
    look: 'which of your lines record it? Does the error pass both of them on its way out?',
    views: viewOf(
      sent,
      holders.map((span) => ({ spanId: span.spanId, text: 'RECORDED HERE' })),
    ),
    seen: holders.map((span) => ({ kind: 'event', text: `exception on ${span.name}`, spanId: span.spanId })),
  };
  fail(failure);
}

/** Fails when a status message, an exception event or an attribute that the learner set holds one of these texts. */
export function hidesSecrets(sent: SentRequest, secrets: readonly Secret[]): void {
  // The address of a request is exported by the HTTP instrumentation: exercise 15 is about that.
  const own = spansOfLearner(sent).map((span) => ({
    ...span,
    attributes: Object.fromEntries(
      Object.entries(span.attributes).filter(([key]) => !/^(?:url|http|user_agent)\./.test(key)),
    ),
  }));
  const broken = diagnosePersonalData(own, secrets);
  if (broken)
    fail({
      ...broken.failure,
      views: viewOf(sent, [{ spanId: broken.span.spanId, text: `FOUND HERE: ${broken.key}` }]),
    });
}
