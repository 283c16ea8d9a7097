import { computed, effect, Injectable, inject, signal, untracked } from '@angular/core';
import { LabLive } from '../lab/lab-live';
import { LearnApi } from './learn-api';
import type { GradingEvent, GradingStep, SaveEvent, TroubleEvent, VerdictEvent } from './shapes';

/** What the live grader does now. */
export interface Grading {
  phase: 'idle' | 'pending' | 'grading';
  /** each save begins the next */
  generation: number;
  /** id of the exercise that is graded */
  exercise: string | null;
  /** path of what was saved last */
  file: string | null;
  step: GradingStep | null;
}

const IDLE: Grading = { phase: 'idle', generation: 0, exercise: null, file: null, step: null };

/** The exercises with their states, and the live grader: one of it for header and views. */
@Injectable({ providedIn: 'root' })
export class LearnLive {
  readonly #list = inject(LearnApi).list();

  readonly exercises = computed(() => (this.#list.hasValue() ? this.#list.value().exercises : []));
  /** id of the exercise that a save is about; null: all are done, or it is not known (yet) */
  readonly current = computed(() => (this.#list.hasValue() ? this.#list.value().current : null));
  readonly allDone = computed(() => this.#list.hasValue() && this.#list.value().current === null);

  readonly #grading = signal<Grading>(IDLE);
  readonly grading = this.#grading.asReadonly();
  readonly #verdict = signal<VerdictEvent | null>(null);
  /** the last verdict since this page was opened */
  readonly verdict = this.#verdict.asReadonly();
  readonly #trouble = signal<TroubleEvent | null>(null);
  /** why the last grading gave no verdict; null: it did, or another one runs */
  readonly trouble = this.#trouble.asReadonly();

  constructor() {
    const live = inject(LabLive);
    live.on<SaveEvent>('save', ({ generation, exercise, file }) => {
      // When all is done a save is about nothing.
      if (this.allDone()) return;
      this.#trouble.set(null);
      this.#grading.set({
        phase: 'pending',
        generation,
        exercise: exercise ?? this.current(),
        file,
        step: null,
      });
    });
    live.on<GradingEvent>('grading', ({ generation, exercise, step, of, text }) => {
      this.#trouble.set(null);
      this.#grading.update(({ file }) => ({
        phase: 'grading',
        generation,
        exercise,
        file,
        step: { step, of, text },
      }));
    });
    live.on<VerdictEvent>('verdict', (verdict) => {
      this.#verdict.set(verdict);
      this.#rest(verdict.generation);
      this.#list.reload();
    });
    live.on<TroubleEvent>('trouble', (trouble) => {
      this.#trouble.set(trouble);
      this.#rest(trouble.generation);
    });
    // After a gap in the stream (or before its first event) the answer of the API says what is so.
    effect(() => {
      if (live.gaps() > 0) untracked(() => this.#list.reload());
    });
    effect(() => {
      if (!this.#list.hasValue()) return;
      const { phase, generation, exercise, step } = this.#list.value().live;
      const now = untracked(this.#grading);
      if (generation < now.generation || (now.phase !== 'idle' && generation === now.generation)) return;
      this.#grading.set({ phase, generation, exercise, file: now.file, step });
    });
  }

  /** Asked for by a person: said at once, the grader's own events follow. */
  asked(exercise: string): void {
    this.#trouble.set(null);
    this.#grading.update(({ generation }) => ({
      phase: 'pending',
      generation,
      exercise,
      file: null,
      step: null,
    }));
  }

  /** The request was refused. */
  rest(): void {
    this.#rest(this.#grading().generation);
  }

  reload(): void {
    this.#list.reload();
  }

  #rest(generation: number): void {
    this.#grading.update(({ file }) => ({ phase: 'idle', generation, exercise: null, file, step: null }));
  }
}
