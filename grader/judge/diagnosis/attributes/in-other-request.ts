import type { Evidence, EvidenceSpan, SentRequest } from '../../../evidence/index.ts';
import { serverSpanOf, spanIndexOf, spansOf } from '../../joins/index.ts';
import { attributeText, requestName, spansDown } from '../../sentences.ts';

/** Where another request has an attribute that one of them misses. */
export interface InOtherRequest {
  holder: EvidenceSpan;
  /** `GET /feed has user.id = "4711" on list, two spans further down.` */
  text: string;
  /** it has the attribute only because the other request was under way at the same time */
  strayed: boolean;
}

interface Asked {
  /** `GET /notifications` */
  name: string;
  startMs: number;
  durationMs: number;
}

/**
 * A request of another name that has the attribute: what a learner wrote does work, and not everywhere. One that has it
 * by mistake comes first. Null when none has it.
 * @param request the one that misses it
 */
export function inOtherRequest(evidence: Evidence, key: string, request: Asked): InOtherRequest | null {
  const others = evidence.requests.filter((sent) => requestName(sent) !== request.name);
  const having = others.flatMap((sent) => {
    const holder = holderIn(evidence, key, sent);
    return holder ? [{ sent, holder }] : [];
  });
  // Whatever has it only beside this request, and never alone, got it from this one.
  const strayed = having.find(({ sent }) => {
    const apart = others.filter((one) => requestName(one) === requestName(sent) && !overlap(one, request));
    return overlap(sent, request) && apart.length > 0 && !apart.some((one) => holderIn(evidence, key, one));
  });
  const found = strayed ?? having[0];
  if (!found) return null;
  const { sent, holder } = found;
  const name = `${requestName(sent)}${strayed ? ', under way at the same time,' : ''}`;
  const text = `${name} has ${whereIn(evidence, key, sent, holder)}.`;
  return { holder, text, strayed: strayed !== undefined };
}

function overlap(one: SentRequest, other: Asked): boolean {
  return one.startMs < other.startMs + other.durationMs && other.startMs < one.startMs + one.durationMs;
}

function holderIn(evidence: Evidence, key: string, sent: SentRequest): EvidenceSpan | undefined {
  if (!serverSpanOf(evidence, sent)) return undefined;
  return spansOf(evidence, sent).find((span) => span.attributes[key] !== undefined);
}

/** `user.id = "4711" on its SERVER span` */
function whereIn(evidence: Evidence, key: string, sent: SentRequest, holder: EvidenceSpan): string {
  const given = attributeText(key, holder.attributes[key], 40);
  const server = serverSpanOf(evidence, sent);
  if (holder.spanId === server?.spanId) return `${given} on its SERVER span`;
  const depth = spanIndexOf(evidence)
    .ancestorsOf(holder)
    .findIndex(({ spanId }) => spanId === server?.spanId);
  return `${given} on ${holder.name}${depth < 0 ? '' : `, ${spansDown(depth + 1)}`}`;
}
