import type { AttributeValue } from '@workshop/telemetry/pure';
import type { EvidenceSpan } from '../../../evidence/index.ts';
import type { Finding } from '../../finding.ts';
import { foundHere } from '../../sentences.ts';
import { isOwnKey } from './keys.ts';

/** A text that no span may hold, and what it is. */
export interface Secret {
  what: string;
  text: string;
  /** drawn for this run alone: it counts wherever it stands, also inside a word or a long text */
  unique?: boolean;
}

/** One text of a span and what messages call its place. */
interface Place {
  name: string;
  value: AttributeValue | undefined;
  /** the learner's own attribute: a library's may hold an object, the learner's may not */
  own: boolean;
}

const ONLY_NEEDED =
  'only what a query needs: an id, a count. Everybody who may look at traces can read all the rest.';

/** The first name, attribute, event, link or status message that holds one of the texts, or an object as text; null: none. */
export function diagnosePersonalData(
  secrets: readonly Secret[],
  spans: readonly EvidenceSpan[],
  wanted = ONLY_NEEDED,
): Finding | null {
  const find = finderOf(secrets);
  for (const span of spans) {
    for (const place of placesOf(span)) {
      const { name, value, own } = place;
      if (value === undefined) continue;
      const secret = find(value);
      const object = own && isObjectText(value);
      if (!secret && !object) continue;
      const where = name === span.name ? `the name of the span ${span.name}` : `${name} on ${span.name}`;
      return {
        reason: secret ? 'personal-data' : 'attribute-object',
        saw: secret ? `${where} holds ${secret.what}.` : `${where} holds a whole object as text.`,
        wanted,
        look: 'the line that sets it: which one value of it is needed?',
        marks: [foundHere(span, name)],
        seen: [{ kind: 'attribute', text: name, spanId: span.spanId }],
      };
    }
  }
  return null;
}

/** What a failure says of itself: status messages, exception events, error attributes. Nothing else is looked at. */
export function onlyMessages(span: EvidenceSpan): EvidenceSpan {
  const attributes = Object.entries(span.attributes).filter(([key]) => /^(?:error|exception)\b/.test(key));
  return { ...span, attributes: Object.fromEntries(attributes) };
}

function placesOf(span: EvidenceSpan): Place[] {
  const attribute = ([name, value]: [string, AttributeValue]): Place => ({
    name,
    value,
    own: isOwnKey(name),
  });
  return [
    { name: span.name, value: span.name, own: false },
    // The text of a query is what a library sends to the database: nobody of the learner's wrote it down.
    ...Object.entries(span.attributes)
      .filter(([key]) => key !== 'db.query.text' && key !== 'db.statement')
      .map(attribute),
    ...span.events.flatMap((event) => [
      { name: `the event "${event.name}"`, value: event.name, own: false },
      ...Object.entries(event.attributes).map(attribute),
    ]),
    ...span.links.flatMap(({ attributes }) =>
      Object.entries(attributes).map(([key, value]) => attribute([`${key} of a link`, value])),
    ),
    { name: 'the status message', value: span.status.message, own: false },
  ];
}

/** Longer texts are sentences of the database and the like, in which one name proves nothing, and several do. */
const LONGEST_WITH_NAMES = 200;
const NAMES_IN_LONG_TEXT = 4;
/** A name has at most so many words. */
const WORDS_OF_NAME = 4;

/**
 * Finds the secret that a value holds. Upper and lower case are one: a name in capitals is still that name. Names count
 * as whole words only; they are looked up by the words of the text, so that the names of all users cost no more than one.
 */
function finderOf(secrets: readonly Secret[]): (value: AttributeValue) => Secret | undefined {
  const named = new Map(secrets.map((one) => [wordsOf(one.text).join(' '), one]));
  named.delete('');
  const whole = new Map(secrets.map((one) => [one.text.toLowerCase(), one]));
  whole.delete('');
  const unique = secrets.filter((one) => one.unique && one.text !== '');
  return (value) => {
    const text = (typeof value === 'string' ? value : JSON.stringify(value)).toLowerCase();
    const found = whole.get(text) ?? unique.find((one) => text.includes(one.text.toLowerCase()));
    if (found) return found;
    const names = namesIn(wordsOf(text), named);
    const enough = text.length < LONGEST_WITH_NAMES ? 1 : NAMES_IN_LONG_TEXT;
    return names.size >= enough ? names.values().next().value : undefined;
  };
}

/** The different secrets that stand in these words, one word or several in a row. */
function namesIn(words: readonly string[], named: ReadonlyMap<string, Secret>): Set<Secret> {
  const found = new Set<Secret>();
  for (let at = 0; at < words.length; at++) {
    for (let count = 1; count <= WORDS_OF_NAME; count++) {
      const secret = named.get(words.slice(at, at + count).join(' '));
      if (secret) found.add(secret);
    }
  }
  return found;
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
}

/** A whole object or a list of objects as JSON, or what JavaScript writes for an object that it has no text for. */
function isObjectText(value: AttributeValue): boolean {
  return (
    typeof value === 'string' &&
    (/^\s*\[?\s*\{\s*".*\}\s*\]?\s*$/s.test(value) || value.includes('[object Object]'))
  );
}
