import type { AttributeValue } from '../model.ts';
import { fit, harmless } from '../waterfall/text.ts';
import type { DiffPlace, TraceDiff } from './differences.ts';

const LONGEST_VALUE = 60;

/** A difference in sentences, the weightiest first. */
export function linesOf(diff: Omit<TraceDiff, 'lines'>, labels: { a: string; b: string }): string[] {
  const { a, b } = labels;
  const lines: string[] = [];
  for (const each of diff.missing) lines.push(only(a, each, each.spansBelow));
  for (const each of diff.extra) lines.push(only(b, each, each.spansBelow));
  for (const each of diff.moved)
    lines.push(`${quoted(each.a.name)} is ${position(each.a)} in ${a}, and ${position(each.b)} in ${b}.`);
  for (const { a: left, b: right } of diff.changed) {
    if (left.kind !== right.kind)
      lines.push(`${quoted(left.name)} has the kind ${left.kind} in ${a}, and ${right.kind} in ${b}.`);
    if (left.service !== right.service)
      lines.push(
        `${quoted(left.name)} is from ${quoted(left.service)} in ${a}, and from ${quoted(right.service)} in ${b}.`,
      );
  }
  for (const each of diff.counts)
    lines.push(`${where(each.place)}: ${times(each.a)} in ${a}, ${times(each.b)} in ${b}.`);
  for (const each of diff.statuses)
    lines.push(
      `${where(each.place)}: status ${each.a.join(' and ')} in ${a}, ${each.b.join(' and ')} in ${b}.`,
    );
  for (const each of diff.attributes) {
    const key = harmless(each.key);
    if (each.b === undefined) lines.push(`${where(each.place)}: the attribute ${key} is only in ${a}.`);
    else if (each.a === undefined) lines.push(`${where(each.place)}: the attribute ${key} is only in ${b}.`);
    else
      lines.push(`${where(each.place)}: ${key} is ${value(each.a)} in ${a}, and ${value(each.b)} in ${b}.`);
  }
  return lines;
}

function only(label: string, place: DiffPlace, spansBelow: number): string {
  const count = place.count > 1 ? ` x ${place.count}` : '';
  const more =
    spansBelow === 0 ? '' : `, with ${spansBelow} more ${spansBelow === 1 ? 'span' : 'spans'} below it`;
  return `Only in ${label}: ${quoted(place.name)}${count} (${place.kind}), ${position(place)}${more}.`;
}

function where(place: DiffPlace): string {
  return place.below === '' ? quoted(place.name) : `${quoted(place.name)} ${position(place)}`;
}

function position(place: DiffPlace): string {
  return place.below === '' ? 'without a parent' : `below ${quoted(place.below)}`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function quoted(text: string): string {
  return `"${fit(harmless(text), LONGEST_VALUE)}"`;
}

function value(given: AttributeValue): string {
  return fit(harmless(JSON.stringify(given)), LONGEST_VALUE);
}
