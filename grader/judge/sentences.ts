/**
 * Recurring forms of what messages say, each written once. They take values and give words; nothing here knows why
 * something went wrong.
 */
import type { AttributeValue } from '@workshop/telemetry/pure';
import { type Mark, markOn } from './finding.ts';

/** `GET /feed`: a request as messages call it, without its query. */
export function requestName({ method, path }: { method: string; path: string }): string {
  return `${method} ${path.split('?')[0]}`;
}

/** `user.id = "4711"`: an attribute with its value as it was set, at most `max` characters of it. */
export function attributeText(key: string, value: AttributeValue | undefined, max = 80): string {
  return `${key} = ${valueText(value, max)}`;
}

/** A value as it was set: text in quotes, lists as JSON, numbers that JSON has no word for by their names. */
export function valueText(value: unknown, max = 80): string {
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value ?? null);
  return text.length > max ? `${text.slice(0, max - 3)}...` : text;
}

/** `two spans further down` */
export function spansDown(depth: number): string {
  const words = ['', 'one span further down', 'two spans further down', 'three spans further down'];
  return words[depth] ?? `${depth} spans further down`;
}

/** `a, b and c` */
export function listed(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}

/** `3 spans`, `1 span` */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A duration as a message says it: tenths below one millisecond, whole ones above. */
export function milliseconds(ms: number): string {
  if (ms < 0.1) return 'less than 0.1 ms';
  return ms < 1 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

/** Marks the span where something should be. */
export function missingHere(
  span: { traceId: string; spanId: string },
  what: string,
  more: Pick<Mark, 'place'> = {},
): Mark {
  return markOn(span, `MISSING HERE: ${what}`, { missing: true, ...more });
}

/** Marks the span where something is that the message speaks of. */
export function foundHere(span: { traceId: string; spanId: string }, what: string): Mark {
  return markOn(span, `FOUND HERE: ${what}`);
}

/** `"rank feed" was started and never ended. ...` */
export function neverEnded(what: string): string {
  return `${what} was started and never ended. Never ended means never exported.`;
}

/** Where spans come from: at most three names of tracers. */
export function scopesOf(spans: readonly { scope: { name: string } }[]): string {
  return [...new Set(spans.map((span) => span.scope.name))].slice(0, 3).join(', ');
}

/** Where to look when a span ended before the work that it stands for. */
export const TOO_EARLY_END =
  'the line of yours that ends the span. Is the work finished when that line runs, or only started?';
