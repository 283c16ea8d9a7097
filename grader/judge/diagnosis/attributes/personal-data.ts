import type { AttributeValue } from '@workshop/telemetry/pure';
import type { EvidenceSpan } from '../../../evidence/index.ts';
import type { Failure } from '../../verdict.ts';
import { escaped, isOwnKey } from './keys.ts';

/** A text that no span may hold, and what it is. */
export interface Secret {
  what: string;
  text: string;
  /** drawn for this run alone: it counts wherever it stands, also inside a word or a long text */
  unique?: boolean;
}

/** The first attribute, event or status message that holds one of the texts, or an object as text; null: none. */
export function diagnosePersonalData(
  spans: readonly EvidenceSpan[],
  secrets: readonly Secret[],
): { span: EvidenceSpan; key: string; failure: Failure } | null {
  for (const span of spans) {
    const places: [string, AttributeValue | undefined][] = [
      ...Object.entries(span.attributes),
      ...span.events.flatMap((event) => Object.entries(event.attributes)),
      ['the status message', span.status.message],
    ];
    for (const [key, value] of places) {
      // What the libraries send to the database is exercise 15's matter.
      if (key === 'db.query.text' || key === 'db.statement' || value === undefined) continue;
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      const secret = secrets.find(
        (one) => text === one.text || (one.unique && text.includes(one.text)) || wholeWord(text, one.text),
      );
      const object = typeof value === 'string' && /^\s*\{".*\}\s*$/s.test(value) && isOwnKey(key);
      if (!secret && !object) continue;
      return {
        span,
        key,
        failure: {
          reason: secret ? 'personal-data' : 'attribute-object',
          saw: secret
            ? `${key} on ${span.name} holds ${secret.what}.`
            : `${key} on ${span.name} holds a whole object as text.`,
          wanted:
            'only what a query needs: an id, a count. Everybody who may look at traces can read all the rest.',
          look: 'the line that sets it: which one value of it is needed?',
          seen: [{ kind: 'attribute', text: key, spanId: span.spanId }],
        },
      };
    }
  }
  return null;
}

/** Short texts such as names count only as a word of their own in a value that is not a sentence of the database. */
function wholeWord(text: string, wanted: string): boolean {
  return text.length < 200 && new RegExp(`(^|[^\\p{L}])${escaped(wanted)}([^\\p{L}]|$)`, 'u').test(text);
}
