import { labelled, paint, type Screen, wrapped } from '@workshop/base/terminal';
import { diffArrays } from 'diff';
import { type FormLine, formOf } from './code-form.ts';

/** Unchanged lines that are shown around a change. */
const CONTEXT = 3;
/** Columns of the gutter: a word and a sign. */
const GUTTER = 11;

/** One file in two versions, null where it is not there. */
export interface ComparedFile {
  path: string;
  yours: string | null;
  solution: string | null;
  changedBySolution: boolean;
}

export interface CodeOptions {
  /** also files that this exercise's solution does not change */
  all?: boolean;
  /** the exercise is passed: what differs is right, too */
  passed?: boolean;
}

/**
 * Code beside the solution's as a diff: a word and a sign stand before every change, so colour is never the only sign.
 * Layout, comments and names that are free make no difference.
 */
export function codeLines(
  files: readonly ComparedFile[],
  screen: Screen,
  options: CodeOptions = {},
): string[] {
  const { bold } = paint(screen);
  const differing = files.filter((file) => partsOf(file).some((part) => part.added || part.removed));
  const shown = differing.filter((file) => options.all || file.changedBySolution);
  const others = differing.filter((file) => !shown.includes(file));
  const lines: string[] = [];
  if (shown.length > 0) lines.push('- is only in yours, + is only in the solution.');
  else if (others.length === 0)
    lines.push('Your code is the same as the solution, but for layout, comments and names.');
  for (const file of shown)
    lines.push(
      '',
      bold(file.path),
      ...labelled('  ', headText(file, options), screen),
      ...diffOf(file, screen),
    );
  if (others.length > 0)
    lines.push(
      ...(lines.length > 0 ? [''] : []),
      'Other files of yours, which this solution does not change. To see them: add --all',
      ...others.map(({ path }) => `  ${path}`),
    );
  return lines;
}

function headText({ yours, solution, changedBySolution }: ComparedFile, { passed }: CodeOptions): string {
  const also = passed ? ' Yours is also right.' : '';
  if (yours === null) return `This file is only in the solution.${also}`;
  if (solution === null)
    return `This file is only in yours.${also || ' Other ways than the solution pass, too.'}`;
  return changedBySolution
    ? `You and the solution differ here.${also}`
    : 'The solution did not touch this file.';
}

function partsOf({ path, yours, solution }: ComparedFile): ReturnType<typeof diffArrays<FormLine>> {
  return diffArrays(formOf(path, yours ?? ''), formOf(path, solution ?? ''), {
    comparator: (one, other) => one.key === other.key,
  });
}

function diffOf(file: ComparedFile, screen: Screen): string[] {
  const { red, green, dim } = paint(screen);
  const parts = partsOf(file);
  const lines: string[] = [];
  parts.forEach((part, at) => {
    const own = part.value.map(({ text }) => text);
    if (part.removed) lines.push(...gutter('yours', '-', own, screen).map(red));
    else if (part.added) lines.push(...gutter('solution', '+', own, screen).map(green));
    else {
      const head = at === 0 ? 0 : CONTEXT;
      const tail = at === parts.length - 1 ? 0 : CONTEXT;
      // Folding a line or two would hide them and save nothing.
      if (own.length <= head + tail + 2) lines.push(...gutter('', ' ', own, screen));
      else {
        lines.push(...gutter('', ' ', own.slice(0, head), screen));
        lines.push(dim(`${' '.repeat(GUTTER)}... ${own.length - head - tail} lines are the same ...`));
        lines.push(...gutter('', ' ', tail > 0 ? own.slice(-tail) : [], screen));
      }
    }
  });
  return lines;
}

/** The word stands before the first line of a change only, the sign before each. */
function gutter(word: string, sign: string, texts: readonly string[], screen: Screen): string[] {
  return texts.flatMap((text, at) => {
    const label = (at === 0 ? word : '').padEnd(GUTTER - 2);
    const shown = text.replaceAll('\t', '  ');
    const room = screen.width - GUTTER;
    const fits = wrapped(shown, room, { trim: false }).length === 1;
    const rows = fits
      ? [shown]
      : wrapped(shown, room - 4, { trim: false }).map((row, number) =>
          number === 0 ? row : `    ${row.trimStart()}`,
        );
    return rows.map((row, number) =>
      `${number === 0 ? label : ' '.repeat(GUTTER - 2)}${sign} ${row}`.trimEnd(),
    );
  });
}
