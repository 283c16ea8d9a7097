import { NgTemplateOutlet } from '@angular/common';
import {
  afterRenderEffect,
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  inject,
  input,
  model,
  output,
  signal,
} from '@angular/core';
import type { Annotation, Interval } from '@workshop/telemetry/pure';
import { SpanDrawer } from '../span/span-drawer';
import { shownLine } from '../text/shown';
import { formatDuration } from '../text/time';
import { TraceText } from '../trace/trace-text';
import { type Folding, NOTHING_FOLDED } from '../waterfall/folding';
import { ServiceList } from '../waterfall/service-list';
import { traceModel } from '../waterfall/trace-model';
import { Waterfall } from '../waterfall/waterfall';
import { type Arrivals, NOTHING_ARRIVED } from './arrivals';
import { Evidence } from './evidence';
import type { ReportedCheck } from './shapes';
import type { ShownTrace } from './shown-trace';
import { SolutionSession } from './solution-session';
import { SolutionStrip } from './solution-strip';
import { Splitter } from './splitter';

const KEPT = 'lab.learn.details';
const USUAL_SHARE = 45;
const NO_OTHERS: ReadonlySet<string> = new Set();

/** The learner's own trace, with what a check misses in it, over the details of a span. */
@Component({
  selector: 'lab-trace-pane',
  imports: [
    Evidence,
    NgTemplateOutlet,
    ServiceList,
    SolutionStrip,
    SpanDrawer,
    Splitter,
    TraceText,
    Waterfall,
  ],
  templateUrl: './trace-pane.html',
  styleUrl: './trace-pane.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TracePane {
  readonly traces = input.required<readonly ShownTrace[]>();
  /** the check that the marks are of */
  readonly check = input<ReportedCheck | null>(null);
  readonly arrived = input<Arrivals>(NOTHING_ARRIVED);
  /** the verdict is old: something was saved since */
  readonly old = input(false);
  /** there is a trace of before passing; whether it is shown */
  readonly hasBefore = input(false);
  readonly isBefore = input(false);

  /** whether there is a trace to lay the solution's over, and whether it is */
  readonly hasSolution = input(false);
  readonly withSolution = input(false);
  readonly solutionChosen = output<boolean>();
  /** both traces as text */
  readonly asText = input(false);
  readonly textChosen = output<boolean>();

  readonly view = input.required<number>();
  readonly viewChosen = output<number>();
  readonly beforeChosen = output<boolean>();
  readonly selected = model<string | null>(null);
  /** key of the attribute that somebody was sent to */
  readonly lit = input<string | null>(null);
  readonly zoom = model<Interval | null>(null);
  readonly folding = model<Folding>(NOTHING_FOLDED);
  readonly find = model('');

  readonly #element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  protected readonly trace = computed(() => this.traces()[this.view()] ?? this.traces()[0]);
  protected readonly solutions = inject(SolutionSession);
  protected readonly beside = computed(() => (this.withSolution() ? (this.trace()?.beside ?? null) : null));
  protected readonly others = computed(() => this.beside()?.others ?? NO_OTHERS);
  protected readonly tags = computed(() => this.beside()?.tags ?? this.arrived().tags);
  protected readonly shownAsText = computed(() => this.asText() && this.beside() !== null);
  protected readonly annotations = computed<Annotation[]>(() =>
    [...(this.beside()?.tags ?? [])].flatMap(([spanId, text]) =>
      spanId.startsWith('fold-') ? [] : [{ spanId, text }],
    ),
  );
  protected readonly model = computed(() =>
    traceModel(this.trace()?.spans ?? [], this.trace()?.unended ?? []),
  );
  protected readonly open = computed(() => this.model().find(this.selected() ?? ''));
  protected readonly absent = computed(() => {
    const key = this.lit();
    const span = this.open();
    return key !== null && span && !(key in span.attributes) ? key : null;
  });
  protected readonly facts = computed(() => {
    const { spans, startMs, endMs } = this.model();
    return {
      spans: spans.length,
      duration: formatDuration(endMs - startMs),
    };
  });
  protected readonly arrivedIds = computed(() => new Set(this.arrived().tags.keys()));
  protected readonly share = signal(keptShare());
  protected readonly line = shownLine;

  constructor() {
    afterRenderEffect(() => {
      const key = this.lit();
      if (key === null || !this.open()) return;
      const field = this.#element.querySelector(`[data-key="${CSS.escape(key)}"]`);
      field?.scrollIntoView({ block: 'nearest' });
    });
  }

  /** Pixels that the waterfall is scrolled by. */
  get scrollTop(): number {
    return this.#grid()?.scrollTop ?? 0;
  }

  set scrollTop(top: number) {
    const grid = this.#grid();
    if (grid) grid.scrollTop = top;
  }

  protected setShare(share: number): void {
    this.share.set(share);
    try {
      localStorage.setItem(KEPT, String(share));
    } catch {
      // It holds until the page is left.
    }
  }

  #grid(): HTMLElement | null {
    return this.#element.querySelector('[role="treegrid"]');
  }
}

function keptShare(): number {
  try {
    const share = Number(localStorage.getItem(KEPT));
    return share >= 15 && share <= 80 ? share : USUAL_SHARE;
  } catch {
    return USUAL_SHARE;
  }
}
