/** The three-character pieces of a text, as pg_trgm counts them: lower case, words padded with blanks. */
export function trigrams(text: string): Set<string> {
  const pieces = new Set<string>();
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    const padded = `  ${word} `;
    for (let start = 0; start + 3 <= padded.length; start++) {
      pieces.add(padded.slice(start, start + 3));
    }
  }
  return pieces;
}

/** How alike two texts are: 0 when they share no piece, 1 when they share all (Jaccard index). */
export function similarity(left: Set<string>, right: Set<string>): number {
  let shared = 0;
  for (const piece of left) {
    if (right.has(piece)) {
      shared++;
    }
  }
  const all = left.size + right.size - shared;
  return all === 0 ? 0 : shared / all;
}
