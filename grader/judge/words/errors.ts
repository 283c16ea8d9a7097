import type { EvidenceSpan, SentRequest } from '../../evidence/index.ts';
import { diagnosePersonalData, type Secret } from '../diagnosis/attributes/personal-data.ts';
import { diagnoseErrorTypes } from '../diagnosis/errors/error-type.ts';
import { diagnoseHiddenFailure } from '../diagnosis/errors/hidden-failure.ts';
import { diagnoseServerFailure } from '../diagnosis/errors/server-failure.ts';
import { isOwnScope } from '../diagnosis/spans/spans.ts';
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

/**
 * The span of the learner's, or the SERVER span, that tells of a failure behind a good answer: status ERROR, a message
 * and `error.type`. Fails when none does.
 */
export function hiddenFailure(sent: SentRequest): EvidenceSpan {
  const found = diagnoseHiddenFailure({
    evidence: evidence(),
    sent,
    server: serverSpanOf(sent),
    own: spansOfLearner(sent),
    spans: spansOf(sent),
    view: (marks) => viewOf(sent, marks),
  });
  return 'reason' in found ? fail(found) : found;
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

/**
 * Fails when the request's SERVER span is marked as failed. `because` says why it is no error. `inside`: spans of the
 * learner's own tracers must not be, either. Where the code threw, a span of its own may well say so.
 */
export function noErrorOf(sent: SentRequest, because: string, also?: { inside: true }): void {
  const server = serverSpanOf(sent);
  const marked = (also?.inside ? spansOfLearner(sent) : [server]).find(
    (span) => span.status.code === 'ERROR' || span.attributes['error.type'] !== undefined,
  );
  if (!marked) return;
  const type = marked.attributes['error.type'];
  const how = [
    ...(marked.status.code === 'ERROR' ? ['status ERROR'] : []),
    ...(type === undefined ? [] : [`error.type = ${JSON.stringify(type)}`]),
  ].join(', ');
  fail({
    reason: 'error-on-success',
    saw: `${sent.method} ${sent.path.split('?')[0]} answered ${sent.status}, and ${marked.name} is marked as failed: ${how}.`,
    wanted: `no ERROR status and no error.type on ${marked.name}. ${because}`,
    look: 'the line that marks it: does it ask whose mistake it was?',
    views: viewOf(sent, [{ spanId: marked.spanId, text: `FOUND HERE: ${how}` }]),
    seen: [{ kind: 'status', text: how, spanId: marked.spanId }],
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

/**
 * Fails when a status message, an exception event or an error attribute of the learner's spans holds one of these texts.
 * Other attributes are not looked at: the address of a request is there, and exercise 15 is about that.
 */
export function messagesHide(sent: SentRequest, secrets: readonly Secret[]): void {
  const messages = spansOfLearner(sent).map((span) => ({
    ...span,
    attributes: Object.fromEntries(
      Object.entries(span.attributes).filter(([key]) => /^(?:error|exception)\b/.test(key)),
    ),
  }));
  const broken = diagnosePersonalData(messages, secrets);
  if (!broken) return;
  fail({
    ...broken.failure,
    wanted:
      'a message that says what went wrong, not for whom. Everybody who may look at traces can read it.',
    look: 'the line that makes the message: what does it put into it?',
    views: viewOf(sent, [{ spanId: broken.span.spanId, text: `FOUND HERE: ${broken.key}` }]),
  });
}
