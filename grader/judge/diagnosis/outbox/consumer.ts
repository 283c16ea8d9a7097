import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import {
  type Delivery,
  openWorkerSpansOf,
  processOf,
  rowsOf,
  spanIndexOf,
  workerSpansOf,
} from '../../joins/index.ts';
import { listed, neverEnded } from '../../sentences.ts';
import { relevantLines } from '../program/output.ts';
import { diagnoseProcesses } from '../program/requests.ts';
import { isOwnScope } from '../spans/own-scope.ts';
import { queryText } from './producer.ts';
import { malformedLink } from './worker-silence.ts';

/** The query that tells one follower. */
export const TELLING = /insert\s+into\s+"?notifications"?/i;

/** The learner's own CONSUMER spans that the worker began in this part. */
export function consumersOf(evidence: Evidence, part: Delivery): EvidenceSpan[] {
  return workerSpansOf(evidence, part).filter((span) => span.kind === 'CONSUMER' && isOwnScope(span));
}

/** A message that still waits though the worker had its time; null when all were delivered. */
export function diagnoseUndelivered(evidence: Evidence, part: Delivery): Finding | null {
  if (part.emptied) return null;
  const broken = diagnoseProcesses(evidence);
  if (broken) return broken;
  const worker = processOf(evidence, 'worker');
  return {
    reason: 'message-not-delivered',
    saw: 'a message still waits in the outbox. The worker runs, and does not come to its end with it.',
    wanted: 'every message is delivered as before, whatever its trace.',
    look: "what does your change do with a message? The lines below are the worker's own words.",
    output: worker ? relevantLines(worker.output) : [],
    seen: [{ kind: 'outbox', text: `${part.what}: not emptied` }],
  };
}

/** A post that left no message, so that nobody is told of it; null when each left one. */
export function diagnoseUnleft(evidence: Evidence, part: Delivery): Finding | null {
  const known = rowsOf(evidence).map(({ postId }) => postId);
  const missing = part.postIds.find((postId) => !known.includes(postId));
  if (missing === undefined) return null;
  return {
    reason: 'message-not-delivered',
    saw: `POST /posts published post ${missing}, and left no message about it in the outbox.`,
    wanted: 'one message for each post, as before: without it no follower hears of the post.',
    look: 'your change at the line that writes to the outbox. Does that line still run, with the same payload?',
    seen: [{ kind: 'outbox', text: `no row about post ${missing}` }],
  };
}

/** Why the worker made no CONSUMER span while it delivered a message; null when it made one. */
export function diagnoseNoConsumer(
  evidence: Evidence,
  part: Delivery,
  found: readonly EvidenceSpan[],
): Finding | null {
  const spans = workerSpansOf(evidence, part);
  const broken = malformedLink(spans.filter(isOwnScope));
  if (broken) return broken;
  if (found.length > 0) return null;
  const wanted = 'a span of kind CONSUMER in the worker: the work that the message asks for.';
  const open = openWorkerSpansOf(evidence, part).find(isOwnScope);
  if (open) {
    return {
      reason: 'span-never-ended',
      saw: neverEnded(`"${open.name}" of the worker`),
      wanted,
      look: 'is there a line that ends the span, and does every way through your code pass it?',
      marks: [{ traceId: open.traceId, spanId: null, text: `NEVER ENDED: ${open.name}` }],
      seen: [{ kind: 'unended', text: open.name, spanId: open.spanId }],
    };
  }
  const own = spans.filter(isOwnScope);
  const telling = spans.find((span) => TELLING.test(queryText(span)));
  const around = telling && spanIndexOf(evidence).ancestorsOf(telling).find(isOwnScope);
  const other = around ?? own[0];
  if (other) {
    return {
      reason: 'span-wrong-kind',
      saw: `the worker's own ${own.length === 1 ? 'span is' : 'spans are'} ${listed(kindsOf(own))}, and none is a CONSUMER.`,
      wanted,
      look: 'the line that starts the span: what do you give it besides its name?',
      marks: [markOn(other, `KIND: ${other.kind}`)],
      seen: [{ kind: 'kind', text: other.kind, spanId: other.spanId }],
    };
  }
  return {
    reason: 'span-missing',
    saw: `the worker delivered a message and made ${spans.length} spans, and none of them is yours.`,
    wanted,
    look: 'the line in the worker that works on a message. Does your span start there?',
    marks: spans.slice(0, 1).map((span) => markOn(span, 'NO CONSUMER span above it', { place: 'before' })),
    seen: [{ kind: 'missing', text: 'CONSUMER' }],
  };
}

/** `"process outbox" (INTERNAL)`, each once */
function kindsOf(spans: readonly EvidenceSpan[]): string[] {
  return [...new Set(spans.map(({ name, kind }) => `"${name}" (${kind})`))].slice(0, 3);
}

/** One message has several CONSUMER spans that are not parts of each other; null when it has not. */
export function diagnoseManyConsumers(evidence: Evidence, found: readonly EvidenceSpan[]): Finding | null {
  const index = spanIndexOf(evidence);
  // On a busy machine the database may give up, and then the message is tried again: that is another span.
  const tried = found.filter(({ status }) => status.code !== 'ERROR');
  const apart = tried.filter((span) => !tried.some((other) => index.isBelow(span, other)));
  const [first] = apart;
  if (!first || apart.length === 1) return null;
  return {
    reason: apart.length > 3 ? 'span-per-item' : 'span-duplicated',
    saw: `one message has ${apart.length} CONSUMER spans in the worker, beside each other.`,
    wanted: 'one for each message and each try. What the message asks for are spans below it.',
    look: 'how often does the line that starts it run for one message?',
    marks: [markOn(first, `THE FIRST of ${apart.length}`)],
    seen: [{ kind: 'count', text: String(apart.length), spanId: first.spanId }],
  };
}
