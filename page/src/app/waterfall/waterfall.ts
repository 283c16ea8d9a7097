import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  effect,
  inject,
  input,
  linkedSignal,
  model,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import type { Interval, OpenSpan, Span } from '@workshop/telemetry/pure';
import { Keys } from '../keys/keys';
import { searchTerms, spanMatches } from '../text/search-terms';
import { formatDuration, ticks } from '../text/time';
import { ElementSize } from './element-size';
import { type Folding, NOTHING_FOLDED, opened, toggled } from './folding';
import { Minimap } from './minimap';
import { rowView } from './row-view';
import { foldsAround, type Row, rowsOf, type ShownMark } from './rows';
import { traceModel } from './trace-model';
import { WaterfallTools } from './waterfall-tools';
import { rowWindow } from './window';

/** Below it a row has two lines: the name and the duration, the bar beneath. */
const NARROW_PX = 620;
/** From here on start and self time have columns. */
const WIDE_PX = 840;
/** A tick further to the right, in per cent, has no room for its text. */
const LAST_TICK = 88;
const ROW_PX = 24;
const NARROW_ROW_PX = 46;

/**
 * A trace as a tree with bars. Rows are windowed: of ten thousand at most eighty are in the document. What it shows is
 * its inputs' to say: spans, marks (a mark that stands as a child, or has an interval, is a ghost), the critical path.
 * What a person changes (selection, zoom, folds, search) are models, so that a view can keep them in its address.
 */
