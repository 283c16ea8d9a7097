import type { Evidence, EvidenceSpan, SentRequest } from '../../../evidence/index.ts';
import type { Failure, Mark, TraceView } from '../../verdict.ts';
import { isOwnScope } from '../spans/spans.ts';

type View = (marks: Mark[]) => TraceView[];

/** Says nothing about the kind of error, or repeats what another attribute says already. */
const EMPTY_TYPES = new Set([
  '',
  'Error',
  'error',
  'true',
  'object',
  'unknown',
  '500',
  'Exception',
  'exception',
]);

/** A message that repeats the status code in words. */
const SAYS_NOTHING =
  /^(?:(?:http )?(?:status )?(?:code )?500\b.{0,24}|internal server error|(?:an |unknown |server )?error|failed|something went wrong)[.!]?$/i;

/** True for a span that is marked as failed: an ERROR status or an exception event. */
export function tellsOfFailure(span: EvidenceSpan): boolean {
  return span.status.code === 'ERROR' || span.events.some((event) => event.name === 'exception');
}

/** Why the SERVER span of a failed request does not tell of it in full; null when it does. */
export function diagnoseServerFailure(
  server: EvidenceSpan,
  spans: readonly EvidenceSpan[],
  sent: SentRequest,
  view: View,
): Failure | null {
  const title = `${sent.method} ${server.attributes['http.route'] ?? sent.path} answered ${sent.status}`;
  const wanted = `status ERROR with a message on ${server.name}, the SERVER span: alerts and lists of errors read that one.`;
  if (server.status.code === 'OK') {
    return {
      reason: 'error-status-overridden',
      saw: `${title}, and the status of its SERVER span is OK. OK is final: no later ERROR counts.`,
      wanted,
      look: 'the line that sets OK. A status that nobody sets is good enough for success.',
      views: view([{ spanId: server.spanId, text: 'STATUS: OK' }]),
      seen: [{ kind: 'status', text: 'OK', spanId: server.spanId }],
    };
  }
  if (server.status.code === 'UNSET') {
    const other = spans.find((span) => span.status.code === 'ERROR' && isOwnScope(span));
    if (other && other !== server) {
      return {
        reason: 'error-on-wrong-span',
        saw: `${title}. ${other.name} is marked as failed, and the SERVER span is not.`,
        wanted,
        look: 'exercises/02-user-id/README.md, "Which span am I on?".',
        views: view([
          { spanId: server.spanId, text: 'MISSING HERE: status ERROR' },
          { spanId: other.spanId, text: 'FOUND HERE: status ERROR' },
        ]),
        seen: [{ kind: 'status', text: `ERROR on ${other.name}`, spanId: other.spanId }],
      };
    }
    return {
      reason: 'error-status-missing',
      saw: `${title}, and the status of its SERVER span is not set.`,
      wanted,
      look: 'who sets the status of the SERVER span when the answer is a 500?',
      views: view([{ spanId: server.spanId, text: 'MISSING HERE: status ERROR' }]),
      seen: [{ kind: 'status', text: 'UNSET', spanId: server.spanId }],
    };
  }
  const message = server.status.message?.trim() ?? '';
  if (SAYS_NOTHING.test(message)) {
    return {
      reason: 'error-message-missing',
      saw: `${title}. The message of its SERVER span is ${JSON.stringify(message)}: every 500 could say that.`,
      wanted: `status ERROR on ${server.name} with the message of the error that was thrown.`,
      look: 'the line that sets the message: does it know the error at all?',
      views: view([{ spanId: server.spanId, text: `FOUND HERE: ${message}` }]),
      seen: [{ kind: 'status', text: `ERROR: ${message}`, spanId: server.spanId }],
    };
  }
  if (message !== '') return null;
  const own = spans.find((span) => span.spanId !== server.spanId && span.status.message && isOwnScope(span));
  return {
    reason: own ? 'error-on-wrong-span' : 'error-message-missing',
    saw: own
      ? `${title}. The message is on ${own.name}, and the status of the SERVER span has none.`
      : `${title}. The status of its SERVER span is ERROR, without a message.`,
    wanted,
    cause:
      server.attributes['error.type'] !== undefined || server.events.length > 0
        ? 'When the answer is sent, the HTTP instrumentation sets the status once more, without a message. The last one counts.'
        : undefined,
    look: 'exercises/04-errors/README.md, "Who has the last word".',
    views: view([
      { spanId: server.spanId, text: 'MISSING HERE: the message of the status' },
      ...(own ? [{ spanId: own.spanId, text: 'FOUND HERE: a message' }] : []),
    ]),
    seen: [{ kind: 'status', text: 'ERROR without a message', spanId: server.spanId }],
  };
}

