import type { Attributes } from '@workshop/telemetry';
import type { CapturedSpan } from './types.ts';

/**
 * Spans that a process told as they ended. Attributes of its resource may have been on their way when the first ended:
 * what is known later is theirs, too.
 */
export class FollowedSpans {
  /** in the order of their ends */
  readonly all: CapturedSpan[] = [];
  /** the fullest resource for each that was told, by its text: they are few, however many the spans are */
  readonly #fullest = new Map<string, Attributes>();

  /** @param spans those of one message: spans of one resource share its object */
  add(spans: readonly CapturedSpan[]): void {
    const told = new Map<Attributes, Attributes>();
    for (const span of spans) {
      const resource = told.get(span.resource) ?? this.#learn(span.resource);
      told.set(span.resource, resource);
      span.resource = resource;
      this.all.push(span);
    }
  }

  #learn(resource: Attributes): Attributes {
    const text = JSON.stringify(resource);
    const known = this.#fullest.get(text);
    if (known) return known;
    const fuller = [...this.#fullest.values()].find((one) => isPart(resource, one)) ?? resource;
    this.#fullest.set(text, fuller);
    if (fuller !== resource) return fuller;
    for (const [part, one] of this.#fullest) if (isPart(one, resource)) this.#fullest.set(part, resource);
    for (const span of this.all) if (isPart(span.resource, resource)) span.resource = resource;
    return resource;
  }
}

/** True when the one lacks attributes of the other, and has the others alike. */
function isPart(one: Attributes, whole: Attributes): boolean {
  const keys = Object.keys(one);
  return (
    keys.length < Object.keys(whole).length && keys.every((key) => String(one[key]) === String(whole[key]))
  );
}
