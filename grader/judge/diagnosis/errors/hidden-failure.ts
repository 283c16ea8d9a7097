import type { Evidence, EvidenceSpan, SentRequest } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { foundHere, missingHere, neverEnded, requestName } from '../../sentences.ts';
import { isOwnScope } from '../spans/own-scope.ts';
import { diagnoseErrorTypes } from './error-type.ts';

/** A failure that the answer hides: the request, its spans, and those that can be held to the task. */
export interface HiddenFailure {
  evidence: Evidence;
  sent: SentRequest;
  server: EvidenceSpan;
  /** the SERVER span and the spans of the learner's own tracers */
  own: readonly EvidenceSpan[];
  spans: readonly EvidenceSpan[];
}

const TELLING = 'a span of yours, or the SERVER span, with status ERROR, a message and error.type.';

/** The span that tells of a failure behind a good answer in full, or why none does. */
export function diagnoseHiddenFailure(hidden: HiddenFailure): EvidenceSpan | Finding {
  const telling = hidden.own.filter(
    (span) => tellsOfFailure(span) || span.attributes['error.type'] !== undefined,
  );
  const judged = telling.map((span) => ({ span, finding: missingOf(span) }));
  const whole = judged.find((one) => one.finding === null);
  if (whole) return whole.span;
  // Of several half marked spans the one that has the status is the nearest miss.
  const nearest = judged.find((one) => one.span.status.code === 'ERROR') ?? judged[0];
  return nearest?.finding ?? nobodyTells(hidden);
}

/** What a span that tells of the failure does not say; null when it says all. */
function missingOf(span: EvidenceSpan): Finding | null {
  const seen = [{ kind: 'status', text: span.status.code, spanId: span.spanId }];
  const marks = [markOn(span, `STATUS: ${span.status.code}`)];
  const type = span.attributes['error.type'];
  const has = type === undefined ? 'an exception event' : `error.type = ${JSON.stringify(type)}`;
  if (span.status.code === 'OK') {
    return {
      reason: 'error-status-overridden',
      saw: `${span.name} has ${has}, and its status is OK. OK is final: no later ERROR counts.`,
      wanted: TELLING,
      look: 'the line that sets OK. Does it run before you know how the work ended?',
      marks,
      seen,
    };
  }
  if (span.status.code === 'UNSET') {
    return {
      reason: 'error-status-missing',
      saw: `${span.name} has ${has}, and its status is not set. So it does not count as failed.`,
      wanted: TELLING,
      look: 'the line that tells of the error: what else makes a span a failed one?',
      marks,
      seen,
    };
  }
  if (!span.status.message?.trim()) {
    return {
      reason: 'error-message-missing',
      saw: `the status of ${span.name} is ERROR, without a message.`,
      wanted: TELLING,
      look: 'the line that sets the status: what does the error say of itself?',
      marks: [missingHere(span, 'the message of the status')],
      seen,
    };
  }
  return diagnoseErrorTypes([span]);
}

function nobodyTells({ evidence, sent, server, own, spans }: HiddenFailure): Finding {
  const failed = spans.find((span) => span.status.code === 'ERROR' && span.kind === 'CLIENT');
  const marks = failed ? [markOn(failed, "ONLY THIS FAILED: a library's span")] : [];
  const open = evidence.unended.find((span) => span.traceId === server.traceId && isOwnScope(span));
  if (open) {
    return {
      reason: 'span-not-ended-on-error',
      saw: `the search gave up, and ${neverEnded(`your span "${open.name}"`)}`,
      wanted: TELLING,
      look: 'which lines of yours run when the search gives up? Is the one that ends the span among them?',
      marks,
      seen: [{ kind: 'unended', text: open.name, spanId: open.spanId }],
    };
  }
  // Nobody threw, so a library's span that is no query was marked by the learner.
  const borrowed = spans.find(
    (span) => span.status.code === 'ERROR' && span.kind === 'INTERNAL' && !own.includes(span),
  );
  if (borrowed) {
    return {
      reason: 'error-on-wrong-span',
      saw: `the failure is marked on ${borrowed.name}, a span of ${borrowed.scope.name}. No span of yours has it.`,
      wanted: TELLING,
      look: 'which span is active when your line runs, and whose is it?',
      marks: [foundHere(borrowed, "a library's span")],
      seen: [{ kind: 'status', text: `ERROR on ${borrowed.name}`, spanId: borrowed.spanId }],
    };
  }
  const ok = own.find((span) => span.status.code === 'OK');
  return {
    reason: ok ? 'error-status-overridden' : 'error-not-recorded',
    saw: `${requestName(sent)} answered ${sent.status} with an empty list, and no span of yours tells that it gave up.${ok ? ` The status of ${ok.name} is even OK, and OK is final.` : ''}`,
    wanted: TELLING,
    look: ok
      ? 'the line that sets OK. Does it run before you know how the work ended?'
      : 'app-backend/src/search/: what happens to the error there? Nobody outside ever sees it.',
    marks: [
      ...marks,
      ok
        ? markOn(ok, 'STATUS: OK')
        : markOn(server, 'MISSING: a span of yours that failed', { missing: true }),
    ],
    seen: [
      {
        kind: 'spans',
        text: own.map((span) => `${span.name}: ${span.status.code}`).join(', '),
        spanId: server.spanId,
      },
    ],
  };
}

/** True for a span that is marked as failed: an ERROR status or an exception event. */
function tellsOfFailure(span: EvidenceSpan): boolean {
  return span.status.code === 'ERROR' || span.events.some((event) => event.name === 'exception');
}