/** A failure that the answer hides: the request, its spans, and those that can be held to the task. */
export interface HiddenFailure {
  evidence: Evidence;
  sent: SentRequest;
  server: EvidenceSpan;
  /** the SERVER span and the spans of the learner's own tracers */
  own: readonly EvidenceSpan[];
  spans: readonly EvidenceSpan[];
  view: View;
}

const TELLING = 'a span of yours, or the SERVER span, with status ERROR, a message and error.type.';

/** The span that tells of a failure behind a good answer in full, or why none does. */
export function diagnoseHiddenFailure(hidden: HiddenFailure): EvidenceSpan | Failure {
  const telling = hidden.own.filter(
    (span) => tellsOfFailure(span) || span.attributes['error.type'] !== undefined,
  );
  const judged = telling.map((span) => ({ span, failure: missingOf(span, hidden) }));
  const whole = judged.find((one) => one.failure === null);
  if (whole) return whole.span;
  // Of several half marked spans the one that has the status is the nearest miss.
  const nearest = judged.find((one) => one.span.status.code === 'ERROR') ?? judged[0];
  return nearest?.failure ?? nobodyTells(hidden);
}

/** What a span that tells of the failure does not say; null when it says all. */
function missingOf(span: EvidenceSpan, { view }: HiddenFailure): Failure | null {
  const seen = [{ kind: 'status', text: span.status.code, spanId: span.spanId }];
  const views = view([{ spanId: span.spanId, text: `STATUS: ${span.status.code}` }]);
  const type = span.attributes['error.type'];
  const has = type === undefined ? 'an exception event' : `error.type = ${JSON.stringify(type)}`;
  if (span.status.code === 'OK') {
    return {
      reason: 'error-status-overridden',
      saw: `${span.name} has ${has}, and its status is OK. OK is final: no later ERROR counts.`,
      wanted: TELLING,
      look: 'the line that sets OK. Does it run before you know how the work ended?',
      views,
      seen,
    };
  }
  if (span.status.code === 'UNSET') {
    return {
      reason: 'error-status-missing',
      saw: `${span.name} has ${has}, and its status is not set. So it does not count as failed.`,
      wanted: TELLING,
      look: 'the line that tells of the error: what else makes a span a failed one?',
      views,
      seen,
    };
  }
  if (!span.status.message?.trim()) {
    return {
      reason: 'error-message-missing',
      saw: `the status of ${span.name} is ERROR, without a message.`,
      wanted: TELLING,
      look: 'the line that sets the status: what does the error say of itself?',
      views: view([{ spanId: span.spanId, text: 'MISSING HERE: the message of the status' }]),
      seen,
    };
  }
  const broken = diagnoseErrorTypes([span]);
  return broken && { ...broken.failure, views: view([{ spanId: span.spanId, text: broken.mark }]) };
}

