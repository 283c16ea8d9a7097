/**
 * The ids of the spans that were stored lately. A client that got no answer sends its batch again; the second
 * copy is recognised here and answered like the first.
 *
 * Two generations: when the young one is full it becomes the old one, so memory is bounded and no entry is
 * forgotten before `size` others came after it.
 *
 * Span ids are random, so a span is found by its own, which is a third of the text of both. Only where another trace
 * has a span of the same id both stand together.
 */
export class RecentSpans {
  /** trace ids, by span id or by both */
  #young = new Map<string, string>();
  #old = new Map<string, string>();
  #someShareAnId = false;
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  /** @returns false when the span was there already */
  add(traceId: string, spanId: string): boolean {
    const trace = this.#traceOf(spanId);
    if (trace === traceId) return false;
    if (trace === undefined && !this.#someShareAnId) return this.#put(spanId, traceId);
    const both = traceId + spanId;
    if (this.#traceOf(both) !== undefined) return false;
    if (trace === undefined) return this.#put(spanId, traceId);
    this.#someShareAnId = true;
    return this.#put(both, traceId);
  }

  /** Takes a span back whose storing failed. */
  remove(traceId: string, spanId: string): void {
    for (const generation of [this.#young, this.#old]) {
      if (generation.get(spanId) === traceId) generation.delete(spanId);
      generation.delete(traceId + spanId);
    }
  }

  #traceOf(key: string): string | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  #put(key: string, traceId: string): true {
    if (this.#young.size >= this.#size) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, traceId);
    return true;
  }
}
