import type { Attributes, InstrumentationScope, Span } from './model.ts';

/** What a span shares with others of its process and of its tracer. */
interface Shared {
  resource: Attributes;
  scope: InstrumentationScope;
}

/** A span with the place of its resource and of its scope in the lists beside it. */
export type CompactSpan<S extends Shared = Span> = Omit<S, 'resource' | 'scope'> & {
  resource: number;
  scope: number;
};

/** Spans without repetition: thousands of spans have a handful of resources and scopes, which are most of their text. */
export interface CompactSpans<S extends Shared = Span> {
  resources: Attributes[];
  scopes: InstrumentationScope[];
  spans: CompactSpan<S>[];
}

/** Resources and scopes that say the same, in the same order, are told once. */
export function compactSpans<S extends Shared = Span>(spans: Iterable<S>): CompactSpans<S> {
  const compact: CompactSpans<S> = { resources: [], scopes: [], spans: [] };
  const [resources, scopes] = [places(compact.resources), places(compact.scopes)];
  for (const span of spans) {
    compact.spans.push({ ...span, resource: resources(span.resource), scope: scopes(span.scope) });
  }
  return compact;
}

/** The spans again; those of one resource share its object, those of one scope too. */
export function expandSpans<S extends Shared = Span>({ resources, scopes, spans }: CompactSpans<S>): S[] {
  return spans.map(
    (span) =>
      ({
        ...span,
        resource: resources[span.resource] ?? {},
        scope: scopes[span.scope] ?? { name: '' },
      }) as unknown as S,
  );
}

/** Finds an item's place in a list, which gets those that are new. One object is read once. */
function places<T extends object>(list: T[]): (item: T) => number {
  const known = new Map<T, number>();
  const byText = new Map<string, number>();
  return (item) => {
    let place = known.get(item);
    if (place === undefined) {
      const text = JSON.stringify(item);
      place = byText.get(text) ?? list.push(item) - 1;
      byText.set(text, place);
      known.set(item, place);
    }
    return place;
  };
}
