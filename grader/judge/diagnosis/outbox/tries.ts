import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { type Delivery, type Message, openWorkerSpansOf, serverSpanOf, wayTo } from '../../joins/index.ts';
import { counted } from '../../sentences.ts';
import { diagnoseCarrier } from './connection.ts';

/**
 * Why a message that failed and was tried again has not a CONSUMER span for each try, of which the first tells of the
 * failure; null when it has.
 * @param tries CONSUMER spans of this part that are not below another one, oldest first
 */
export function diagnoseTries(
  evidence: Evidence,
  part: Delivery,
  message: Message,
  tries: readonly EvidenceSpan[],
): Finding | null {
  const [first, ...later] = tries;
  const last = later.at(-1);
  const seen = [{ kind: 'tries', text: String(tries.length) }];
  const wanted = 'one CONSUMER span for each try. The one of the try that failed ends, too, and says so.';
  if (!first || !last) {
    const open = openWorkerSpansOf(evidence, part).find(({ kind }) => kind === 'CONSUMER');
    return {
      reason: 'span-not-ended-on-error',
      saw: `the first try of a message failed, and the second one did its work. There ${tries.length === 1 ? 'is' : 'are'} ${counted(tries.length, 'CONSUMER span')}${open ? `, and another "${open.name}" that never ended` : ''}.`,
      wanted,
      look: 'which lines of yours run when the work on a message throws? Is the one that ends the span among them?',
      marks: first ? [markOn(first, 'THE ONLY ONE of two tries')] : [],
      seen,
    };
  }
  const apart = tries.find((span) => !wayTo(evidence, span, message.request));
  if (apart) {
    const server = serverSpanOf(evidence, message.request);
    const base = {
      wanted: 'each try leads back to the publish.',
      marks: [markOn(apart, 'LEADS NOWHERE')],
      seen: [...seen, { kind: 'row', text: message.row.slice(0, 400) }],
    };
    return (
      (server && diagnoseCarrier(evidence, message, server, base)) ?? {
        ...base,
        reason: 'carrier-not-extracted',
        saw: `a message was tried ${tries.length} times, and the ${apart === first ? 'first' : 'next'} try does not lead back to its publish.`,
        look: 'does each try take the context out of the row anew?',
      }
    );
  }
  if (first.status.code !== 'ERROR') {
    return {
      reason: 'error-status-missing',
      saw: `the first try of a message failed, and the status of "${first.name}" is ${first.status.code}.`,
      wanted,
      look: 'which line of yours sees the error on its way out?',
      marks: [markOn(first, `STATUS: ${first.status.code}`)],
      seen,
    };
  }
  if (last.status.code === 'ERROR') {
    return {
      reason: 'error-on-success',
      saw: `the second try of a message did its work, and "${last.name}" has the status ERROR.`,
      wanted,
      look: 'when does the line run that sets the status?',
      marks: [markOn(last, 'STATUS: ERROR')],
      seen,
    };
  }
  return null;
}
