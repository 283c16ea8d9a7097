import { computed, effect, Injectable, inject, type Signal, signal, untracked } from '@angular/core';
import type { SolutionEvent } from '@workshop/grader/learn/shapes';
import { labProblem } from '../lab/lab-api';
import { LabLive } from '../lab/lab-live';
import { LearnApi } from './learn-api';

/** The solution beside the last verdict: asked for only while it is looked at. */
@Injectable()
export class SolutionSession {
  readonly #api = inject(LearnApi);
  readonly #stream = inject(LabLive);
  readonly #asked = signal<{ id: Signal<string>; verdictAt: Signal<string>; on: Signal<boolean> } | null>(
    null,
  );
  readonly #on = computed(() => this.#asked()?.on() === true);
  readonly #id = computed(() => this.#asked()?.id() ?? '');
  readonly #resource = this.#api.solution(() => (this.#on() ? this.#id() : ''));
  readonly #step = signal<string | null>(null);
  readonly #said = signal('');
  /** null: not asked for, or not known yet */
  readonly solution = computed(() =>
    this.#on() && this.#resource.hasValue() ? this.#resource.value() : null,
  );
  /** what is done now, while the solution is driven */
  readonly step = computed(() => this.#step() ?? this.solution()?.step ?? '');
  /** why it cannot be shown */
  readonly problem = computed(() => {
    const error = this.#resource.error();
    return this.#said() || this.solution()?.problem || (error ? labProblem(error).text : '');
  });

  constructor() {
    this.#stream.on<SolutionEvent>('solution', ({ exercise, step }) => {
      if (exercise !== this.#id()) return;
      this.#step.set(step);
      if (step === null) this.#reload();
    });
    let seen: unknown[] = ['', 0];
    effect(() => {
      const news = [this.#asked()?.verdictAt() ?? '', this.#stream.gaps()];
      const isNew = news.some((each, at) => each !== seen[at]);
      seen = news;
      if (isNew) untracked(() => this.#reload());
    });
    effect(() => {
      // Nobody has to say twice that they want to see it: another verdict is laid beside another drive.
      if (this.solution()?.state === 'unasked') untracked(() => void this.ask(false));
    });
  }

  /** @param on whether the solution is looked at; @param verdictAt changes with each verdict */
  follow(id: Signal<string>, verdictAt: Signal<string>, on: Signal<boolean>): void {
    this.#asked.set({ id, verdictAt, on });
  }

  /** @param confirmed show it though the exercise is not passed yet */
  async ask(confirmed: boolean): Promise<void> {
    this.#said.set('');
    this.#step.set(null);
    try {
      this.#resource.set(await this.#api.askForSolution(this.#id(), confirmed));
    } catch (error) {
      this.#said.set(labProblem(error).text || 'The lab does not answer.');
    }
  }

  #reload(): void {
    if (this.#on()) this.#resource.reload();
  }
}
