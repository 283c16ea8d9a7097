import { nearestKey } from '@workshop/telemetry/pure';
import type { Evidence, EvidenceSpan } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { callsAfterEnd, UI_VARIANT, type Variant, variantOn } from '../../joins/index.ts';
import { attributeText, counted, foundHere, listed, missingHere, valueText } from '../../sentences.ts';
import { isOwnKey } from '../attributes/keys.ts';
import { lostOnTheWay } from '../attributes/lost-on-the-way.ts';
import { diagnoseValue } from '../attributes/value.ts';

/** What one process did for one request, or for one message, that had a variant. */
export interface VariantWork {
  /** `GET /feed`, `the message about post 5012` */
  name: string;
  where: 'the page' | 'the API' | 'the worker';
  variant: Variant;
  /** all of them should have it */
  spans: readonly EvidenceSpan[];
}

/** A span that does not have the variant of its work; null when each has. */
export function diagnoseCopied(evidence: Evidence, works: readonly VariantWork[]): Finding | null {
  for (const work of works) {
    const wrong = work.spans.find((span) => ![undefined, work.variant as unknown].includes(variantOn(span)));
    if (wrong) return otherValue(work, wrong, works);
    const missing = work.spans.filter((span) => variantOn(span) === undefined);
    if (missing.length > 0) return notCopied(evidence, work, missing);
  }
  return null;
}

function otherValue(
  { name, variant }: VariantWork,
  span: EvidenceSpan,
  works: readonly VariantWork[],
): Finding {
  const value = variantOn(span);
  const isObject = typeof value !== 'string' || /^\s*[{[]/.test(value);
  const byType = isObject ? diagnoseValue(UI_VARIANT, span, variant, []) : null;
  if (byType) return byType;
  const text = `${UI_VARIANT} = ${valueText(value)}`;
  const base = {
    wanted: `${attributeText(UI_VARIANT, variant)} on "${span.name}": that is what came with ${name}.`,
    marks: [foundHere(span, text)],
    seen: [{ kind: 'attribute', text, spanId: span.spanId }],
  };
  const values = new Set(
    works.flatMap(({ spans }) => spans.map(variantOn)).filter((one) => one !== undefined),
  );
  if (values.size === 1 && new Set(works.map((one) => one.variant)).size > 1) {
    return {
      ...base,
      reason: 'attribute-hard-coded',
      saw: `${UI_VARIANT} is ${valueText(value)} on every span that has it, and requests of both variants came.`,
      look: 'where does the value come from? Is it written into the code, or kept from an earlier request?',
    };
  }
  return {
    ...base,
    reason: 'attribute-wrong-value',
    saw: `${name} came with variant ${variant}, and "${span.name}" says ${valueText(value, 40)}.`,
    look:
      value === 'A' || value === 'B'
        ? 'others were under way at that time, with the other variant. Where is the value kept meanwhile?'
        : 'the line that sets it: which part of the baggage does it read?',
  };
}

function notCopied(evidence: Evidence, work: VariantWork, missing: readonly EvidenceSpan[]): Finding {
  const { name, where, variant, spans } = work;
  const [first] = missing as [EvidenceSpan];
  const wanted = `${attributeText(UI_VARIANT, variant)} on ${spans.length === 1 ? 'the span' : `all ${spans.length} spans`} of ${name} in ${where}.`;
  const base = {
    wanted,
    marks: [missingHere(first, UI_VARIANT)],
    seen: [{ kind: 'spans', text: `${missing.length} of ${spans.length} without it`, spanId: first.spanId }],
  };
  return (
    lostOnTheWay(first, `"${first.name}"`, UI_VARIANT, wanted) ??
    setTooLate(evidence, missing, base) ??
    underOtherKey(spans, base) ?? {
      ...base,
      reason: 'baggage-not-copied',
      ...copiedTo(work, missing, base),
    }
  );
}

type Base = Pick<Finding, 'wanted' | 'seen'> & { marks: NonNullable<Finding['marks']> };

function setTooLate(evidence: Evidence, missing: readonly EvidenceSpan[], base: Base): Finding | null {
  const late = callsAfterEnd(evidence).find(
    ({ key, call, spanId }) =>
      key === UI_VARIANT && call === undefined && missing.some((span) => span.spanId === spanId),
  );
  if (!late) return null;
  const span = missing.find(({ spanId }) => spanId === late.spanId);
  return {
    ...base,
    reason: 'attribute-set-after-end',
    saw: `${UI_VARIANT} was set on "${span?.name}" when that span had ended. OpenTelemetry ignores that.`,
    look: 'at which moment of a span does your code run? Is the span still open then?',
  };
}

function underOtherKey(spans: readonly EvidenceSpan[], base: Base): Finding | null {
  for (const span of spans) {
    const near = nearestKey(UI_VARIANT, Object.keys(span.attributes).filter(isOwnKey));
    if (!near || near.candidate === UI_VARIANT) continue;
    const given = attributeText(near.candidate, span.attributes[near.candidate]);
    return {
      ...base,
      reason: 'attribute-misspelt',
      saw: `"${span.name}" has no ${UI_VARIANT}, but ${given}.`,
      look: 'the name in the task, letter by letter. A query that groups by it finds only the right one.',
      marks: [...base.marks, foundHere(span, given)],
    };
  }
  return null;
}

function copiedTo(
  { name, where, variant, spans }: VariantWork,
  missing: readonly EvidenceSpan[],
  { marks }: Base,
): Pick<Finding, 'saw' | 'look' | 'marks'> {
  const having = spans.find((span) => variantOn(span) !== undefined);
  const came = `${name} ${where === 'the page' ? 'left the page' : `came to ${where}`} with ${UI_VARIANT}=${variant}`;
  if (!having) {
    return {
      saw: `${came}. ${spans.length === 1 ? `The span that ${where} made for it does not have` : `None of the ${spans.length} spans that ${where} made for it has`} the attribute.`,
      look:
        where === 'the worker'
          ? 'two things are needed: a line that writes it on spans, in the worker, too, and the baggage of the message in the context that is active then. A link brings none along.'
          : 'baggage goes from program to program, and nobody writes it on spans by himself. Which line of yours does?',
      marks,
    };
  }
  const names = [...new Set(missing.map((span) => `"${span.name}"`))];
  return {
    saw: `${came}. "${having.name}" has the attribute, and ${missing.length} of ${counted(spans.length, 'span')} in ${where} have not: ${listed(names.slice(0, 3))}${names.length > 3 ? ' and others' : ''}.`,
    look: 'who sees every span as it starts, also one that a library makes? And which context is active at that moment?',
    marks: [...marks, foundHere(having, UI_VARIANT)],
  };
}
