import pc from 'picocolors';
import wrapAnsi from 'wrap-ansi';

/** How a report may be shown on this terminal. */
export interface Screen {
  /** columns, at most 80: longer lines read badly */
  width: number;
  /** numbered lines instead of bars, no colour */
  plain: boolean;
  colour: boolean;
}

/** What standard output can show. A terminal that does not know its width says 0. Plain without a terminal, with NO_COLOR or TERM=dumb. */
export function screenOf(
  stream: { isTTY?: boolean; columns?: number },
  environment: NodeJS.ProcessEnv,
  plainAsked: boolean,
): Screen {
  const noColour = Boolean(environment.NO_COLOR) || environment.TERM === 'dumb';
  const plain = plainAsked || !stream.isTTY || noColour;
  return { width: Math.max(40, Math.min(80, stream.columns || 80)), plain, colour: !plain };
}

/** Colours that are never the only sign: the words say the same. */
export function paint(screen: Screen): ReturnType<typeof pc.createColors> {
  return pc.createColors(screen.colour);
}

export interface Wrapping {
  /** false: a word that is longer than a line stays whole, so that it can be copied */
  cutWords?: boolean;
  /** false: blanks at the ends of lines stay, which in code mean something */
  trim?: boolean;
}

/** Breaks text between words into lines of at most `width` columns. */
export function wrapped(
  text: string,
  width: number,
  { cutWords = true, trim = true }: Wrapping = {},
): string[] {
  return wrapAnsi(text, width, { hard: cutWords, trim }).split('\n');
}

/** Wraps `text` to the screen behind a label; the following lines stand under the first one's text. */
export function labelled(label: string, text: string, screen: Screen): string[] {
  const room = screen.width - label.length;
  return wrapped(text, room).map((line, at) =>
    `${at === 0 ? label : ' '.repeat(label.length)}${line}`.trimEnd(),
  );
}
