import { displayWidth } from '@workshop/telemetry';

/** A duration as people say it: 0.3 ms, 93 ms, 1291 ms, 12.4 s. */
export function duration(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${amount(ms)} ms`;
}

/** A number with as many digits as matter. */
export function amount(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size >= 100
    ? value.toFixed(0)
    : size >= 10
      ? value.toFixed(1)
      : size >= 0.01
        ? value.toFixed(2)
        : value.toPrecision(2);
}

/** The columns of a terminal that nobody made wider. */
const COLUMNS = 80;

/**
 * Text in lines of at most 80 columns: on one line if it fits, else each sentence begins a line and is broken between
 * words. A longer word stays whole, so that it can be copied.
 */
export function wrapped(text: string): string {
  if (displayWidth(text) <= COLUMNS) return text;
  return text
    .split(/(?<=[.?!]) /)
    .map(brokenBetweenWords)
    .join('\n');
}

function brokenBetweenWords(sentence: string): string {
  const [first = '', ...rest] = sentence.split(' ');
  let width = displayWidth(first);
  return rest.reduce((text, word) => {
    const added = 1 + displayWidth(word);
    const fits = width + added <= COLUMNS;
    width = fits ? width + added : added - 1;
    return `${text}${fits ? ' ' : '\n'}${word}`;
  }, first);
}
