/** Text for a terminal's columns: harmless, of known width, cut or wrapped where it is too long. */

const LONGEST = 400;
const ANSI = /\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x9b[0-?]*[ -/]*[@-~]/g;
const NOT_ASCII = /[^\x20-\x7e]/;
const WIDE =
  /[\u1100-\u115f\u231a\u231b\u23e9-\u23f3\u25fd\u25fe\u2614-\u2615\u2648-\u2653\u26a1\u26aa-\u26fd\u2705-\u274c\u2795-\u2797\u2b1b-\u2b55\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1b000}-\u{1b2ff}\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const MARK = /\p{M}/u;

/**
 * Makes a stranger's text safe to print on one line: no control characters, escape sequences, line breaks,
 * direction overrides or invisible characters; at most 400 characters.
 */
export function harmless(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}~` : text;
  if (!NOT_ASCII.test(cut)) return tidy(cut);
  return tidy(
    cut
      .toWellFormed()
      .replace(ANSI, ' ')
      .replace(/[\p{Cc}\p{Z}]/gu, ' ')
      // Cf: zero-width and direction characters; Co, Cn: no terminal agrees on their width.
      .replace(/[\p{Cf}\p{Co}\p{Cn}\u3164\uffa0]|\ufe0e|\ufe0f/gu, '')
      // A base character with two marks is a language; with twenty it climbs over its neighbours.
      .replace(/(\p{M}{2})\p{M}+/gu, '$1'),
  );
}

function tidy(text: string): string {
  return text.replace(/ {2,}/g, ' ').trim();
}

/** Columns that a terminal needs for the text: two for each East Asian or emoji character, none for marks. */
export function displayWidth(text: string): number {
  if (!NOT_ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

function widthOf(character: string): number {
  if (MARK.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** The text in at most `width` columns; `~` stands for what was cut off. */
export function fit(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += widthOf(character);
    if (used > width - 1) break;
    kept += character;
  }
  return `${kept}~`;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** Breaks text between words into lines of `first` and then `rest` columns; a longer word is cut into pieces. */
export function wrap(text: string, first: number, rest = first): string[] {
  const lines: string[] = [];
  let line = '';
  for (let word of text.split(' ')) {
    for (;;) {
      const width = Math.max(1, lines.length === 0 ? first : rest);
      const longer = line === '' ? word : `${line} ${word}`;
      if (displayWidth(longer) <= width) {
        line = longer;
        break;
      }
      if (line !== '') {
        lines.push(line);
        line = '';
        continue;
      }
      const piece = pieceOf(word, width);
      lines.push(piece);
      word = word.slice(piece.length);
    }
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}

function pieceOf(word: string, width: number): string {
  let piece = '';
  let used = 0;
  for (const character of word) {
    used += widthOf(character);
    if (piece !== '' && used > width) break;
    piece += character;
  }
  return piece;
}

/**
 * A name in at most two lines of `width` columns. `suffix` ("x 163") is never cut off: it goes to the second line
 * when it does not fit on the first.
 */
export function nameLines(name: string, suffix: string, width: number): string[] {
  const whole = suffix === '' ? name : `${name} ${suffix}`;
  const lines = wrapWords(name, suffix, width);
  if (lines) return lines;
  if (suffix === '') return [fit(whole, width)];
  return [fit(name, width), suffix];
}

/** Two lines broken between words, or null if that is not possible. The suffix counts as one word. */
function wrapWords(name: string, suffix: string, width: number): string[] | null {
  const lines = [''];
  for (const word of suffix === '' ? name.split(' ') : [...name.split(' '), suffix]) {
    const last = lines.length - 1;
    const longer = lines[last] === '' ? word : `${lines[last]} ${word}`;
    if (displayWidth(longer) <= width) lines[last] = longer;
    else if (displayWidth(word) > width || lines.length === 2) return null;
    else if (lines[last] === '') lines[last] = word;
    else lines.push(word);
  }
  return lines;
}

/** `0.3 ms`, `93 ms`, `1291 ms`; `<0.1 ms` for what would read as nothing. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return '? ms';
  if (ms >= 0.95) return `${Math.round(ms)} ms`;
  if (ms >= 0.05) return `${ms.toFixed(1)} ms`;
  return ms > 0 ? '<0.1 ms' : '0 ms';
}
