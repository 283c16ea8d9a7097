import type { LabEvent } from '../../api/index.ts';

/** What publishes events. A mounted part of the lab gets one. */
export interface EventPublisher {
  /**
   * Tells everybody who listens. An event says that something is so now; what is large about it stands under an address
   * of its own.
   * @param kind lower-case words with dashes: save, grading, verdict
   * @param data at most 256 KiB as JSON
   * @throws RangeError for another kind, or larger data
   */
  publish(kind: string, data: object): void;
}

const KIND = /^[a-z]+(-[a-z]+)*$/;
/** Kinds of the stream itself. */
const OWN_KINDS = new Set(['hello', 'beat']);
const MOST_CHARACTERS_OF_ONE = 256 * 1024;
/** What is kept for those who come late or read slowly. */
const MOST_EVENTS = 1_000;
const MOST_CHARACTERS = 4 * 1024 * 1024;

interface KeptEvent {
  id: number;
  kind: string;
  /** the data as JSON */
  json: string;
}

/**
 * The last events, as long as there is room for them. Whoever reads them holds nothing but a number, the id of the last
 * one read: so a slow reader costs no memory, and finds a gap when it was too slow.
 */
export class EventLog implements EventPublisher {
  readonly #events: KeptEvent[] = [];
  readonly #listeners = new Set<() => void>();
  #characters = 0;
  #lastId: number;

  /** Ids begin with the time, so that those of a lab that was started again are larger than its former ones. */
  constructor(firstId = Date.now() * 1_000) {
    this.#lastId = firstId;
  }

  /** Whether somebody listens. */
  get isHeard(): boolean {
    return this.#listeners.size > 0;
  }

  get lastId(): number {
    return this.#lastId;
  }

  publish(kind: string, data: object): void {
    if (!KIND.test(kind) || OWN_KINDS.has(kind)) throw new RangeError(`"${kind}" is no kind of event.`);
    const json = JSON.stringify(data);
    if (json.length > MOST_CHARACTERS_OF_ONE)
      throw new RangeError(
        `The event ${kind} has ${json.length} characters; at most ${MOST_CHARACTERS_OF_ONE}.`,
      );
    this.#events.push({ id: ++this.#lastId, kind, json });
    this.#characters += json.length;
    while (this.#events.length > MOST_EVENTS || this.#characters > MOST_CHARACTERS) {
      this.#characters -= this.#events.shift()?.json.length ?? 0;
    }
    for (const listener of this.#listeners) listener();
  }

  /** The event that follows an id; 'gap' when it is no longer kept, or the id is not of this log; null when there is none yet. */
  after(id: number): KeptEvent | 'gap' | null {
    if (id === this.#lastId) return null;
    const first = this.#lastId - this.#events.length + 1;
    return this.#events[id + 1 - first] ?? 'gap';
  }

  /** All that follow an id. */
  since(id: number): { gap: boolean; events: LabEvent[] } {
    const events: LabEvent[] = [];
    let last = id;
    for (let next = this.after(last); next !== null; next = this.after(last)) {
      if (next === 'gap') return { gap: true, events: [] };
      events.push({ id: next.id, kind: next.kind, data: JSON.parse(next.json) });
      last = next.id;
    }
    return { gap: false, events };
  }

  /** @param listener called after each event; @returns a function that ends it */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
