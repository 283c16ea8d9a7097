import type ts from 'typescript';

/** Replaces the characters from `start` to `end` of a file by `text`. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** One small fault in one file. */
export interface Mutation {
  /** the character that stands for its place: only what the solution itself changed is mutated */
  at: number;
  edits: Edit[];
  /** what is wrong now, in one sentence without its full stop */
  what: string;
}

/** A kind of fault. Its name is part of a mutant's id, so it stays the same for ever. */
export interface Operator {
  name: string;
  /** every place in the file at which this fault can be made, in the order of the text */
  find(source: ts.SourceFile): Mutation[];
}

/** The text with all edits made. They must not overlap; those of one place are made in their order. */
export function edited(text: string, edits: readonly Edit[]): string {
  let result = '';
  let from = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start < from) throw new RangeError('two edits of a mutation overlap');
    result += text.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return result + text.slice(from);
}
