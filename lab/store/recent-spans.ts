/**
 * The ids of the spans that were stored lately. A client that got no answer sends its batch again; the second
 * copy is recognised here and answered like the first.
 *
 * Two generations: when the young one is full it becomes the old one, so memory is bounded and no entry is
 * forgotten before `size` others came after it.
 */
export class RecentSpans {
  #young = new Set<string>();
  #old = new Set<string>();
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  /** @returns false when the span was there already */
  add(id: string): boolean {
    if (this.#young.has(id) || this.#old.has(id)) return false;
    if (this.#young.size >= this.#size) {
      this.#old = this.#young;
      this.#young = new Set();
    }
    this.#young.add(id);
    return true;
  }

  /** Takes a span back whose storing failed. */
  remove(id: string): void {
    this.#young.delete(id);
    this.#old.delete(id);
  }
}