@Component({
  selector: 'lab-waterfall',
  imports: [Minimap, WaterfallTools],
  templateUrl: './waterfall.html',
  styleUrl: './waterfall.css',
  host: { '[class.narrow]': 'narrow()', '[class.wide]': 'wide()' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Waterfall {
  readonly spans = input.required<readonly Span[]>();
  /** spans that were started and had not ended when they were collected */
  readonly unended = input<readonly OpenSpan[]>([]);
  readonly marks = input<readonly ShownMark[]>([]);
  /** stretches of the critical path; null: not known (yet) */
  readonly criticalPath = input<readonly (Interval & { spanId: string })[] | null>(null);
  /** whether there is a critical path to ask for */
  readonly hasCriticalPath = input(true);
  /** spans that were not there before the last save, by id: their bars fill */
  readonly arrived = input<ReadonlySet<string>>(new Set());
  /** words about a span in its row, by its id: `only here`, `+12 ms` */
  readonly tags = input<ReadonlyMap<string, string>>(new Map());
  /** ids of spans that are not of this trace: of one that it is compared with */
  readonly others = input<ReadonlySet<string>>(new Set());
  /** shows what is projected as `instead` in place of the rows */
  readonly asText = input(false);
  /** what a screen reader calls the whole */
  readonly label = input('Spans of this trace');

  /** the span whose details are open */
  readonly selected = model<string | null>(null);
  /** visible time, milliseconds after the trace's begin; null: all of it */
  readonly zoom = model<Interval | null>(null);
  readonly folding = model<Folding>(NOTHING_FOLDED);
  /** search in the trace */
  readonly find = model('');
  /** whether the critical path is shown */
  readonly critical = model(false);

  protected readonly grid = viewChild.required<ElementRef<HTMLElement>>('scroller');
  protected readonly tools = viewChild.required(WaterfallTools);
  protected readonly size = new ElementSize(this.grid);
  protected readonly narrow = computed(() => this.size.width() < NARROW_PX);
  protected readonly wide = computed(() => this.size.width() >= WIDE_PX);
  protected readonly rowPx = computed(() => (this.narrow() ? NARROW_ROW_PX : ROW_PX));

  readonly model = computed(() => traceModel(this.spans(), this.unended()));
  readonly rows = computed<readonly Row[]>(() =>
    rowsOf(this.model(), { ...this.folding(), marks: this.marks() }),
  );
  readonly #places = computed(() => new Map(this.rows().map((row, at) => [row.id, at])));

  readonly #firstId = computed(() => this.rows()[0]?.id ?? null);
  /** The row that keys speak of. It stays where it is when rows come and go around it. */
  protected readonly active = linkedSignal(() => this.selected() ?? this.#firstId());

  protected readonly view = computed<Interval>(() => {
    const { startMs, endMs } = this.model();
    const zoom = this.zoom();
    return zoom ? { startMs: startMs + zoom.startMs, endMs: startMs + zoom.endMs } : { startMs, endMs };
  });
  protected readonly ticks = computed(() => {
    const { startMs } = this.model();
    const view = this.view();
    const length = view.endMs - view.startMs;
    return ticks(view.startMs - startMs, view.endMs - startMs, this.narrow() ? 3 : 5)
      .map((ms) => ({
        left: length > 0 ? ((ms + startMs - view.startMs) / length) * 100 : 0,
        text: formatDuration(ms),
      }))
      .filter(({ left }) => left < LAST_TICK);
  });
  readonly #critical = computed(() => {
    const bySpan = new Map<string, Interval[]>();
    if (!this.critical()) return bySpan;
    for (const segment of this.criticalPath() ?? []) {
      const list = bySpan.get(segment.spanId);
      if (list) list.push(segment);
      else bySpan.set(segment.spanId, [segment]);
    }
    return bySpan;
  });

  protected readonly scrollTop = signal(0);
  protected readonly window = computed(() =>
    rowWindow(this.rows().length, this.scrollTop(), this.size.height(), this.rowPx()),
  );
  protected readonly views = computed(() => {
    const { first, count } = this.window();
    const look = { model: this.model(), view: this.view(), critical: this.#critical() };
    return this.rows()
      .slice(first, first + count)
      .map((row, i) => rowView(row, first + i, (first + i) % 80, look));
  });
  protected readonly activeIsShown = computed(() => {
    const at = this.#places().get(this.active() ?? '') ?? -1;
    const { first, count } = this.window();
    return at >= first && at < first + count;
  });

  protected readonly matches = computed<readonly Span[]>(() => {
    const terms = searchTerms(this.find());
    if (terms.length === 0) return [];
    const traceId = this.spans()[0]?.traceId ?? '';
    return this.model()
      .index.trace(traceId)
      .filter((span) => spanMatches(span, terms));
  });
  protected readonly matching = computed(() => new Set(this.matches().map(({ spanId }) => spanId)));
  protected readonly matchNumber = computed(
    () => this.matches().findIndex(({ spanId }) => spanId === this.active()) + 1,
  );

  constructor() {
    // A span that was asked for is shown, wherever the request came from: a click, a key, the address, a check.
    effect(() => {
      const spanId = this.selected();
      this.model();
      if (spanId !== null) untracked(() => this.reveal(spanId));
    });
    inject(Keys).bind('In the waterfall', [
      { keys: ['j'], words: 'next span', run: () => this.step(1) },
      { keys: ['k'], words: 'span before', run: () => this.step(-1) },
      { keys: ['/'], words: 'search in this trace', run: () => this.tools().focusSearch() },
      { keys: ['n'], words: 'next match', run: () => this.toMatch(1) },
      { keys: ['N'], words: 'match before', run: () => this.toMatch(-1) },
      {
        keys: ['c'],
        words: 'critical path',
        run: () => this.hasCriticalPath() && this.critical.update((on) => !on),
      },
      { keys: ['+'], words: 'zoom in on the span', run: () => this.zoomIn() },
      { keys: ['0'], words: 'all of the time', run: () => this.zoom.set(null) },
    ]);
  }

  /** Opens what hides a span, and scrolls to it unless it is on the screen. */
  reveal(spanId: string): void {
    const span = this.model().find(spanId);
    if (!span) return;
    const above = this.model().index.ancestorsOf(span);
    const folds = foldsAround(this.model(), span, this.marks());
    this.folding.update((folding) =>
      opened(
        folding,
        above.map((each) => each.spanId),
        folds,
      ),
    );
    this.active.set(spanId);
    this.#scrollTo(spanId);
  }

  protected step(by: number): void {
    const rows = this.rows();
    const at = this.#places().get(this.active() ?? '') ?? -1;
    this.#activate(rows[Math.min(Math.max(at + by, 0), rows.length - 1)]);
  }

  protected toMatch(by: 1 | -1): void {
    const matches = this.matches();
    if (matches.length === 0) return;
    const at = this.matchNumber() - 1;
    const next = at < 0 ? (by > 0 ? 0 : matches.length - 1) : (at + by + matches.length) % matches.length;
    const spanId = matches[next]?.spanId;
    if (spanId === undefined) return;
    this.reveal(spanId);
    if (this.selected() !== null) this.selected.set(spanId);
  }

  /** To the active span, with a little air on both sides. */
  protected zoomIn(): void {
    const span = this.model().find(this.active() ?? '');
    if (!span || span.durationMs <= 0) return;
    const from = span.startMs - this.model().startMs;
    const air = span.durationMs * 0.05;
    const total = this.model().endMs - this.model().startMs;
    this.zoom.set({
      startMs: Math.max(0, from - air),
      endMs: Math.min(total, from + span.durationMs + air),
    });
  }

  protected toggle(row: Row): void {
    if (row.expanded !== null) this.folding.update((folding) => toggled(folding, row));
  }

  protected open(row: Row): void {
    this.active.set(row.id);
    if (row.type === 'span') this.selected.set(row.span.spanId);
    else if (row.type === 'fold') this.toggle(row);
    else if (row.mark.spanId !== undefined) this.selected.set(row.mark.spanId);
  }

  protected onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = this.rows()[this.#places().get(this.active() ?? '') ?? -1];
    const page = Math.max(1, Math.floor(this.size.height() / this.rowPx()) - 2);
    const moves: Record<string, () => void> = {
      ArrowDown: () => this.step(1),
      ArrowUp: () => this.step(-1),
      PageDown: () => this.step(page),
      PageUp: () => this.step(-page),
      Home: () => this.step(-this.rows().length),
      End: () => this.step(this.rows().length),
      ArrowRight: () => row && (row.expanded === false ? this.toggle(row) : row.expanded && this.step(1)),
      ArrowLeft: () => row && (row.expanded === true ? this.toggle(row) : this.#toParent(row)),
      Enter: () => row && this.open(row),
      Escape: () => this.selected.set(null),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  }

  #toParent(row: Row): void {
    const before = this.rows().slice(0, this.#places().get(row.id) ?? 0);
    this.#activate(before.findLast(({ level }) => level < row.level));
  }

  #activate(row: Row | undefined): void {
    if (!row) return;
    this.active.set(row.id);
    this.#scrollTo(row.id);
    // Open details follow the keys.
    if (this.selected() !== null && row.type === 'span') this.selected.set(row.span.spanId);
  }

  #scrollTo(id: string): void {
    const at = this.#places().get(id);
    if (at === undefined) return;
    const grid = this.grid().nativeElement;
    const top = at * this.rowPx();
    const seen = grid.clientHeight - ROW_PX;
    if (top >= grid.scrollTop && top + this.rowPx() <= grid.scrollTop + seen) return;
    // The sizer may not have its new height yet when rows were opened just now.
    requestAnimationFrame(() => {
      grid.scrollTop = Math.max(0, top - seen / 3);
    });
  }
}
