import type { EvidenceSpan, SentRequest } from '../../evidence/index.ts';
import { diagnosePersonalData, onlyMessages, type Secret } from '../diagnosis/attributes/personal-data.ts';
import { diagnoseErrorOnSuccess } from '../diagnosis/errors/error-on-success.ts';
import { diagnoseErrorTypes, type ErrorTypeOptions } from '../diagnosis/errors/error-type.ts';
import { diagnoseErrorTypeOfOther } from '../diagnosis/errors/error-type-of-other.ts';
import { diagnoseHiddenFailure } from '../diagnosis/errors/hidden-failure.ts';
import { diagnoseRecordedTwice } from '../diagnosis/errors/recorded-twice.ts';
import { diagnoseServerFailure } from '../diagnosis/errors/server-failure.ts';
import { diagnoseSharedMessage } from '../diagnosis/errors/shared-message.ts';
import { diagnoseKind } from '../diagnosis/spans/kind.ts';
import { diagnoseUnnamedTracer, isOwnScope } from '../diagnosis/spans/own-scope.ts';
import { fail, failOn } from './check.ts';
import { evidence } from './evidence.ts';
import { expectServerSpan, findSpansOf } from './requests.ts';

/** The SERVER span and the spans of the learner's own tracers: those that can be held to what the task says. */
function findSpansOfLearner(sent: SentRequest): EvidenceSpan[] {
  const server = expectServerSpan(sent);
  return findSpansOf(sent).filter((span) => span.spanId === server.spanId || isOwnScope(span));
}

/**
 * Fails unless status ERROR, with a message, is on the SERVER span of the failed request. Gives that span.
 * @param others requests that failed of other errors: one of them may be told where this one is not
 */
export function expectErrorStatus(sent: SentRequest, others: readonly SentRequest[] = []): EvidenceSpan {
  const server = expectServerSpan(sent);
  const told = others.find((other) => other !== sent && expectServerSpan(other).status.message);
  failOn(diagnoseServerFailure(server, findSpansOf(sent), sent, told));
  return server;
}

/** Fails when the SERVER spans of two requests, which the database failed for two errors, have one message. */
export function expectOwnMessage(sent: SentRequest, other: SentRequest): void {
  const told = (one: SentRequest) => ({ sent: one, spans: findSpansOf(one), told: expectServerSpan(one) });
  failOn(diagnoseSharedMessage(told(sent), told(other)));
}

/**
 * The span of the learner's, or the SERVER span, that tells of a failure behind a good answer: status ERROR, a message
 * and `error.type`. Fails when none does.
 */
export function expectHiddenFailureTold(sent: SentRequest): EvidenceSpan {
  const found = diagnoseHiddenFailure({
    evidence: evidence(),
    sent,
    server: expectServerSpan(sent),
    own: findSpansOfLearner(sent),
    spans: findSpansOf(sent),
  });
  return 'reason' in found ? fail(found) : found;
}

/** Fails unless the span is the request's SERVER span, or work of the learner's: INTERNAL, of a tracer with a name. */
export function expectOwnWork(span: EvidenceSpan, sent: SentRequest): void {
  if (span.spanId === expectServerSpan(sent).spanId) return;
  failOn(diagnoseUnnamedTracer(span));
  failOn(diagnoseKind(span));
}

/**
 * Fails unless `error.type` on each of these spans names a kind of error, and like failures have the same. `plainError`:
 * what was thrown is of the class Error itself, so that may stand there.
 */
export function expectErrorTypes(spans: readonly EvidenceSpan[], options?: ErrorTypeOptions): void {
  failOn(diagnoseErrorTypes(spans, options));
}

/**
 * Fails when `error.type` on the span that tells of a failed request is provably another failure's, or the same for
 * both though the database gave them two codes.
 */
export function expectOwnErrorType(span: EvidenceSpan, sent: SentRequest, other: SentRequest): void {
  const own = { sent, spans: findSpansOf(sent) };
  failOn(diagnoseErrorTypeOfOther(span, own, { sent: other, spans: findSpansOf(other) }));
}

/**
 * Fails when the request's SERVER span is marked as failed. `because` says why it is no error. `inside`: spans of the
 * learner's own tracers must not be, either. Where the code threw, a span of its own may well say so.
 */
export function expectNoError(sent: SentRequest, because: string, also?: { inside: true }): void {
  const spans = also?.inside ? findSpansOfLearner(sent) : [expectServerSpan(sent)];
  failOn(diagnoseErrorOnSuccess(sent, spans, because));
}

/** Fails when more than one exception event of a request stands on the SERVER span and the learner's own spans. */
export function expectRecordedOnce(sent: SentRequest): void {
  failOn(diagnoseRecordedTwice(findSpansOfLearner(sent)));
}

/**
 * Fails when one of these texts is in a status message, an exception event or an error attribute of the learner's
 * spans. Other attributes are not looked at: the libraries
 * write the address of a request there, with all that it holds.
 */
export function expectMessagesHide(secrets: readonly Secret[], sent: SentRequest): void {
  const wanted =
    'a message that says what went wrong, not for whom. Everybody who may look at traces can read it.';
  failOn(diagnosePersonalData(secrets, findSpansOfLearner(sent).map(onlyMessages), wanted));
}
