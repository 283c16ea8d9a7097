import type { EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { baggageEntries, UI_VARIANT, type Variant, type VariantMessage } from '../../joins/index.ts';
import { counted, missingHere, valueText } from '../../sentences.ts';

/** What a row of the outbox says of the variant, wherever it stands in it; null: nothing. */
export function variantInRow(row: string): string | null {
  const search = (key: string, value: unknown): string | null => {
    if (typeof value === 'string') {
      const entry = baggageEntries(value).get(UI_VARIANT);
      if (entry !== undefined) return entry;
      if (/variant/i.test(key)) return value;
      // A carrier may be kept as text.
      return new RegExp(`${UI_VARIANT.replaceAll('.', '\\.')}\\W+([AB])\\b`).exec(value)?.[1] ?? null;
    }
    if (typeof value !== 'object' || value === null) return null;
    for (const [name, one] of Object.entries(value)) {
      const found = search(name, one);
      if (found !== null) return found;
    }
    return null;
  };
  try {
    return search('', JSON.parse(row));
  } catch {
    return null;
  }
}

/** The variant did not get into the message's row, or it is another one; null when it is there. */
export function diagnoseRowVariant(message: VariantMessage): Finding | null {
  const { variant, row, request, server } = message;
  const said = variantInRow(row);
  if (variant === null || said === variant) return null;
  const base = {
    wanted: `the row carries ${UI_VARIANT}=${variant}, beside the context of its trace.`,
    marks: server ? [markOn(server, `HAD ${UI_VARIANT}=${variant}, and its message has not`)] : [],
    seen: [{ kind: 'row', text: row.slice(0, 400) }],
  };
  if (said !== null) {
    return {
      ...base,
      reason: 'baggage-wrong-value',
      saw: `${request} had variant ${variant}, and the row that it left in the outbox says ${valueText(said, 40)}.`,
      look: 'where does your code take the variant of a message from, and who else writes there?',
    };
  }
  return {
    ...base,
    reason: 'baggage-not-sent',
    saw: `${request} had variant ${variant}, and the row that it left in the outbox says nothing of it: ${/"baggage"/.test(row) ? 'its baggage is without the entry' : 'it has no baggage'}.`,
    look: 'which context is injected into the row, what is in its baggage, and which propagators does the API have?',
  };
}

/** A batch under one CONSUMER span: what it should say of one message. */
export interface MessageInBatch {
  message: VariantMessage;
  /** of the link that leads to the message's request; undefined: no link has one */
  linkValue: unknown;
}

/** A link of a batch that does not say the variant of its message; null when each does. */
export function diagnoseBatchLinks(
  consumer: EvidenceSpan,
  messages: readonly MessageInBatch[],
): Finding | null {
  for (const { message, linkValue } of messages) {
    if ((linkValue ?? null) === message.variant) continue;
    const { request, variant } = message;
    const wanted = `each link of "${consumer.name}" says the variant of its own message, where there is one.`;
    if (variant === null) {
      return {
        reason: 'attribute-unexpected',
        saw: `${request} had no variant, and the link of "${consumer.name}" that leads to it says ${valueText(linkValue, 40)}.`,
        wanted,
        look: 'where does the value come from? Is it that of another message of the batch?',
        marks: [markOn(consumer, `A LINK says ${valueText(linkValue, 40)}`)],
        seen: [{ kind: 'link', text: valueText(linkValue), spanId: consumer.spanId }],
      };
    }
    return {
      reason: linkValue === undefined ? 'baggage-not-copied' : 'attribute-wrong-value',
      saw: `${request} had variant ${variant}, and the link of "${consumer.name}" that leads to it ${linkValue === undefined ? 'does not say so' : `says ${valueText(linkValue, 40)}`}.`,
      wanted,
      look: 'what do you know of each message where its link is made?',
      marks: [missingHere(consumer, `${UI_VARIANT} = "${variant}" of a link`)],
      seen: [{ kind: 'link', text: valueText(linkValue), spanId: consumer.spanId }],
    };
  }
  return null;
}

/** The queries of a batch are not divided among the variants as its messages are; null when they are. */
export function diagnoseBatchQueries(
  consumer: EvidenceSpan,
  messages: readonly VariantMessage[],
  telling: readonly { span: EvidenceSpan; value: unknown }[],
): Finding | null {
  for (const variant of ['A', 'B'] as const satisfies Variant[]) {
    const wanted = messages
      .filter((one) => one.variant === variant)
      .reduce((sum, { followers }) => sum + followers, 0);
    const found = telling.filter(({ value }) => value === variant).length;
    if (found === wanted) continue;
    const shown = telling.find(({ value }) => value === undefined) ?? telling[0];
    return {
      reason: found < wanted ? 'baggage-not-copied' : 'attribute-wrong-value',
      saw: `messages with variant ${variant} had ${wanted} followers to tell, and ${counted(found, 'query')} below "${consumer.name}" ${found === 1 ? 'says' : 'say'} ${UI_VARIANT} = "${variant}".`.replace(
        'querys',
        'queries',
      ),
      wanted: 'each query has the variant of the message that it was made for.',
      look: 'which context is active while one message of the batch is worked on, and what is in its baggage?',
      marks: shown ? [markOn(shown.span, `SAYS ${valueText(shown.value ?? 'nothing', 40)}`)] : [],
      seen: [{ kind: 'queries', text: `${found} of ${wanted} with ${variant}`, spanId: consumer.spanId }],
    };
  }
  return null;
}
