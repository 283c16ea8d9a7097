import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  effect,
  Injector,
  inject,
  input,
  untracked,
  viewChild,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import { Keys } from '../keys/keys';
import { Address } from '../shell/address';
import { type Command, Commands } from '../shell/commands';
import { waterfallAddress } from '../shell/waterfall-address';
import { arrivals, NOTHING_ARRIVED } from './arrivals';
import { CheckList } from './check-list';
import { type CheckRow, checkRows, firstToLookAt } from './check-row';
import { ExerciseSession } from './exercise-session';
import { LearnLive } from './learn-live';
import { ScrollMemory } from './scroll-memory';
import type { VerdictEvent } from './shapes';
import { type ShownTrace, shownTrace, tracesOf } from './shown-trace';
import { SolutionSession } from './solution-session';
import { StatusLine } from './status-line';
import { targetOf } from './target';
import { Task } from './task';
import { TracePane } from './trace-pane';
import { besideSolution } from './with-solution';

type Tab = 'task' | 'checks' | 'trace';

/** Nothing of an open span, a zoom and so on of another trace. */
const OTHER_TRACE = { span: null, key: null, zoom: null, fold: null, find: null, trace: null, form: null };

/** One exercise: its task, its checks, its trace. All state is in the address. */
@Component({
  selector: 'lab-learn-page',
  imports: [CheckList, RouterLink, StatusLine, Task, TracePane],
  providers: [ExerciseSession, ScrollMemory, SolutionSession],
  templateUrl: './learn-page.html',
  styleUrl: './learn-page.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LearnPage {
  readonly id = input.required<string>();
  /** of the address: the chosen check, its trace by number, the open span, the attribute sent to, and so on */
  readonly check = input<string>();
  readonly view = input<string>();
  readonly span = input<string>();
  readonly key = input<string>();
  readonly zoom = input<string>();
  readonly fold = input<string>();
  readonly find = input<string>();
  /** `before`: the trace of before passing; `solution`: with the solution's over it */
  readonly trace = input<string>();
  /** `text`: both traces as text */
  readonly form = input<string>();
  /** of a narrow screen */
  readonly tab = input<string>();

  readonly #address = inject(Address);
  readonly #injector = inject(Injector);
  readonly #element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #scroll = inject(ScrollMemory);
  protected readonly live = inject(LearnLive);
  protected readonly session = inject(ExerciseSession);
  protected readonly solutions = inject(SolutionSession);
  protected readonly detail = this.session.detail;
  protected readonly verdict = this.session.verdict;
  protected readonly taskPart = viewChild(Task);
  protected readonly tracePart = viewChild(TracePane);

  protected readonly rows = computed(() => {
    const detail = this.detail();
    return detail ? checkRows(detail) : [];
  });
  protected readonly passed = computed(() => this.rows().filter(({ look }) => look === 'pass').length);
  protected readonly chosen = computed(() => {
    const verdict = this.verdict();
    if (!verdict) return null;
    const asked = verdict.exercise.checks.find(({ id }) => id === this.check());
    return asked ?? firstToLookAt(verdict);
  });
  protected readonly moreHints = computed(() => {
    const hints = this.detail()?.hints;
    return hints !== undefined && hints.shown.length < hints.total;
  });

  protected readonly isBefore = computed(() => this.trace() === 'before' && this.verdict()?.before != null);
  protected readonly withSolution = computed(() => this.trace() === 'solution');
  protected readonly traces = computed<readonly ShownTrace[]>(() => {
    const verdict = this.verdict();
    if (!verdict) return [];
    const before = this.isBefore() ? verdict.before : null;
    if (before) return [shownTrace(before.view, before.trace)];
    const own = tracesOf(verdict, this.chosen());
    const solution = this.solutions.solution();
    return this.withSolution() && solution ? besideSolution(own, solution) : own;
  });
  protected readonly viewNumber = computed(() => Number(this.view() ?? 0) || 0);
  protected readonly arrived = computed(() => {
    const last = this.session.lastVerdict();
    const now = this.traces()[this.viewNumber()] ?? this.traces()[0];
    if (!last || !now || this.isBefore() || this.withSolution()) return NOTHING_ARRIVED;
    const check = last.exercise.checks.find(({ id }) => id === this.chosen()?.id) ?? null;
    const [before] = [...tracesOf(last, check), ...tracesOf(last, firstToLookAt(last))];
    if (!before) return arrivals([], now.spans);
    return requestOf(before.title) === requestOf(now.title)
      ? arrivals(before.spans, now.spans)
      : NOTHING_ARRIVED;
  });
  protected readonly waterfall = waterfallAddress(this, {
    withSpan: { key: null },
    onStep: () => this.#scroll.remember(),
  });

  protected readonly next = computed(() => {
    const all = this.live.exercises();
    const current = all.find(({ id }) => id === this.live.current());
    return current && current.id !== this.detail()?.id ? current : null;
  });
  protected readonly tabs: readonly { tab: Tab; name: string }[] = [
    { tab: 'task', name: 'Task' },
    { tab: 'checks', name: 'Checks' },
    { tab: 'trace', name: 'Trace' },
  ];
  protected readonly shownTab = computed<Tab>(
    () => this.tabs.find(({ tab }) => tab === this.tab())?.tab ?? 'task',
  );

  constructor() {
    this.session.follow(this.id);
    this.solutions.follow(
      this.session.id,
      computed(() => this.verdict()?.at ?? ''),
      this.withSolution,
    );
    effect(() => {
      // The open span of the old trace is the one that stands in its place now.
      const { successors } = this.arrived();
      const spanId = successors.get(untracked(() => this.span() ?? ''));
      if (spanId !== undefined) this.#address.replace({ span: spanId });
    });
    effect(() => {
      // The next task begins at its top.
      this.id();
      untracked(() => this.session.quiet());
      this.#taskToTop();
    });
    let celebrated: VerdictEvent | null = null;
    effect(() => {
      // Who answered the question is at the end of the task, and what was learnt stands at its top.
      const event = this.live.verdict();
      const detail = this.detail();
      if (!event?.first || event === celebrated || event.exercise !== detail?.id || !detail.done) return;
      celebrated = event;
      this.#taskToTop();
    });
    this.#scroll.follow(
      () => this.tracePart()?.scrollTop ?? 0,
      (top) => {
        const pane = this.tracePart();
        if (pane) pane.scrollTop = top;
      },
    );
    inject(Commands).add(() => this.#commands());
    inject(Keys).bind('In an exercise', [
      { keys: [']'], words: 'next check', run: () => this.step(1) },
      { keys: ['['], words: 'check before', run: () => this.step(-1) },
      {
        keys: ['m'],
        words: 'mine and the solution’s',
        run: () => this.verdict() && this.chooseSolution(!this.withSolution()),
      },
    ]);
  }

  #commands(): Command[] {
    const detail = this.detail();
    if (!detail || detail.checks.length === 0) return [];
    const about = `exercise ${detail.id}`;
    return [
      { id: 'grade', words: 'Grade now', detail: about, run: () => void this.session.grade() },
      ...(this.moreHints()
        ? [{ id: 'hint', words: 'Next hint', detail: about, run: () => void this.hint() }]
        : []),
      ...(this.verdict()
        ? [
            {
              id: 'solution',
              words: 'Mine and the solution’s',
              detail: about,
              key: 'm',
              run: () => this.chooseSolution(!this.withSolution()),
            },
          ]
        : []),
    ];
  }

  /** Flies to what a check speaks of. "Back" returns to where one was, scrolled as it was. */
  protected choose({ check }: CheckRow): void {
    const verdict = this.verdict();
    if (!check || !verdict) return;
    const target = targetOf(check, verdict.exercise.traces);
    this.#scroll.remember();
    this.#address.push({
      ...OTHER_TRACE,
      check: check.id,
      view: target && target.view > 0 ? String(target.view) : null,
      span: target?.spanId ?? null,
      key: target?.key ?? null,
      ...(target && this.shownTab() === 'checks' && { tab: 'trace' }),
    });
  }

  protected step(by: 1 | -1): void {
    const rows = this.rows().filter(({ check }) => check !== null);
    const at = rows.findIndex(({ id }) => id === this.chosen()?.id);
    const next = rows[(at + by + rows.length) % rows.length];
    if (next) this.choose(next);
  }

  protected async hint(): Promise<void> {
    await this.session.hint();
    if (this.shownTab() !== 'task') this.showTab('task');
    this.#element.querySelector<HTMLElement>('#hints')?.scrollIntoView({ block: 'start' });
  }

  protected toHeading(words: string): void {
    this.#onTask((task) => task.toHeading(words));
  }

  protected toQuestion(): void {
    this.#onTask((task) => task.toQuestion());
  }

  protected showTab(tab: Tab): void {
    this.#scroll.remember();
    this.#address.push({ tab: tab === 'task' ? null : tab });
  }

  protected chooseView(view: number): void {
    this.#address.push({ ...OTHER_TRACE, view: view > 0 ? String(view) : null });
  }

  protected chooseBefore(before: boolean): void {
    this.#scroll.remember();
    this.#address.push({ ...OTHER_TRACE, trace: before ? 'before' : null, ...this.#traceTab() });
  }

  /** The solution's trace in the same waterfall, or not. */
  protected chooseSolution(on: boolean): void {
    this.#scroll.remember();
    this.#address.push({ ...OTHER_TRACE, trace: on ? 'solution' : null, ...this.#traceTab() });
  }

  protected setText(on: boolean): void {
    this.#address.push({ form: on ? 'text' : null });
  }

  #taskToTop(): void {
    afterNextRender(() => this.#element.querySelector('lab-task')?.scrollTo(0, 0), {
      injector: this.#injector,
    });
  }

  #traceTab(): { tab?: string } {
    return this.shownTab() === 'trace' ? {} : { tab: 'trace' };
  }

  #onTask(act: (task: Task) => void): void {
    const task = this.taskPart();
    if (!task) return;
    if (this.shownTab() === 'task') {
      act(task);
      return;
    }
    // On a narrow screen the task stands there after the next rendering.
    this.showTab('task');
    const shown = effect(
      () => {
        if (this.shownTab() !== 'task') return;
        shown.destroy();
        afterNextRender(() => act(task), { injector: this.#injector });
      },
      { injector: this.#injector },
    );
  }
}

/** `GET /feed` of `GET /feed, signed in as user 4711`: who is signed in is drawn anew for each grading. */
function requestOf(title: string): string {
  return title.split(', ')[0] ?? '';
}
