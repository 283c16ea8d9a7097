/** Something that happened while the lab ran. */
export interface LabEvent {
  kind: string;
  data: unknown;
}

/** `polling`: something on the way holds the stream back, so it is asked for. */
export type StreamState = 'connecting' | 'live' | 'polling' | 'lost';

export interface EventSinks {
  event: (event: LabEvent) => void;
  state: (state: StreamState) => void;
  /** events were lost */
  gap: () => void;
}

interface Hello {
  id: number;
  gap: boolean;
  beatMs: number;
}

/** Kinds that the lab and the learner's side publish. */
const KINDS = ['traces', 'burn-alert', 'save', 'grading', 'verdict', 'trouble', 'solution'];
/** A stream that says nothing within this time is held back. */
const HELLO_MS = 3_000;
const POLL_MS = 1_500;
const AGAIN_MS = 1_500;
/** So many beats may be missed. */
const PATIENT_BEATS = 2.5;

/** Reads the lab's events: as a stream, or by asking where a proxy (of a dev tunnel) holds the stream back. */
export class EventSourceReader {
  readonly #sinks: EventSinks;
  #source: EventSource | null = null;
  #timer = 0;
  #beatMs = 10_000;

  constructor(sinks: EventSinks) {
    this.#sinks = sinks;
  }

  open(): void {
    const source = new EventSource('/api/events');
    this.#source = source;
    this.#wait(HELLO_MS, () => {
      source.close();
      void this.#poll();
    });
    source.addEventListener('hello', ({ data }: MessageEvent<string>) => {
      const hello = JSON.parse(data) as Hello;
      this.#beatMs = hello.beatMs;
      this.#alive();
      this.#sinks.state('live');
      if (hello.gap) this.#sinks.gap();
    });
    source.addEventListener('beat', () => this.#alive());
    for (const kind of KINDS) {
      source.addEventListener(kind, ({ data }: MessageEvent<string>) => {
        this.#alive();
        this.#sinks.event({ kind, data: JSON.parse(data) });
      });
    }
    source.onerror = () => this.#lost();
  }

  /** The browser may try again by itself, but only it knows when. */
  #lost(): void {
    this.#source?.close();
    this.#sinks.state('lost');
    this.#wait(AGAIN_MS, () => {
      // Meanwhile anything may have happened.
      this.#sinks.gap();
      this.open();
    });
  }

  #alive(): void {
    this.#wait(this.#beatMs * PATIENT_BEATS, () => this.#lost());
  }

  async #poll(): Promise<void> {
    let id: number | null = null;
    for (;;) {
      try {
        const answer = await fetch(`/api/events/since${id === null ? '' : `?id=${id}`}`);
        if (!answer.ok) throw new Error(`status ${answer.status}`);
        const list = (await answer.json()) as Hello & { events: LabEvent[] };
        // Until now nobody listened.
        if (list.gap || id === null) this.#sinks.gap();
        for (const event of list.events) this.#sinks.event(event);
        id = list.id;
        this.#sinks.state('polling');
      } catch {
        return this.#lost();
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  #wait(ms: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, ms);
  }
}
