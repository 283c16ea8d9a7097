import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  effect,
  inject,
  input,
  linkedSignal,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { Keys } from '../keys/keys';
import { LabApi, labProblem, type TraceSearch, type TraceSummary } from '../lab/lab-api';
import { LabHealth } from '../lab/lab-health';
import { LabLive } from '../lab/lab-live';
import { Address } from '../shell/address';
import { Icon } from '../shell/icon';
import { shownLine } from '../text/shown';
import { OpenedFile } from '../trace/opened-file';
import { traceQuery } from './trace-query';
import { TraceRow } from './trace-row';

const PAGE = 50;
/** A pause in typing after which the search is run. */
const PAUSE_MS = 250;

/** What arrives while one looks: `isNew` false is more spans of a trace that was told of. */
type Arrived = { traces: (TraceSummary & { isNew: boolean })[]; more: number };

/** The newest traces, and a search. New ones wait behind a button: nothing moves under the pointer. */
@Component({
  selector: 'lab-traces-page',
  imports: [Icon, RouterLink, TraceRow],
  templateUrl: './traces-page.html',
  styleUrl: './traces-page.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TracesPage {
  /** of the address: the search, and the trace that another one is chosen for */
  readonly q = input('', { transform: (text: string | undefined) => text ?? '' });
  readonly with = input<string>();
  readonly sort = input<string>();

  readonly #api = inject(LabApi);
  readonly #address = inject(Address);
  readonly #router = inject(Router);
  readonly #file = inject(OpenedFile);
  protected readonly health = inject(LabHealth);
  protected readonly field = viewChild.required<ElementRef<HTMLInputElement>>('search');

  readonly #search = computed<TraceSearch>(() => ({
    ...traceQuery(this.q()),
    ...(this.sort() === 'slowest' && { sort: 'slowest' }),
    limit: PAGE,
  }));
  protected readonly first = this.#api.traces(() => this.#search());
  /** The pages so far; kept while the first one is asked for again, so that nothing flickers. */
  protected readonly traces = linkedSignal<readonly TraceSummary[] | undefined, readonly TraceSummary[]>({
    source: () => (this.first.hasValue() ? this.first.value().traces : undefined),
    computation: (traces, before) => traces ?? before?.value ?? [],
  });
  protected readonly next = linkedSignal(() => (this.first.hasValue() ? this.first.value().next : null));
  protected readonly loadingMore = signal(false);
  protected readonly problem = computed(() => {
    const error = this.first.error();
    return error ? labProblem(error) : null;
  });
  /** ids of traces that arrived since the list was asked for; a count only where there are too many */
  readonly #waiting = signal<ReadonlySet<string>>(new Set());
  readonly #uncounted = signal(0);
  protected readonly waiting = computed(() => this.#waiting().size + this.#uncounted());
  protected readonly longestMs = computed(() =>
    this.traces().reduce((longest, { durationMs }) => Math.max(longest, durationMs), 0),
  );
  protected readonly fileProblem = signal('');
  #typing = 0;

  constructor() {
    const live = inject(LabLive);
    live.on<Arrived>('traces', (arrived) => this.#arrived(arrived));
    effect(() => {
      if (live.gaps() > 0) untracked(() => this.first.reload());
    });
    inject(Keys).bind('In the list of traces', [
      { keys: ['/'], words: 'search', run: () => this.field().nativeElement.focus() },
      { keys: ['r'], words: 'show what is new', run: () => this.showNew() },
    ]);
  }

  protected showNew(): void {
    this.#waiting.set(new Set());
    this.#uncounted.set(0);
    this.first.reload();
  }

  protected typed(text: string): void {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#address.replace({ q: text.trim() || null }), PAUSE_MS);
  }

  protected submit(text: string): void {
    clearTimeout(this.#typing);
    this.#address.push({ q: text.trim() || null });
  }

  protected async showMore(): Promise<void> {
    const cursor = this.next();
    if (cursor === null) return;
    this.loadingMore.set(true);
    try {
      const { traces, next } = await this.#api.olderTraces({ ...this.#search(), cursor });
      const shown = new Set(this.traces().map(({ traceId }) => traceId));
      this.traces.update((list) => [...list, ...traces.filter(({ traceId }) => !shown.has(traceId))]);
      this.next.set(next);
    } catch {
      // The list stands; the header says that the lab is away.
      this.health.ask();
    } finally {
      this.loadingMore.set(false);
    }
  }

  protected setSort(slowest: boolean): void {
    this.#address.push({ sort: slowest ? 'slowest' : null });
  }

  protected async openFile(field: HTMLInputElement): Promise<void> {
    const [file] = field.files ?? [];
    if (!file) return;
    try {
      const [first] = await this.#file.open(file);
      await this.#router.navigate(['/trace', first], { queryParams: { from: 'file' } });
    } catch (error) {
      this.fileProblem.set(`${shownLine(file.name)} cannot be shown. ${(error as Error).message}`);
    } finally {
      field.value = '';
    }
  }

  #arrived({ traces, more }: Arrived): void {
    const shown = new Map(this.traces().map((trace) => [trace.traceId, trace]));
    const waiting = new Set(this.#waiting());
    const changed = new Map<string, TraceSummary>();
    for (const trace of traces) {
      if (shown.has(trace.traceId)) changed.set(trace.traceId, trace);
      else if (trace.isNew) waiting.add(trace.traceId);
    }
    if (changed.size > 0) this.traces.update((list) => list.map((one) => changed.get(one.traceId) ?? one));
    this.#waiting.set(waiting);
    this.#uncounted.update((count) => count + more);
    // An empty list has nothing that could move.
    if (this.traces().length === 0 && this.waiting() > 0) this.showNew();
  }
}
