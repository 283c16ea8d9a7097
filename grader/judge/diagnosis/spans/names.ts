import type { EvidenceSpan } from '../../../evidence/index.ts';
import { type Finding, markOn } from '../../finding.ts';
import { isOwnScope } from './own-scope.ts';

/** So many requests of different values make it certain: two may well do different work. */
const ENOUGH = 3;

/** A request's spans, and what no name of them may hold: its user's id, or what was typed. */
export interface LikeRequest {
  spans: readonly EvidenceSpan[];
  values: readonly string[];
}

/**
 * A name of the learner's own spans that holds one of these values, or that differs from request to request; null when
 * all names stay the same.
 * @param requests that do the same work for different values
 */
export function diagnoseUnboundedName(requests: readonly LikeRequest[]): Finding | null {
  for (const { spans, values } of requests) {
    for (const span of spans.filter(isOwnScope)) {
      const value = values.find((one) => one.length > 2 && span.name.includes(one));
      if (value) return unbounded(span, `"${value}" is another one in the next request.`);
    }
  }
  // "pick from 163 authors" for one user and 4 for another; "phase 1" and "phase 2" in each request are bounded.
  const own = requests.map(({ spans }) => spans.filter(isOwnScope));
  for (const some of own) {
    for (const span of some.filter((one) => /\d/.test(one.name))) {
      const alike = own.map((others) => others.filter((one) => form(one.name) === form(span.name)));
      const without = alike.find(
        (others) => others.length > 0 && !others.some((one) => one.name === span.name),
      );
      if (without) return unbounded(span, `another request's is called "${without[0]?.name}".`);
    }
  }
  return diagnoseNewNameEachTime(requests);
}

/** "search posts x7f" for one and "search posts q2c" for the next: each has a name that no other one has. */
function diagnoseNewNameEachTime(requests: readonly LikeRequest[]): Finding | null {
  const byValues = [...Map.groupBy(requests, ({ values }) => JSON.stringify(values)).values()].map((alike) =>
    alike.flatMap(({ spans }) => spans.filter(isOwnScope)),
  );
  if (byValues.length < ENOUGH) return null;
  const alone = byValues.map((own) =>
    own.find(({ name }) =>
      byValues.every((other) => other === own || !other.some((one) => one.name === name)),
    ),
  );
  const [first, second] = alone;
  if (!first || !second || alone.includes(undefined)) return null;
  return unbounded(first, `another request's is called "${second.name}".`);
}

/** A name without its numbers: `pick from # authors`. */
function form(name: string): string {
  return name.replace(/\d+/g, '#');
}

function unbounded(span: EvidenceSpan, differs: string): Finding {
  return {
    reason: 'span-name-unbounded',
    saw: `a span is called "${span.name}": ${differs}`,
    wanted: 'one name for everyone. What differs from request to request is an attribute.',
    look: 'the line that names the span.',
    marks: [markOn(span, 'THIS NAME differs from request to request')],
    seen: [{ kind: 'span', text: span.name, spanId: span.spanId }],
  };
}
