/** Something that happened while the lab ran. */
export interface LabEvent {
  kind: string;
  data: unknown;
}

/**
 * `polling`: something on the way holds the stream back, so it is asked for. `asking`: so it is, since the stream broke;
 * `back`: it is there again, a moment ago. `lost`: neither of them answers.
 */
export type StreamState = 'connecting' | 'live' | 'polling' | 'asking' | 'back' | 'lost';

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
/** A stream that broke is tried again after this time, then after twice as long, up to the last of them. */
const TRY_MS = 1_500;
const LAST_TRY_MS = 12_000;
/** So long it is said that it is back. */
const BACK_MS = 5_000;
/** So many beats may be missed. */
const PATIENT_BEATS = 2.5;

/**
 * Reads the lab's events: as a stream, or by asking where a proxy (of a dev tunnel) holds the stream back, or where it
 * broke. While it asks since then it tries the stream again.
 */
export class EventSourceReader {
  readonly #sinks: EventSinks;
  #source: EventSource | null = null;
  /** of the stream: its hello, then its next beat */
  #timer = 0;
  #tryTimer = 0;
  #backTimer = 0;
  #beatMs = 10_000;
  #broke = false;
  #tryMs = TRY_MS;
  /** Another number ends those who ask. */
  #asks = 0;

  constructor(sinks: EventSinks) {
    this.#sinks = sinks;
  }

  open(): void {
    const source = new EventSource('/api/events');
    this.#source = source;
    this.#wait(HELLO_MS, () => {
      source.close();
      if (this.#broke) this.#tryLater();
      else void this.#ask('polling');
    });
    source.addEventListener('hello', ({ data }: MessageEvent<string>) => {
      const hello = JSON.parse(data) as Hello;
      this.#beatMs = hello.beatMs;
      this.#alive();
      this.#runs(hello.gap);
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

  #runs(gap: boolean): void {
    this.#asks++;
    this.#tryMs = TRY_MS;
    if (!this.#broke) {
      this.#sinks.state('live');
      if (gap) this.#sinks.gap();
      return;
    }
    this.#broke = false;
    this.#sinks.state('back');
    // Between the last answer and the hello anything may have happened.
    this.#sinks.gap();
    this.#backTimer = setTimeout(() => this.#sinks.state('live'), BACK_MS);
  }

  /** The browser may try again by itself, but only it knows when. */
  #lost(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#backTimer);
    this.#source?.close();
    this.#tryLater();
    if (this.#broke) return;
    this.#broke = true;
    this.#sinks.state('lost');
    void this.#ask('asking');
  }

  #tryLater(): void {
    clearTimeout(this.#tryTimer);
    this.#tryTimer = setTimeout(() => this.open(), this.#tryMs);
    this.#tryMs = Math.min(this.#tryMs * 2, LAST_TRY_MS);
  }

  #alive(): void {
    this.#wait(this.#beatMs * PATIENT_BEATS, () => this.#lost());
  }

  async #ask(state: 'polling' | 'asking'): Promise<void> {
    const number = ++this.#asks;
    let id: number | null = null;
    while (number === this.#asks) {
      try {
        const answer = await fetch(`/api/events/since${id === null ? '' : `?id=${id}`}`);
        if (!answer.ok) throw new Error(`status ${answer.status}`);
        const list = (await answer.json()) as Hello & { events: LabEvent[] };
        if (number !== this.#asks) return;
        this.#sinks.state(state);
        // Until now nobody listened.
        if (list.gap || id === null) this.#sinks.gap();
        for (const event of list.events) this.#sinks.event(event);
        id = list.id;
      } catch {
        if (number !== this.#asks) return;
        if (state === 'polling') return this.#lost();
        this.#sinks.state('lost');
        // Whoever fetches anew now finds out that nobody answers.
        this.#sinks.gap();
        // Who answers again may be another lab, whose stream is there.
        this.#tryMs = TRY_MS;
        id = null;
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  #wait(ms: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, ms);
  }
}
