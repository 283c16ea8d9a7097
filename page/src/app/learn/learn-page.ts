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
import type { Interval } from '@workshop/telemetry/pure';
import { Keys } from '../keys/keys';
import { Address, intervalOf, intervalText } from '../shell/address';
import { type Folding, foldingOf, foldingText } from '../waterfall/folding';
import { arrivals, NOTHING_ARRIVED } from './arrivals';
import { CheckList } from './check-list';
import { type CheckRow, checkRows, firstToLookAt } from './check-row';
import { ExerciseSession } from './exercise-session';
import { LearnLive } from './learn-live';
import { ScrollMemory } from './scroll-memory';
import type { VerdictEvent } from './shapes';
import { shownTrace, tracesOf } from './shown-trace';
import { StatusLine } from './status-line';
import { targetOf } from './target';
import { Task } from './task';
import { TracePane } from './trace-pane';

type Tab = 'task' | 'checks' | 'trace';

/** Nothing of an open span, a zoom and so on of another trace. */
const OTHER_TRACE = { span: null, key: null, zoom: null, fold: null, find: null, trace: null };

/** One exercise: its task, its checks, its trace. All state is in the address. */
@Component({
  selector: 'lab-learn-page',
  imports: [CheckList, RouterLink, StatusLine, Task, TracePane],
  providers: [ExerciseSession, ScrollMemory],
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
  /** `before`: the trace of before passing */
  readonly trace = input<string>();
  /** of a narrow screen */
  readonly tab = input<string>();

  readonly #address = inject(Address);
  readonly #injector = inject(Injector);
  readonly #element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #scroll = inject(ScrollMemory);
  protected readonly live = inject(LearnLive);
  protected readonly session = inject(ExerciseSession);
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
  protected readonly traces = computed(() => {
    const verdict = this.verdict();
    if (!verdict) return [];
    const before = this.isBefore() ? verdict.before : null;
    return before ? [shownTrace(before.view, before.trace)] : tracesOf(verdict, this.chosen());
  });
  protected readonly viewNumber = computed(() => Number(this.view() ?? 0) || 0);
  protected readonly arrived = computed(() => {
    const last = this.session.lastVerdict();
    const now = this.traces()[this.viewNumber()] ?? this.traces()[0];
    if (!last || !now || this.isBefore()) return NOTHING_ARRIVED;
    const check = last.exercise.checks.find(({ id }) => id === this.chosen()?.id) ?? null;
    const [before] = [...tracesOf(last, check), ...tracesOf(last, firstToLookAt(last))];
    if (!before) return arrivals([], now.spans);
    return requestOf(before.title) === requestOf(now.title)
      ? arrivals(before.spans, now.spans)
      : NOTHING_ARRIVED;
  });
  protected readonly zoomed = computed(() => intervalOf(this.zoom()));
  protected readonly folding = computed(() => foldingOf(this.fold()));

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
    inject(Keys).bind('In an exercise', [
      { keys: [']'], words: 'next check', run: () => this.step(1) },
      { keys: ['['], words: 'check before', run: () => this.step(-1) },
    ]);
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

  protected select(spanId: string | null): void {
    const write = this.span() !== undefined && spanId !== null ? 'replace' : 'push';
    if (write === 'push') this.#scroll.remember();
    this.#address[write]({ span: spanId, key: null });
  }

  protected setZoom(zoom: Interval | null): void {
    this.#address.push({ zoom: intervalText(zoom) });
  }

  protected setFolding(folding: Folding): void {
    this.#address.replace({ fold: foldingText(folding) || null });
  }

  protected setFind(find: string): void {
    this.#address.replace({ find: find || null });
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
