import {
  computed,
  effect,
  Injectable,
  inject,
  linkedSignal,
  type Signal,
  signal,
  untracked,
} from '@angular/core';
import { labProblem } from '../lab/lab-api';
import { LabLive } from '../lab/lab-live';
import { type FilePlace, LearnApi } from './learn-api';
import { LearnLive } from './learn-live';
import type { ExerciseDetail, Verdict, VerdictEvent } from './shapes';
import { statusWords } from './status-words';

/** One exercise of a learner, as it is now: what the API answers, what the stream tells, and what can be asked of both. */
@Injectable()
export class ExerciseSession {
  readonly #api = inject(LearnApi);
  readonly #live = inject(LearnLive);
  readonly #stream = inject(LabLive);
  readonly #source = signal<Signal<string> | null>(null);
  /** `03`, or `03b` of an optional part; '' as long as nobody said which one */
  readonly id = computed(() => {
    const text = this.#source()?.() ?? '';
    return /^\d{1,2}[a-z]?(?=-|$)/.exec(text)?.[0] ?? text;
  });
  readonly #resource = this.#api.detail(() => this.id());

  /** The last answer stays while the next one is on its way, or the lab is away. */
  readonly detail = linkedSignal<{ id: string; value: ExerciseDetail | null }, ExerciseDetail | null>({
    source: () => ({ id: this.id(), value: this.#resource.hasValue() ? this.#resource.value() : null }),
    computation: ({ id, value }, before) => value ?? (before?.source.id === id ? before.value : null),
  }).asReadonly();
  readonly #problem = computed(() => {
    const error = this.#resource.error();
    return error ? labProblem(error) : null;
  });
  /** There is no such exercise. */
  readonly unknown = computed(() => this.#problem()?.status === 404 || this.#problem()?.status === 422);

  readonly #verdicts = linkedSignal<
    ExerciseDetail | null,
    { id: string; now: Verdict | null; last: Verdict | null }
  >({
    source: this.detail,
    computation: (detail, before) => {
      const now = detail?.verdict ?? null;
      const id = detail?.id ?? '';
      const same = before?.value.id === id ? before.value : undefined;
      return { id, now, last: (same?.now?.at === now?.at ? same?.last : same?.now) ?? null };
    },
  });
  readonly verdict = computed(() => this.#verdicts().now);
  /** the one before it, as far as this page has seen it */
  readonly lastVerdict = computed(() => this.#verdicts().last);

  readonly #event = computed(() => {
    const event = this.#live.verdict();
    return event?.exercise === this.id() ? event : null;
  });
  readonly #answered = signal<VerdictEvent | null>(null);
  /** A verdict came, and what it says is on its way. */
  readonly #arriving = computed(() => this.#event() !== this.#answered() && this.#resource.isLoading());
  #onceMore = false;

  /** Something was saved, or is graded, since the verdict that is shown. */
  readonly isOld = computed(() => {
    const { phase, exercise } = this.#live.grading();
    const isGraded = phase !== 'idle' && exercise === this.id();
    return isGraded || this.#arriving() || this.verdict()?.stale === true;
  });
  readonly status = computed(() =>
    statusWords({
      detail: this.detail(),
      grading: this.#live.grading(),
      last: this.#event(),
      trouble: this.#live.trouble(),
      stopped: this.#problem()?.stopped === true,
      lost: this.#stream.state() === 'lost',
      arriving: this.#arriving(),
    }),
  );
  /** what changed with the last verdict, by the number of the check */
  readonly changes = computed(() => {
    const event = this.#event();
    return new Map(event?.hadVerdict ? event.changes.map(({ number, text }) => [number, text]) : []);
  });
  readonly #said = signal('');
  /** what became of the last request, when there is something to say */
  readonly said = this.#said.asReadonly();

  constructor() {
    let seen: unknown[] = [null, 0];
    effect(() => {
      // A verdict, or a gap in the stream: the answer of the API has all of it.
      const news = [this.#event(), this.#stream.gaps()];
      const isNew = news.some((each, at) => each !== seen[at]);
      seen = news;
      if (isNew) untracked(() => this.reload());
    });
    effect(() => {
      if (this.#resource.isLoading()) return;
      if (this.#onceMore) untracked(() => this.reload());
      else this.#answered.set(untracked(this.#event));
    });
  }

  follow(id: Signal<string>): void {
    this.#source.set(id);
  }

  reload(): void {
    // A first answer that is on its way may be of before: then once more after it.
    this.#onceMore = !this.#resource.reload() && this.#resource.isLoading();
  }

  async grade(): Promise<void> {
    this.#said.set('');
    this.#live.asked(this.id());
    try {
      await this.#api.grade(this.id());
    } catch (error) {
      this.#live.rest();
      this.#said.set(labProblem(error).text);
    }
  }

  async hint(): Promise<void> {
    await this.#api.nextHint(this.id());
    this.reload();
  }

  async open(place: FilePlace): Promise<void> {
    try {
      const editor = await this.#api.open(place);
      this.#said.set(`${place.path} is open in ${editor}.`);
    } catch (error) {
      this.#said.set(labProblem(error).text || 'The lab does not answer.');
    }
  }

  /** Another exercise: what was said was about the last one. */
  quiet(): void {
    this.#said.set('');
  }
}
