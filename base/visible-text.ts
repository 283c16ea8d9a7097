/**
 * What a terminal or a browser would obey instead of showing: control characters (with ESC, which begins colours and
 * cursor moves), and the characters that turn the direction of text round. Tab and line end stay.
 * Source of the second group: https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
 */
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Text of a stranger, safe to show: what would be obeyed stands there as its code, `\u{1b}`. */
export function visibleText(text: string): string {
  return text.replace(OBEYED, (character) => `\\u{${character.charCodeAt(0).toString(16)}}`);
}
