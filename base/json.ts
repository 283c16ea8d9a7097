import { applyEdits, modify, type ParseError, parse, printParseErrorCode } from 'jsonc-parser';

/**
 * The value of a JSON text, or where it is broken: `line 3, column 12: a comma is missing here.` without the full
 * stop. A byte order mark, with which some editors begin a file, is left out.
 */
export function readJson(text: string): { value: unknown } | { problem: string } {
  const json = text.replace(/^\uFEFF/, '');
  try {
    return { value: JSON.parse(json) };
  } catch (error) {
    return { problem: problemOf(json) ?? (error as Error).message.replace(/\s+/g, ' ').slice(0, 120) };
  }
}

/**
 * The same JSON text with one property of its object set: order and layout stay as somebody wrote them, and a new
 * property comes last. The text must be sound JSON.
 */
export function withProperty(text: string, key: string, value: unknown): string {
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: text.includes('\r\n') ? '\r\n' : '\n' };
  return applyEdits(text, modify(text, [key], value, { formattingOptions }));
}

/** The first thing that is wrong, with its place; null when the parser that knows places finds nothing. */
function problemOf(text: string): string | null {
  if (text.trim() === '') return 'it is empty';
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (!first) return null;
  const before = text.slice(0, first.offset).trimEnd();
  const at = `${placeOf(text, first.offset)}: `;
  const afterLast = `${placeOf(text, before.length)}: `;
  const symbol = text
    .slice(first.offset, first.offset + Math.max(1, first.length))
    .slice(0, 20)
    .replace(/\p{C}/gu, '?');
  const code = printParseErrorCode(first.error);
  switch (code) {
    case 'CommaExpected':
      return `${afterLast}a comma is missing here`;
    case 'ColonExpected':
      return `${afterLast}a colon is missing here`;
    case 'PropertyNameExpected':
    case 'ValueExpected':
      // Only the writer knows whether the comma is one too many, or what follows it was forgotten.
      if (before.endsWith(','))
        return `${placeOf(text, before.length - 1)}: a comma too many, or nothing after it`;
      if (first.offset >= text.trimEnd().length) return `${afterLast}it ends in the middle`;
      return code === 'ValueExpected'
        ? `${at}a value is missing here`
        : `${at}a name in double quotes is missing here`;
    case 'CloseBraceExpected':
      return `${afterLast}the closing } is missing`;
    case 'CloseBracketExpected':
      return `${afterLast}the closing ] is missing`;
    case 'UnexpectedEndOfString':
      return `${at}this text has no closing quote`;
    case 'InvalidCommentToken':
    case 'UnexpectedEndOfComment':
      return `${at}JSON has no comments`;
    case 'InvalidSymbol':
      return `${at}${symbol} is not JSON: texts and names stand in double quotes`;
    case 'EndOfFileExpected':
      return `${at}something stands behind the end`;
    default:
      return `${at}this is not JSON`;
  }
}

/** `line 3, column 12`, both counted from 1. */
function placeOf(text: string, offset: number): string {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return `line ${lines.length}, column ${[...(lines.at(-1) ?? '')].length + 1}`;
}
