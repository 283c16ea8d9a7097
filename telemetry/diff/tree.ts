import { type Span, serviceOf } from '../model.ts';
import { indexSpans } from '../relations.ts';

/** All spans that stand at one place: same service, kind and name, below the same place. */
export interface Place {
  service: string;
  kind: Span['kind'];
  name: string;
  spans: Span[];
  parent: Place | null;
  children: Map<string, Place>;
}

/** Merges traces into one tree of places. How often something happened is then a count and not a structure. */
export function placesOf(spans: Iterable<Span>, nameOf: (span: Span) => string): Place {
  const index = indexSpans(spans);
  const root: Place = {
    service: '',
    kind: 'INTERNAL',
    name: '',
    spans: [],
    parent: null,
    children: new Map(),
  };
  const placeOf = new Map<Span, Place>();
  for (const traceId of index.traceIds()) {
    for (const span of index.trace(traceId)) {
      const parentSpan = index.parentOf(span);
      const parent = (parentSpan && placeOf.get(parentSpan)) ?? root;
      const name = nameOf(span);
      const key = keyOf({ service: serviceOf(span), kind: span.kind, name });
      let place = parent.children.get(key);
      if (!place) {
        place = { service: serviceOf(span), kind: span.kind, name, spans: [], parent, children: new Map() };
        parent.children.set(key, place);
      }
      place.spans.push(span);
      placeOf.set(span, place);
    }
  }
  return root;
}

export function keyOf(place: { service: string; kind: string; name: string }): string {
  return [place.service, place.kind, place.name].join('\0');
}

/** The place and all below it, each before what is below it. */
export function everyPlace(top: Place): Place[] {
  const found: Place[] = [];
  const stack = [top];
  for (let place = stack.pop(); place; place = stack.pop()) {
    found.push(place);
    for (const child of [...place.children.values()].reverse()) stack.push(child);
  }
  return found;
}
