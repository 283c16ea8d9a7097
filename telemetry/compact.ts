import type { Attributes, InstrumentationScope, Span } from './model.ts';

/** A span with the place of its resource and of its scope in the lists beside it. */
export type CompactSpan = Omit<Span, 'resource' | 'scope'> & { resource: number; scope: number };

/** Spans without repetition: thousands of spans have a handful of resources and scopes, which are most of their text. */
export interface CompactSpans {
  resources: Attributes[];
  scopes: InstrumentationScope[];
  spans: CompactSpan[];
}

/** Resources and scopes that are the same object are told once. */
export function compactSpans(spans: Iterable<Span>): CompactSpans {
  const compact: CompactSpans = { resources: [], scopes: [], spans: [] };
  const [resources, scopes] = [new Map<Attributes, number>(), new Map<InstrumentationScope, number>()];
  for (const span of spans) {
    compact.spans.push({
      ...span,
      resource: placeIn(compact.resources, resources, span.resource),
      scope: placeIn(compact.scopes, scopes, span.scope),
    });
  }
  return compact;
}

/** The spans again; those of one resource share its object, those of one scope too. */
export function expandSpans({ resources, scopes, spans }: CompactSpans): Span[] {
  return spans.map((span) => ({
    ...span,
    resource: resources[span.resource] ?? {},
    scope: scopes[span.scope] ?? { name: '' },
  }));
}

function placeIn<T>(list: T[], places: Map<T, number>, item: T): number {
  const known = places.get(item);
  if (known !== undefined) return known;
  places.set(item, list.length);
  return list.push(item) - 1;
}
