import type { EvidenceSpan, HeaderRecord } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { baggageEntries, textsOf, UI_VARIANT, variantOn } from '../../joins/index.ts';
import { attributeText, foundHere, listed, requestName, valueText } from '../../sentences.ts';

/** A word that a stranger put into baggage, and as what. */
export type Stranger = { what: string; text: string };

/** A request of the page with more in its baggage than the variant; null: there is none. */
export function diagnoseOtherEntries(
  records: readonly HeaderRecord[],
  clientOf: (record: HeaderRecord) => EvidenceSpan | undefined,
): Finding | null {
  for (const record of records) {
    const others = [...baggageEntries(record.baggage)].filter(([key]) => key !== UI_VARIANT);
    if (others.length === 0) continue;
    const client = clientOf(record);
    return {
      reason: 'baggage-too-much',
      saw: `${requestName(record)} has more than the variant in its baggage: ${listed(others.slice(0, 3).map(([key, value]) => attributeText(key, value, 40)))}.`,
      wanted: `${UI_VARIANT} and nothing else. Baggage goes to every program behind, and each of them may keep it.`,
      look: 'what else does your code put into the baggage? Who would ask for that there?',
      marks: client ? [markOn(client, 'ITS BAGGAGE holds more than the variant')] : [],
      seen: [{ kind: 'header', text: `baggage: ${record.baggage?.slice(0, 200)}` }],
    };
  }
  return null;
}

/** A span that holds what a stranger had put into baggage; null: none does. */
export function diagnoseStrangersWord(
  spans: readonly EvidenceSpan[],
  strangers: readonly Stranger[],
): Finding | null {
  for (const span of spans) {
    for (const { where, text } of textsOf(span)) {
      const found = strangers.find((one) => text.toLowerCase().includes(one.text));
      if (!found) continue;
      return {
        reason: 'baggage-too-much',
        saw: `${where} on "${span.name}" holds what a stranger had put into baggage: ${found.what}.`,
        wanted: `${UI_VARIANT}, where it is one of Murmur's layouts, and nothing else. Anybody can send a header.`,
        look: 'which entries does your code take, and what does it ask of their values?',
        marks: [foundHere(span, where)],
        seen: [{ kind: 'text', text: valueText(text), spanId: span.spanId }],
      };
    }
    const value = variantOn(span);
    if (value === undefined || value === 'A' || value === 'B') continue;
    return {
      reason: 'baggage-too-much',
      saw: `"${span.name}" has ${UI_VARIANT} = ${valueText(value, 40)}. Murmur has no such layout.`,
      wanted: `${UI_VARIANT} where it is one of Murmur's layouts, A or B, and else no attribute.`,
      look: 'what does your code ask of a value before it takes it?',
      marks: [foundHere(span, UI_VARIANT)],
      seen: [{ kind: 'attribute', text: valueText(value), spanId: span.spanId }],
    };
  }
  return null;
}

/** A row of the outbox that holds what a stranger had put into baggage; null: none does. */
export function diagnoseKept(
  rows: readonly { id: string; row: string }[],
  strangers: readonly Stranger[],
): Finding | null {
  for (const { id, row } of rows) {
    const found = strangers.find((one) => row.toLowerCase().includes(one.text));
    if (!found) continue;
    const at = row.toLowerCase().indexOf(found.text);
    return {
      reason: 'baggage-too-much',
      saw: `row ${id} of the outbox holds what a stranger had put into baggage: ${found.what}. There it stays.`,
      wanted: `the trace's own headers, and of the baggage ${UI_VARIANT} alone: its key and its value.`,
      look: 'what is in the baggage of the context that you inject into the row, and who put it there?',
      seen: [{ kind: 'row', text: row.slice(Math.max(0, at - 60), at + 40) }],
    };
  }
  return null;
}

/** A span of work that had no variant, and has one all the same; null: none has. */
export function diagnoseInvented(name: string, spans: readonly EvidenceSpan[]): Finding | null {
  const found = spans.find((span) => variantOn(span) !== undefined);
  if (!found) return null;
  const text = `${UI_VARIANT} = ${valueText(variantOn(found), 40)}`;
  return {
    reason: 'attribute-unexpected',
    saw: `${name} came without a variant of Murmur's, and "${found.name}" has ${text}.`,
    wanted: `no ${UI_VARIANT} at all: nobody knows it. An empty or invented value is a layout of its own in every query.`,
    look: 'the line that sets it: what does it do where the baggage has no entry? Is the value kept from another request?',
    marks: [foundHere(found, text)],
    seen: [{ kind: 'attribute', text, spanId: found.spanId }],
  };
}
