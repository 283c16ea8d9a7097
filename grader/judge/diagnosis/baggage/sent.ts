import { nearestKey } from '@workshop/telemetry/pure';
import type { Evidence, EvidenceSpan, HeaderRecord } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import {
  baggageEntries,
  clientSpansOf,
  UI_VARIANT,
  type Variant,
  type VariantVisit,
  variantOn,
} from '../../joins/index.ts';
import { attributeText, counted, requestName } from '../../sentences.ts';

/** A request of the page, and the layout that its visitor had. */
export interface RequestInLayout {
  record: HeaderRecord;
  variant: Variant;
}

/** A request of the page whose baggage does not say the visitor's layout; null when each does. */
export function diagnoseVariantSent(
  evidence: Evidence,
  requests: readonly RequestInLayout[],
): Finding | null {
  const said = (record: HeaderRecord) => baggageEntries(record.baggage).get(UI_VARIANT);
  const wrong = requests.find(({ record, variant }) => said(record) !== variant);
  if (!wrong) return null;
  const { record, variant } = wrong;
  const client = clientSpansOf(evidence).get(record);
  const base = {
    wanted: `${requestName(record)} with the header baggage: ${UI_VARIANT}=${variant}.`,
    marks: client ? [markOn(client, `SENT WITHOUT ${UI_VARIANT}=${variant}`)] : [],
    seen: [{ kind: 'header', text: `baggage: ${record.baggage?.slice(0, 200) ?? 'none'}` }],
  };
  const value = said(record);
  if (value !== undefined) {
    const values = requests.flatMap((one) => said(one.record) ?? []);
    return { ...base, ...otherVariant(wrong, value, values) };
  }
  return { ...base, reason: 'baggage-not-sent', ...notSaid(wrong, client, requests, said) };
}

function otherVariant(
  { record, variant }: RequestInLayout,
  value: string,
  values: readonly string[],
): Pick<Finding, 'reason' | 'saw' | 'look'> {
  const constant = values.length > 1 && new Set(values).size === 1;
  return {
    reason: 'baggage-wrong-value',
    saw: `${requestName(record)} came with ${attributeText(UI_VARIANT, value)} in its baggage, and the visitor had layout ${variant}.${constant ? ` All ${values.length} requests say so, in either layout.` : ''}`,
    look: constant
      ? 'where does the value come from? Which part of the page knows the layout of this visitor?'
      : 'when is the value read, and from where? An address can choose another layout, and then that one counts.',
  };
}

function notSaid(
  { record }: RequestInLayout,
  client: EvidenceSpan | undefined,
  requests: readonly RequestInLayout[],
  said: (record: HeaderRecord) => string | undefined,
): Pick<Finding, 'saw' | 'look'> {
  const name = requestName(record);
  const entries = baggageEntries(record.baggage);
  const near = nearestKey(UI_VARIANT, [...entries.keys()]);
  if (near) {
    return {
      saw: `${name} came with ${attributeText(near.candidate, entries.get(near.candidate))} in its baggage, and with no ${UI_VARIANT}.`,
      look: 'the key, letter by letter: whoever reads the baggage looks for the right one.',
    };
  }
  if (record.baggage !== null && entries.size === 0) {
    return {
      saw: `${name} came with baggage: ${record.baggage.slice(0, 60)}. That is no list of entries.`,
      look: 'who writes the header? Its entries are key=value, with commas between them. The SDK has a propagator for it.',
    };
  }
  if (record.baggage !== null) {
    return {
      saw: `${name} came with baggage: ${record.baggage.slice(0, 80)}. It has no ${UI_VARIANT}.`,
      look: 'which entries does your code put into the baggage, and under which keys?',
    };
  }
  const others = requests.filter((one) => said(one.record) === one.variant);
  const known =
    client && variantOn(client) !== undefined ? ` Its own span has ${UI_VARIANT}: the page knows it.` : '';
  const [first] = others;
  if (!first) {
    return {
      saw: `${name} came to the API without a baggage header. So did all ${counted(requests.length, 'request')} of the page.${known}`,
      look: 'which context is active when a request is sent, and is the baggage in it? Each call gives a new context; and what next(request) gives has sent nothing yet.',
    };
  }
  return {
    saw: `${name} came to the API without a baggage header. ${others.length} of ${requests.length} requests had one, such as ${requestName(first.record)}.${known}`,
    look: 'which requests pass the lines that set the baggage? What counts is the context in which a request is subscribed to.',
  };
}

/** The visitor published in this layout, and Murmur has no such post; null: it has one. */
export function diagnoseUnpublished({ variant, postId }: VariantVisit): Finding | null {
  if (postId !== null) return null;
  return {
    reason: 'request-failed',
    saw: `somebody with layout ${variant} published a post in the page, and Murmur did not save it.`,
    wanted: 'the page publishes as before you changed it.',
    look: 'what does your change do to the request that saves a post?',
    seen: [{ kind: 'post', text: `layout ${variant}: none` }],
  };
}
