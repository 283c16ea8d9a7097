import type { Span, StatusCode } from '../model.ts';
import { compareAttributes } from './attributes.ts';
import type { DiffPlace, TraceDiff } from './differences.ts';
import { everyPlace, keyOf, type Place, placesOf } from './tree.ts';
import { linesOf } from './words.ts';

export type { DiffPlace, TraceDiff } from './differences.ts';

/** Spans of two traces that stand at one place, or at two that belong together. */
export interface PlacePair {
  /** `changed`: another kind or service below the same parent; `moved`: below something else */
  change: 'same' | 'changed' | 'moved' | 'only-a' | 'only-b';
  a: { place: DiffPlace; spans: readonly Span[] } | null;
  b: { place: DiffPlace; spans: readonly Span[] } | null;
}

export interface DiffOptions {
  /** What the two sides are called in the lines. Default "the first trace" and "the second". */
  labels?: { a: string; b: string };
  /** Attributes that are not compared at all. */
  ignoreKeys?: readonly RegExp[];
  /** Attributes whose values may differ, beside those that differ in every run (ids, ports, sizes, addresses). */
  ignoreValues?: readonly RegExp[];
  /** What makes two spans the same step. Default: the name, without a database's name behind a pg operation. */
  nameOf?: (span: Span) => string;
}

/**
 * Compares the structure of two traces (or of two sets of traces) for a person: what is missing, more, moved, more
 * often or has other attributes. Times are not compared. `a` is what is wanted, `b` what is there.
 */
export function diffTraces(a: Iterable<Span>, b: Iterable<Span>, options: DiffOptions = {}): TraceDiff {
  const nameOf = options.nameOf ?? stepName;
  const pairs = match(placesOf(a, nameOf), placesOf(b, nameOf));
  const diff: TraceDiff = {
    missing: topmost(pairs.onlyA),
    extra: topmost(pairs.onlyB),
    moved: pairs.moved.map(both),
    changed: pairs.changed.map(both),
    counts: [],
    statuses: [],
    attributes: [],
    lines: [],
  };
  for (const [left, right] of [...pairs.same, ...pairs.changed, ...pairs.moved]) {
    const place = describe(left);
    if (left.spans.length !== right.spans.length)
      diff.counts.push({ place, a: left.spans.length, b: right.spans.length });
    const statuses = { a: statusesOf(left), b: statusesOf(right) };
    if (statuses.a.join() !== statuses.b.join()) diff.statuses.push({ place, ...statuses });
    const ignored = options.ignoreValues ?? [];
    for (const each of compareAttributes(left, right, options.ignoreKeys ?? [], ignored))
      diff.attributes.push({ place, key: each.key, a: each.a, b: each.b });
  }
  diff.lines = linesOf(diff, options.labels ?? { a: 'the first trace', b: 'the second' });
  return diff;
}

/** The places of two traces, those that belong together side by side; a place comes behind the one that it is below. */
export function pairPlaces(
  a: Iterable<Span>,
  b: Iterable<Span>,
  options: Pick<DiffOptions, 'nameOf'> = {},
): PlacePair[] {
  const nameOf = options.nameOf ?? stepName;
  const { same, changed, moved, onlyA, onlyB } = match(placesOf(a, nameOf), placesOf(b, nameOf));
  const side = (place: Place) => ({ place: describe(place), spans: place.spans });
  const pairs = (change: PlacePair['change'], list: readonly Pair[]): PlacePair[] =>
    list.map(([left, right]) => ({ change, a: side(left), b: side(right) }));
  return [
    ...pairs('same', same),
    ...pairs('changed', changed),
    ...pairs('moved', moved),
    ...[...onlyA].map((place): PlacePair => ({ change: 'only-a', a: side(place), b: null })),
    ...[...onlyB].map((place): PlacePair => ({ change: 'only-b', a: null, b: side(place) })),
  ];
}

/** instrumentation-pg puts the database's name behind the operation, and each graded tree has its own database. */
function stepName(span: Span): string {
  return span.name.replace(/^(pg\.query:\S+) .*$/s, '$1').replace(/^middleware - .*$/s, 'middleware');
}

type Pair = [Place, Place];

interface Matches {
  same: Pair[];
  changed: Pair[];
  moved: Pair[];
  onlyA: Set<Place>;
  onlyB: Set<Place>;
}

/** Same path first, then same parent and name, then the same step anywhere else; what is below a pair is matched too. */
function match(rootA: Place, rootB: Place): Matches {
  const result: Matches = { same: [], changed: [], moved: [], onlyA: new Set(), onlyB: new Set() };
  const descend = (start: Pair) => {
    const queue: Pair[] = [start];
    for (let pair = queue.shift(); pair; pair = queue.shift()) {
      const [left, right] = pair;
      const rest = new Set(right.children.values());
      const unmatched: Place[] = [];
      const keep = (list: Pair[], child: Place, other: Place) => {
        list.push([child, other]);
        queue.push([child, other]);
        rest.delete(other);
      };
      for (const [key, child] of left.children) {
        const other = right.children.get(key);
        if (other) keep(result.same, child, other);
        else unmatched.push(child);
      }
      const byName = new Map([...rest].reverse().map((each) => [each.name, each]));
      for (const child of unmatched) {
        const other = byName.get(child.name);
        byName.delete(child.name);
        if (other) keep(result.changed, child, other);
        else for (const each of everyPlace(child)) result.onlyA.add(each);
      }
      for (const child of rest) for (const each of everyPlace(child)) result.onlyB.add(each);
    }
  };
  descend([rootA, rootB]);

  const free = new Map<string, Place[]>();
  for (const place of result.onlyB) {
    const alike = free.get(keyOf(place));
    if (alike) alike.push(place);
    else free.set(keyOf(place), [place]);
  }
  for (const place of [...result.onlyA]) {
    // Whoever was matched below an earlier move is no longer alone.
    const other = result.onlyA.has(place)
      ? free.get(keyOf(place))?.find((each) => result.onlyB.has(each))
      : undefined;
    if (!other) continue;
    for (const each of everyPlace(place)) result.onlyA.delete(each);
    for (const each of everyPlace(other)) result.onlyB.delete(each);
    result.moved.push([place, other]);
    descend([place, other]);
  }
  return result;
}

function topmost(places: ReadonlySet<Place>): (DiffPlace & { spansBelow: number })[] {
  return [...places]
    .filter((place) => place.parent === null || !places.has(place.parent))
    .map((place) => {
      let spansBelow = -place.spans.length;
      for (const each of everyPlace(place)) if (places.has(each)) spansBelow += each.spans.length;
      return { ...describe(place), spansBelow };
    });
}

function describe(place: Place): DiffPlace {
  const { name, kind, service, parent, spans } = place;
  return { name, kind, service, below: parent?.name ?? '', count: spans.length };
}

function both([left, right]: Pair): { a: DiffPlace; b: DiffPlace } {
  return { a: describe(left), b: describe(right) };
}

function statusesOf(place: Place): StatusCode[] {
  return [...new Set(place.spans.map((span) => span.status.code))].sort();
}
