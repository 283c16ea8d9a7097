import { DestroyRef, Injectable, inject, signal } from '@angular/core';
import { EventSourceReader, type LabEvent, type StreamState } from './event-reader';

/** What tabs of one browser tell each other. */
type Message =
  | { type: 'event'; event: LabEvent }
  | { type: 'state'; state: StreamState }
  | { type: 'gap' }
  | { type: 'ask' };

const NAME = 'lab-events';

/**
 * What happens in the lab, as it happens. A browser opens six connections to a host, so of all tabs one reads the
 * stream and tells the others; when it is closed the next one reads on.
 */
@Injectable({ providedIn: 'root' })
export class LabLive {
  readonly #state = signal<StreamState>('connecting');
  readonly state = this.#state.asReadonly();
  /** grows when events were lost: what is shown must be fetched anew */
  readonly #gaps = signal(0);
  readonly gaps = this.#gaps.asReadonly();
  readonly #handlers = new Map<string, Set<(data: unknown) => void>>();
  readonly #channel = new BroadcastChannel(NAME);
  #leads = false;

  constructor() {
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => this.#hear(data);
    this.#channel.postMessage({ type: 'ask' } satisfies Message);
    // Without locks (a browser that finds the page's origin insecure) every tab reads for itself.
    if (navigator.locks) void navigator.locks.request(NAME, () => this.#lead());
    else void this.#lead();
  }

  /** Calls a function with the data of each event of a kind, as long as the caller lives. Call it where `inject` works. */
  on<T>(kind: string, handler: (data: T) => void): void {
    const handlers = this.#handlers.get(kind) ?? new Set();
    this.#handlers.set(kind, handlers);
    handlers.add(handler as (data: unknown) => void);
    inject(DestroyRef).onDestroy(() => handlers.delete(handler as (data: unknown) => void));
  }

  /** Resolves never: whoever leads does so until its tab is closed. */
  #lead(): Promise<void> {
    this.#leads = true;
    new EventSourceReader({
      event: (event) => this.#tell({ type: 'event', event }),
      state: (state) => this.#tell({ type: 'state', state }),
      gap: () => this.#tell({ type: 'gap' }),
    }).open();
    return new Promise(() => {});
  }

  #tell(message: Message): void {
    this.#channel.postMessage(message);
    this.#hear(message);
  }

  #hear(message: Message): void {
    switch (message.type) {
      case 'event':
        for (const handler of this.#handlers.get(message.event.kind) ?? []) handler(message.event.data);
        return;
      case 'state':
        this.#state.set(message.state);
        return;
      case 'gap':
        this.#gaps.update((times) => times + 1);
        return;
      case 'ask':
        if (this.#leads) this.#channel.postMessage({ type: 'state', state: this.#state() } satisfies Message);
    }
  }
}
