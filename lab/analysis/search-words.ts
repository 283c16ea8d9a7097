import { QueryError } from '../query/index.ts';

/** One word of a search: what a span of the trace has, or, when it is excluded, no span of it. */
export interface SearchWord {
  excluded: boolean;
  /** the column, in a word like `user.id=4711` */
  key: string | null;
  /** how the value of the key compares with the text; `=` where there is no key */
  operator: '=' | '>' | '>=' | '<' | '<=';
  /** the value of the key, else a text to look for */
  text: string;
  /** it was written with quotes: no name of a column, and no id */
  quoted: boolean;
}

const MOST_WORDS = 20;
/** Names that people type, and the columns that they mean. */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ['user', 'user.id'],
  ['route', 'http.route'],
  ['service', 'service.name'],
]);

const QUOTED = '"((?:[^"\\\\]|\\\\.)*)"?';
const WORD = new RegExp(`(-)?(?:${QUOTED}|([^\\s"=-][^\\s"=]*|-+))(?:(=)(?:${QUOTED}|(\\S*)))?`, 'gsy');
const SPACE = /\s*/y;
/** Only numbers are more or less than another: `a>b` is a text. */
const COMPARED = /(-)?([^\s"=<>-][^\s"=<>]*)(>=|<=|>|<)(-?\d+(?:\.\d+)?)(?=\s|$)/y;

/**
 * Reads `rank feed`, `user.id=4711`, `murmur.feed.following_count>=100`, `-error.type`, `"two words"`,
 * `-name="GET /health"`. Each word must hold of some span of a trace, and an excluded one of none. While somebody types,
 * the last quote may be missing.
 * @throws QueryError that names the field `q`
 */
export function searchWords(q: string): SearchWord[] {
  const words: SearchWord[] = [];
  let position = 0;
  const skip = (expression: RegExp): RegExpExecArray | null => {
    expression.lastIndex = position;
    const found = expression.exec(q);
    if (found) position = expression.lastIndex;
    return found;
  };
  for (skip(SPACE); position < q.length; skip(SPACE)) {
    const at = position;
    const compared = skip(COMPARED);
    if (compared) {
      words.push(comparedOf(compared));
      continue;
    }
    const found = skip(WORD);
    if (!found || position === at) throw wrong(`"${q.slice(at, at + 20)}" is no word, and no key=value`);
    words.push(wordOf(found));
  }
  if (words.length > MOST_WORDS) throw wrong(`it has ${words.length} words; at most ${MOST_WORDS}`);
  return words;
}

function wordOf([all, minus, quotedFirst, first, equals, quotedValue, value]: RegExpExecArray): SearchWord {
  const excluded = minus !== undefined;
  const name = quotedFirst === undefined ? (first as string) : unquoted(quotedFirst);
  if (equals === undefined)
    return { excluded, key: null, operator: '=', text: name, quoted: quotedFirst !== undefined };
  const text = quotedValue === undefined ? (value ?? '') : unquoted(quotedValue);
  if (quotedValue === undefined && text === '')
    throw wrong(`${all} has no value; -${name} finds traces without this attribute`);
  return {
    excluded,
    key: columnOf(name),
    operator: '=',
    text,
    quoted: quotedValue !== undefined,
  };
}

function comparedOf([, minus, name, operator, number]: RegExpExecArray): SearchWord {
  return {
    excluded: minus !== undefined,
    key: columnOf(name as string),
    operator: operator as SearchWord['operator'],
    text: number as string,
    quoted: false,
  };
}

function columnOf(name: string): string {
  return SHORT_NAMES.get(name) ?? name;
}

function unquoted(text: string): string {
  return text.replace(/\\(.)/gs, '$1');
}

function wrong(description: string): QueryError {
  return new QueryError([{ field: 'q', code: 'invalid', description }]);
}
