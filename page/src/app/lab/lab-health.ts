import { computed, DestroyRef, effect, Injectable, inject, signal } from '@angular/core';
import { LabApi } from './lab-api';

export type LabState = 'asking' | 'runs' | 'trouble' | 'stopped';

/** How often the lab is asked whether it runs, milliseconds. */
const ASK_EVERY_MS = 5_000;
/** Sooner while it is away, so that the page comes back by itself. */
const ASK_AGAIN_MS = 1_500;

/** Whether the lab answers, and what trouble it tells of. */
@Injectable({ providedIn: 'root' })
export class LabHealth {
  readonly #api = inject(LabApi);
  readonly #health = this.#api.health();
  readonly #asked = signal(0);

  readonly state = computed<LabState>(() => {
    if (this.#health.status() === 'error') return 'stopped';
    if (!this.#health.hasValue()) return 'asking';
    return this.#health.value().trouble.length > 0 ? 'trouble' : 'runs';
  });
  readonly trouble = computed(() => (this.#health.hasValue() ? this.#health.value().trouble : []));
  readonly words = computed(() => WORDS[this.state()]);

  constructor() {
    let timer = 0;
    effect(() => {
      this.#asked();
      clearTimeout(timer);
      const wait = this.state() === 'stopped' ? ASK_AGAIN_MS : ASK_EVERY_MS;
      timer = setTimeout(() => this.ask(), wait);
    });
    inject(DestroyRef).onDestroy(() => clearTimeout(timer));
  }

  /** Asks now. */
  ask(): void {
    this.#health.reload();
    this.#asked.update((times) => times + 1);
  }
}

const WORDS: Record<LabState, string> = {
  asking: '',
  runs: 'Lab runs',
  trouble: 'Lab has trouble',
  stopped: 'Lab stopped',
};
