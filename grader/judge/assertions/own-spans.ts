import { endMs, select } from '@workshop/telemetry/pure';
import type { EvidenceSpan, SentRequest } from '../../evidence/index.ts';
import { diagnoseCoverage, diagnoseLateEnd } from '../diagnosis/spans/coverage.ts';
import { diagnoseKind } from '../diagnosis/spans/kind.ts';
import { diagnoseMissingSpan } from '../diagnosis/spans/missing-span.ts';
import { diagnoseUnboundedName } from '../diagnosis/spans/names.ts';
import { diagnoseOpenAfterFailure } from '../diagnosis/spans/open-after-failure.ts';
import { diagnoseUnnamedTracer, isOwnScope } from '../diagnosis/spans/own-scope.ts';
import {
  diagnoseForeignBelow,
  diagnoseNotBelow,
  diagnoseOutsideRequest,
} from '../diagnosis/spans/placement.ts';
import { lostSpansOf } from '../joins/index.ts';
import { requestName } from '../sentences.ts';
import { fail, failOn } from './check.ts';
import { evidence, spanIndex } from './evidence.ts';
import { expectServerSpan, findServerSpan, findSpansOf } from './requests.ts';

/** The learner's own spans of that name which belong to a request: in its trace, or begun during it. */
export function findOwnSpans(name: string, sent: SentRequest): EvidenceSpan[] {
  const named = select(spanIndex())
    .name(name)
    .where('of an own tracer', (span) => isOwnScope(span))
    .all();
  const traceId = findServerSpan(sent)?.traceId;
  const inTrace = named.filter((span) => span.traceId === traceId);
  return inTrace.length > 0 ? inTrace : lostSpansOf(evidence(), sent, named);
}

/**
 * The one span of that name that the learner's code made for a request. Fails with the diagnosed cause when there is
 * none, or more than one.
 */
export function expectOwnSpan(name: string, sent: SentRequest): EvidenceSpan {
  const target = expectServerSpan(sent);
  const found = findOwnSpans(name, sent);
  if (found.length === 1) {
    const [span] = found as [EvidenceSpan];
    failOn(diagnoseUnnamedTracer(span));
    return span;
  }
  const where = requestName(sent);
  return fail(
    diagnoseMissingSpan({
      evidence: evidence(),
      name,
      where,
      during: sent,
      target,
      found,
      spans: findSpansOf(sent),
    }),
  );
}

/** Fails unless the span's kind is INTERNAL: work inside the program. */
export function expectInternalKind(span: EvidenceSpan): void {
  failOn(diagnoseKind(span));
}

/** Fails unless the span lies below the request's SERVER span, at whatever depth. */
export function expectInsideRequest(span: EvidenceSpan, sent: SentRequest): void {
  failOn(diagnoseOutsideRequest(spanIndex(), span, expectServerSpan(sent)));
}

/**
 * Fails unless the span covers the work that it stands for.
 *
 * @param work spans that belong to the work, in any order
 * @param untilMs when the work is over at the latest, Unix epoch milliseconds: what no span covers in between belongs to it
 */
export function expectCovers(span: EvidenceSpan, work: readonly EvidenceSpan[], untilMs: number): void {
  failOn(diagnoseCoverage(span, work, untilMs));
}

/** Fails when the span goes on after the request's SERVER span has ended: its work was over by then. */
export function expectEndedWithRequest(span: EvidenceSpan, sent: SentRequest): void {
  const server = expectServerSpan(sent);
  failOn(diagnoseLateEnd(span, { what: `the answer to ${requestName(sent)}`, atMs: endMs(server) }));
}

/** Fails unless every one of these spans is below `span`. `what` names them in the message: `queries`. */
export function expectBelow(children: readonly EvidenceSpan[], span: EvidenceSpan, what: string): void {
  failOn(diagnoseNotBelow(spanIndex(), children, span, what));
}

/** Fails when one of these spans, which are not of its work, began inside the span and below it. `what`: `query`. */
export function expectNoOtherWork(others: readonly EvidenceSpan[], span: EvidenceSpan, what: string): void {
  const inside = others.filter((one) => one.startMs < endMs(span));
  failOn(diagnoseForeignBelow(spanIndex(), inside, span, what));
}

/** Fails when one of these spans, which are not of its work, is below the span, though it began when that had ended. */
export function expectNothingLaterBelow(
  others: readonly EvidenceSpan[],
  span: EvidenceSpan,
  what: string,
): void {
  const later = others.filter((one) => one.startMs >= endMs(span));
  failOn(diagnoseForeignBelow(spanIndex(), later, span, what));
}

/** Fails unless a span of that name has ended in the request, which failed. */
export function expectEndedOnFailure(name: string, sent: SentRequest): EvidenceSpan {
  const [found] = findOwnSpans(name, sent);
  return found ?? fail(diagnoseOpenAfterFailure(evidence(), name, sent, expectServerSpan(sent)));
}

/**
 * Fails when a name of the learner's own spans differs from request to request.
 * @param values of a request that no name may hold, such as its user's id
 */
export function expectBoundedNames(
  requests: readonly SentRequest[],
  values: (sent: SentRequest) => readonly string[],
): void {
  failOn(diagnoseUnboundedName(requests.map((sent) => ({ spans: findSpansOf(sent), values: values(sent) }))));
}