function nobodyTells({ evidence, sent, server, own, spans, view }: HiddenFailure): Failure {
  const failed = spans.find((span) => span.status.code === 'ERROR' && span.kind === 'CLIENT');
  const marks: Mark[] = failed ? [{ spanId: failed.spanId, text: "ONLY THIS FAILED: a library's span" }] : [];
  const open = evidence.unended.find((span) => span.traceId === server.traceId && isOwnScope(span));
  if (open) {
    return {
      reason: 'span-not-ended-on-error',
      saw: `the search gave up, and your span "${open.name}" was started and never ended. Never ended means never exported.`,
      wanted: TELLING,
      look: 'which lines of yours run when the search gives up? Is the one that ends the span among them?',
      views: view(marks),
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
      views: view([{ spanId: borrowed.spanId, text: "FOUND HERE: a library's span" }]),
      seen: [{ kind: 'status', text: `ERROR on ${borrowed.name}`, spanId: borrowed.spanId }],
    };
  }
  const ok = own.find((span) => span.status.code === 'OK');
  return {
    reason: ok ? 'error-status-overridden' : 'error-not-recorded',
    saw: `${sent.method} ${sent.path.split('?')[0]} answered ${sent.status} with an empty list, and no span of yours tells that it gave up.${ok ? ` The status of ${ok.name} is even OK, and OK is final.` : ''}`,
    wanted: TELLING,
    look: ok
      ? 'the line that sets OK. Does it run before you know how the work ended?'
      : 'app-backend/src/search/: what happens to the error there? Nobody outside ever sees it.',
    views: view([
      ...marks,
      ok
        ? { spanId: ok.spanId, text: 'STATUS: OK' }
        : { spanId: server.spanId, text: 'MISSING: a span of yours that failed' },
    ]),
    seen: [
      {
        kind: 'spans',
        text: own.map((span) => `${span.name}: ${span.status.code}`).join(', '),
        spanId: server.spanId,
      },
    ],
  };
}

/** Why the `error.type` of like failures does not name their kind; null when it does. */
export function diagnoseErrorTypes(
  spans: readonly EvidenceSpan[],
): { span: EvidenceSpan; mark: string; failure: Failure } | null {
  const wanted =
    'error.type = the class of the error, or the code of the database: few values, the same for everyone.';
  for (const span of spans) {
    const type = span.attributes['error.type'];
    const seen = [
      { kind: 'attribute', text: `error.type = ${JSON.stringify(type ?? null)}`, spanId: span.spanId },
    ];
    const base = { wanted, seen, look: 'what does the error itself know: its class, its code?' };
    if (type === undefined) {
      const elsewhere = Object.keys(span.attributes).find((key) =>
        /^(?:error(?:_|\.)?(?:type|name|code|kind)?|exception\.type)$/i.test(key),
      );
      return {
        span,
        mark: 'MISSING HERE: error.type',
        failure: {
          ...base,
          reason: 'error-type-missing',
          saw: `${span.name} failed, and it has no error.type.${elsewhere ? ` It has ${elsewhere}.` : ''}`,
        },
      };
    }
    if (typeof type !== 'string' || EMPTY_TYPES.has(type) || /^\d{3}$/.test(type)) {
      return {
        span,
        mark: `FOUND HERE: error.type = ${JSON.stringify(type)}`,
        failure: {
          ...base,
          reason: 'attribute-wrong-value',
          saw: `error.type on ${span.name} is ${JSON.stringify(type)}: every failure has that one.`,
        },
      };
    }
    if (/\s/.test(type) || type.length > 80) {
      return {
        span,
        mark: 'FOUND HERE: a whole sentence as error.type',
        failure: {
          ...base,
          reason: 'attribute-wrong-value',
          saw: `error.type on ${span.name} is a sentence: ${JSON.stringify(type.slice(0, 60))}. Sentences differ from failure to failure.`,
        },
      };
    }
  }
  const first = spans[0];
  const other = spans.find((span) => span.attributes['error.type'] !== first?.attributes['error.type']);
  if (!first || !other) return null;
  return {
    span: other,
    mark: `FOUND HERE: error.type = ${JSON.stringify(other.attributes['error.type'])}`,
    failure: {
      reason: 'attribute-wrong-value',
      saw: `the same failure has error.type = ${JSON.stringify(first.attributes['error.type'])} once, and ${JSON.stringify(other.attributes['error.type'])} another time.`,
      wanted,
      look: 'does the value hold something of the request?',
      seen: [
        {
          kind: 'attribute',
          text: `error.type = ${JSON.stringify(other.attributes['error.type'])}`,
          spanId: other.spanId,
        },
      ],
    },
  };
}
