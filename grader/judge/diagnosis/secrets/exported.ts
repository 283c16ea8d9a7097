import type { EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { formsOf, type SpanText, textsOf } from '../../joins/index.ts';
import { counted, listed } from '../../sentences.ts';

/** A secret of this run. */
export type Secret = {
  /** `the token of a shared link` */
  what: string;
  text: string;
};

interface Leak {
  span: EvidenceSpan;
  place: SpanText;
  secret: Secret;
  form: string;
}

/** A secret in what the collector got, in these parts of spans; null: none is there. */
export function diagnoseLeaks(
  spans: readonly EvidenceSpan[],
  secrets: readonly Secret[],
  parts: readonly SpanText['part'][],
): Finding | null {
  // Thousands of texts are searched for each: what is the same for all of them is made once.
  const wanted = secrets.map((secret) => ({ secret, forms: formsOf(secret.text) }));
  const leaks = spans.flatMap((span) => leaksOf(span, wanted, parts));
  const [first] = leaks;
  if (!first) return null;
  const { span, place, secret, form } = first;
  const service = String(span.resource['service.name'] ?? 'a service');
  const others = [...new Set(leaks.map((leak) => leak.place.where))].filter((one) => one !== place.where);
  return {
    reason: 'secret-exported',
    saw: `the collector got ${secret.what} from ${service}, in ${place.where} of "${cut(span.name, secrets)}": ${JSON.stringify(around(place.text, secret, form, secrets))}${form === 'as it is' ? '' : `, ${form}`}.${others.length > 0 ? ` Also in ${listed(others.slice(0, 3))}${others.length > 3 ? `, and ${counted(others.length - 3, 'other place')}` : ''}.` : ''}`,
    wanted: `nothing of it in ${place.where}: taken out, replaced or hashed before it leaves the process.`,
    look: 'which parts of a span does your redaction go through, and what does it look for there? Who wrote this one?',
    marks: [markOn(span, `SECRET HERE: ${place.where}`)],
    seen: [{ kind: 'secret', text: `${place.where}, ${form}`, spanId: span.spanId }],
  };
}

function leaksOf(
  span: EvidenceSpan,
  wanted: readonly { secret: Secret; forms: ReturnType<typeof formsOf> }[],
  parts: readonly SpanText['part'][],
): Leak[] {
  return textsOf(span)
    .filter(({ part, text }) => parts.includes(part) && text !== '')
    .flatMap((place) => {
      const text = readable(place.text);
      return wanted.flatMap(({ secret, forms }) => {
        const found = forms.find((form) => text.includes(form.text));
        return found ? [{ span, place, secret, form: found.form }] : [];
      });
    });
}

/** An address within an address is written with percent signs. */
function readable(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return `${text} ${decodeURIComponent(text)}`;
  } catch {
    return text;
  }
}

/** The place with the secret cut to its first characters: a report is attached to bug reports. */
function around(text: string, secret: Secret, form: string, secrets: readonly Secret[]): string {
  const at = text.indexOf(formsOf(secret.text).find((one) => one.form === form)?.text ?? secret.text);
  const from = Math.max(0, at - 30);
  return `${from > 0 ? '...' : ''}${cut(text, secrets).slice(from, from + 50)}`;
}

function cut(text: string, secrets: readonly Secret[]): string {
  return secrets.reduce(
    (shown, { text: secret }) =>
      formsOf(secret).reduce(
        (one, form) => one.replaceAll(form.text, `${form.text.slice(0, 4)}[cut]`),
        shown,
      ),
    text,
  );
}
