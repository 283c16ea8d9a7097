import type { EvidenceSpan, SentRequest } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { foundHere, missingHere } from '../../sentences.ts';
import { isOwnScope } from '../spans/own-scope.ts';

/** A message that repeats the status code in words. */
const SAYS_NOTHING =
  /^(?:(?:http )?(?:status )?(?:code )?500\b.{0,24}|internal server error|(?:an |unknown |server )?error|failed|something went wrong)[.!]?$/i;

/**
 * Why the SERVER span of a failed request does not tell of it in full; null when it does.
 * @param told another failed request, whose SERVER span has a message
 */
export function diagnoseServerFailure(
  server: EvidenceSpan,
  spans: readonly EvidenceSpan[],
  sent: SentRequest,
  told?: SentRequest,
): Finding | null {
  const title = `${sent.method} ${server.attributes['http.route'] ?? sent.path} answered ${sent.status}`;
  const wanted = `status ERROR with a message on ${server.name}, the SERVER span: alerts and lists of errors read that one.`;
  if (server.status.code === 'OK') {
    return {
      reason: 'error-status-overridden',
      saw: `${title}, and the status of its SERVER span is OK. OK is final: no later ERROR counts.`,
      wanted,
      look: 'the line that sets OK. A status that nobody sets is good enough for success.',
      marks: [markOn(server, 'STATUS: OK')],
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
        marks: [missingHere(server, 'status ERROR'), foundHere(other, 'status ERROR')],
        seen: [{ kind: 'status', text: `ERROR on ${other.name}`, spanId: other.spanId }],
      };
    }
    return {
      reason: 'error-status-missing',
      saw: `${title}, and the status of its SERVER span is not set.`,
      wanted,
      look: 'who sets the status of the SERVER span when the answer is a 500?',
      marks: [missingHere(server, 'status ERROR')],
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
      marks: [foundHere(server, message)],
      seen: [{ kind: 'status', text: `ERROR: ${message}`, spanId: server.spanId }],
    };
  }
  if (message !== '') return null;
  const own = spans.find((span) => span.spanId !== server.spanId && span.status.message && isOwnScope(span));
  if (told && !own) {
    return {
      reason: 'error-message-missing',
      saw: `${title}. The status of its SERVER span is ERROR, without a message. That of ${told.method} ${told.path}, which failed of another error, has one.`,
      wanted,
      look: 'which errors does your code hear of? Something else was thrown here.',
      marks: [missingHere(server, 'the message of the status')],
      seen: [{ kind: 'status', text: 'ERROR without a message', spanId: server.spanId }],
    };
  }
  return {
    reason: own ? 'error-on-wrong-span' : 'error-message-missing',
    saw: own
      ? `${title}. The message is on ${own.name}, and the status of the SERVER span has none.`
      : `${title}. The status of its SERVER span is ERROR, without a message.`,
    wanted,
    // Who set which status when is not recorded, so this is where to read on and no cause.
    look: own
      ? 'exercises/04-errors/README.md, "Who has the last word".'
      : 'exercises/04-errors/README.md, "Who has the last word": who sets the status when the answer is sent?',
    marks: [missingHere(server, 'the message of the status'), ...(own ? [foundHere(own, 'a message')] : [])],
    seen: [{ kind: 'status', text: 'ERROR without a message', spanId: server.spanId }],
  };
}
