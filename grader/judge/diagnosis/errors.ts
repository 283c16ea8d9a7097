import type { Evidence, EvidenceSpan, SentRequest } from '../../evidence/index.ts';
import type { Failure, Mark, TraceView } from '../verdict.ts';

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
    return {
      reason: 'error-status-missing',
      saw: `${title}, and the status of its SERVER span is not set.`,
      wanted,
      look: 'who sets the status of the SERVER span when the answer is a 500?',
      views: view([{ spanId: server.spanId, text: 'MISSING HERE: status ERROR' }]),
      seen: [{ kind: 'status', text: 'UNSET', spanId: server.spanId }],
    };
  }
  if (server.status.message && server.status.message.trim() !== '') return null;
  const own = spans.find(
    (span) => span !== server && span.status.message && !/^@opentelemetry\//.test(span.scope.name),
  );
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

/** Why no span tells of a failure that the answer hides. */
export function diagnoseNoFailedSpan(
  evidence: Evidence,
  server: EvidenceSpan,
  own: readonly EvidenceSpan[],
  spans: readonly EvidenceSpan[],
  sent: SentRequest,
  view: View,
): Failure {
  const wanted = 'a span of yours, or the SERVER span, with status ERROR and error.type: the search gave up.';
  const failed = spans.find((span) => span.status.code === 'ERROR');
  const marks: Mark[] = failed ? [{ spanId: failed.spanId, text: 'ONLY THIS library span failed' }] : [];
  const open = evidence.unended.find((span) => span.traceId === server.traceId);
  if (open) {
    return {
      reason: 'span-not-ended-on-error',
      saw: `the search gave up, and your span "${open.name}" was started and never ended.`,
      wanted,
      look: 'which lines of yours run when the search gives up? Is the one that ends the span among them?',
      views: view(marks),
      seen: [{ kind: 'unended', text: open.name, spanId: open.spanId }],
    };
  }
  const typed = own.find((span) => span.attributes['error.type'] !== undefined);
  if (typed) {
    return {
      reason: typed.status.code === 'OK' ? 'error-status-overridden' : 'error-status-missing',
      saw: `${typed.name} has error.type = ${JSON.stringify(typed.attributes['error.type'])}, and its status is ${typed.status.code}.`,
      wanted,
      look: 'the line that sets error.type: what else tells that the work failed?',
      views: view([{ spanId: typed.spanId, text: `STATUS: ${typed.status.code}` }]),
      seen: [{ kind: 'status', text: typed.status.code, spanId: typed.spanId }],
    };
  }
  const ok = own.find((span) => span.status.code === 'OK');
  return {
    reason: ok ? 'error-status-overridden' : 'error-not-recorded',
    saw: `${sent.method} ${sent.path.split('?')[0]} answered ${sent.status} with an empty list, and no span of yours tells that it gave up.${ok ? ` ${ok.name} even says OK.` : ''}`,
    wanted,
    look: 'app-backend/src/search/: what happens to the error there? Nobody outside ever sees it.',
    views: view([...marks, { spanId: server.spanId, text: 'MISSING: a span of yours that failed' }]),
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
