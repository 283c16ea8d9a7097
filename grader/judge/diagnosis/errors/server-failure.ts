import type { EvidenceSpan, SentRequest } from '../../../evidence/index.ts';
import type { Failure, Mark, TraceView } from '../../verdict.ts';
import { isOwnScope } from '../spans/spans.ts';

/** A message that repeats the status code in words. */
const SAYS_NOTHING =
  /^(?:(?:http )?(?:status )?(?:code )?500\b.{0,24}|internal server error|(?:an |unknown |server )?error|failed|something went wrong)[.!]?$/i;

/** Why the SERVER span of a failed request does not tell of it in full; null when it does. */
export function diagnoseServerFailure(
  server: EvidenceSpan,
  spans: readonly EvidenceSpan[],
  sent: SentRequest,
  view: (marks: Mark[]) => TraceView[],
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
