import { type AttributeValue, type Span, serviceOf } from '@workshop/telemetry/pure';

/**
 * What a search asks for: words separated by blanks, all of which must hold. `feed` a text, `"two words"` likewise,
 * `user.id=4711` an attribute, `-error` or `-user.id` the opposite, `duration>100ms`, `error`, `service=murmur-api`,
 * and the beginning of a trace's or span's id.
 */
export interface SearchTerm {
  /** as it was typed */
  word: string;
  not: boolean;
  key: string;
  /** '' for a text without key */
  operator: '' | '=' | '>' | '<' | '>=' | '<=';
  value: string;
}

const WORD = /-?(?:"[^"]*"|[^\s"]+)+/g;
const COMPARED = /^(.+?)(>=|<=|=|>|<)(.*)$/s;

export function searchTerms(text: string): SearchTerm[] {
  return (text.match(WORD) ?? []).flatMap((word) => {
    const not = word.length > 1 && word.startsWith('-');
    const rest = not ? word.slice(1) : word;
    const [, key, operator, value = ''] = COMPARED.exec(rest) ?? [];
    if (key === undefined) {
      const text = unquoted(rest);
      return text === '' ? [] : [{ word, not, key: '', operator: '' as const, value: text }];
    }
    return [
      { word, not, key: unquoted(key), operator: operator as SearchTerm['operator'], value: unquoted(value) },
    ];
  });
}

function unquoted(text: string): string {
  return text.replaceAll('"', '');
}

/** Whether all terms hold of a span. */
export function spanMatches(span: Span, terms: readonly SearchTerm[]): boolean {
  return terms.every((term) => holds(span, term) !== term.not);
}

function holds(span: Span, { key, operator, value }: SearchTerm): boolean {
  if (operator === '') {
    if (value === 'error') return span.status.code === 'ERROR';
    return hasText(span, value.toLowerCase());
  }
  if (key === 'duration') return compare(span.durationMs, operator, milliseconds(value));
  if (key === 'service') return compareText(serviceOf(span), operator, value);
  if (key === 'name') return compareText(span.name, operator, value);
  if (key === 'kind') return compareText(span.kind.toLowerCase(), operator, value.toLowerCase());
  if (key === 'status') return compareText(span.status.code.toLowerCase(), operator, value.toLowerCase());
  const found = span.attributes[key] ?? span.resource[key];
  return found !== undefined && compareText(textOf(found), operator, value);
}

function hasText(span: Span, text: string): boolean {
  if (span.name.toLowerCase().includes(text)) return true;
  if (/^[0-9a-f]{6,32}$/.test(text) && (span.spanId.startsWith(text) || span.traceId.startsWith(text)))
    return true;
  for (const list of [span.attributes, span.resource]) {
    for (const [key, value] of Object.entries(list)) {
      if (key.toLowerCase().includes(text) || textOf(value).toLowerCase().includes(text)) return true;
    }
  }
  if (span.status.message?.toLowerCase().includes(text)) return true;
  if (span.scope.name.toLowerCase().includes(text)) return true;
  return span.events.some(
    ({ name, attributes }) =>
      name.toLowerCase().includes(text) ||
      Object.values(attributes).some((value) => textOf(value).toLowerCase().includes(text)),
  );
}

/** `*` stands for any text: `http.route=/posts/*`. */
function compareText(found: string, operator: SearchTerm['operator'], value: string): boolean {
  if (operator !== '=') return compare(Number(found), operator, Number(value));
  if (value === '' || value === '*') return found !== '' || value === '';
  if (!value.includes('*')) return found === value;
  const pattern = value.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`, 's').test(found);
}

function compare(found: number, operator: SearchTerm['operator'], value: number): boolean {
  switch (operator) {
    case '>':
      return found > value;
    case '<':
      return found < value;
    case '>=':
      return found >= value;
    case '<=':
      return found <= value;
    default:
      return found === value;
  }
}

const UNITS: Record<string, number> = { us: 0.001, µs: 0.001, ms: 1, s: 1_000, m: 60_000, '': 1 };

/** `100ms`, `1.5s`, `20`: milliseconds; NaN when it is no duration. */
export function milliseconds(text: string): number {
  const [, number, unit = ''] = /^([\d.]+)\s*(us|µs|ms|s|m)?$/.exec(text.trim()) ?? [];
  return number === undefined ? Number.NaN : Number(number) * (UNITS[unit] ?? 1);
}

/** An attribute's value in words: as it is when it is a text, else as JSON. */
export function textOf(value: AttributeValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
