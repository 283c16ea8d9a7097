import { computed, DestroyRef, effect, Injectable, inject, linkedSignal } from '@angular/core';
import { LabApi } from './lab-api';
import { LabLive } from './lab-live';

export type LabState = 'asking' | 'runs' | 'trouble' | 'stopped';

/** How often the lab is asked for its trouble, milliseconds. */
const ASK_EVERY_MS = 15_000;
/** Sooner while it is away, so that the page comes back by itself. */
const ASK_AGAIN_MS = 1_500;

/** Whether the lab answers, and what trouble it tells of. */
@Injectable({ providedIn: 'root' })
export class LabHealth {
  readonly #live = inject(LabLive);
  readonly #health = inject(LabApi).health();

  readonly state = computed<LabState>(() => {
    if (this.#health.error()) return 'stopped';
    if (!this.#health.hasValue()) return 'asking';
    return this.#health.value().trouble.length > 0 ? 'trouble' : 'runs';
  });
  readonly trouble = computed(() => (this.#health.hasValue() ? this.#health.value().trouble : []));
  /** The address of the database that the lab reads; null when it collects spans itself. */
  readonly reads = computed(() => {
    const source = this.#health.hasValue() ? this.#health.value().source : null;
    return source?.kind === 'clickhouse' ? source.address : null;
  });
  /** Whether exercises are here. Once they were, they are there again when the lab answers again. */
  readonly learn = linkedSignal<boolean | undefined, boolean>({
    source: () => (this.#health.hasValue() ? this.#health.value().learn : undefined),
    computation: (now, before) => now ?? before?.value ?? false,
  }).asReadonly();
  readonly words = computed(() => {
    const state = this.state();
    if (state !== 'runs') return WORDS[state];
    return STREAM_WORDS[this.#live.state()];
  });
  readonly lost = computed(() => this.state() === 'stopped' || this.#live.state() === 'lost');

  /** The stream broke, and the page asks instead. */
  readonly asks = computed(() => this.state() !== 'stopped' && this.#live.state() === 'asking');

  constructor() {
    let timer = 0;
    effect(() => {
      // A new answer, or a stream that came or went.
      const wait = this.#health.error() || this.#live.state() === 'lost' ? ASK_AGAIN_MS : ASK_EVERY_MS;
      if (this.#health.isLoading()) return;
      clearTimeout(timer);
      timer = setTimeout(() => this.#health.reload(), wait);
    });
    inject(DestroyRef).onDestroy(() => clearTimeout(timer));
  }

  /** Asks now. */
  ask(): void {
    this.#health.reload();
  }
}

const STREAM_WORDS = {
  connecting: 'Connecting',
  live: 'Live',
  polling: 'Live',
  asking: 'Stream lost: asking instead',
  back: 'Live again',
  lost: 'Not live: trying again',
};

const WORDS: Record<LabState, string> = {
  asking: '',
  runs: 'Live',
  trouble: 'Lab has trouble',
  stopped: 'Lab stopped',
};
