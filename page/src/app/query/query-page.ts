import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  signal,
  untracked,
} from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { labProblem } from '../lab/lab-api';
import { Address } from '../shell/address';
import { Icon } from '../shell/icon';
import { shownLine } from '../text/shown';
import { clockTime } from '../text/time';
import { QueryBuilder } from './builder/builder';
import { BarChart } from './charts/bar-chart';
import { type Box, HeatmapChart } from './charts/heatmap-chart';
import { LineChart, type Point } from './charts/line-chart';
import { clauseProblems } from './clauses';
import { Differences } from './difference/differences';
import { Distributions } from './difference/distributions';
import { SelectionFields } from './difference/selection-fields';
import { JsonEditor } from './json/json-editor';
import { HistoryList } from './keep/history-list';
import { SaveQuery } from './keep/save-query';
import { boundsOf, boxOf, boxText, type Place, placeOf, selectionOf, tracesQuery } from './place';
import { type QueryAnswer, QueryApi } from './query-api';
import { ResultTable } from './result-table';
import { type Group, groupsOf, heatmapOf, isDuration, keysOf, labelOf, linesOf } from './results';
import {
  calculationsOf,
  type Filter,
  groupedBy,
  groupFilter,
  isUnfinished,
  listOf,
  pinned,
  type QuerySpec,
  queryOf,
  queryText,
  resultKey,
  takesFilters,
  withFilters,
} from './spec';
import { TracesHere } from './traces-here';

/** How the lab's notes begin when no span is in the result. */
const NOTHING = /^(Nothing matches|The lab holds no spans yet)/;

type View = 'heatmap' | 'lines' | 'bars';

/** A question of all spans: built, asked, shown, narrowed and kept. All state is in the address. */
@Component({
  selector: 'lab-query-page',
  imports: [
    BarChart,
    Differences,
    Distributions,
    HeatmapChart,
    HistoryList,
    Icon,
    JsonEditor,
    LineChart,
    QueryBuilder,
    ResultTable,
    RouterLink,
    SaveQuery,
    SelectionFields,
    TracesHere,
  ],
  templateUrl: './query-page.html',
  styleUrl: './query-page.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class QueryPage {
  /** of the address: the query as JSON, the box of the heatmap, the place whose traces are open */
  readonly q = input<string>();
  readonly sel = input<string>();
  readonly at = input<string>();
  /** which chart, of which result, `1` for the JSON, `1` for all rows, the saved file that it is */
  readonly as = input<string>();
  readonly of = input<string>();
  readonly json = input<string>();
  readonly rows = input<string>();
  readonly file = input<string>();

  readonly #api = inject(QueryApi);
  readonly #address = inject(Address);
  readonly #router = inject(Router);

  protected readonly query = computed<QuerySpec>(() => queryOf(this.q()) ?? {});
  protected readonly unreadable = computed(() => queryOf(this.q()) === null);
  readonly #text = computed(() => queryText(this.query()));
  /** somebody stopped this query, and has not asked for it again */
  protected readonly cancelled = linkedSignal({ source: this.#text, computation: () => false });
  /** Nothing is asked before every filter has its value. */
  protected readonly unfinished = computed(() =>
    listOf<Filter>(this.query(), 'filters').flatMap((filter, at) => (isUnfinished(filter) ? [at] : [])),
  );
  readonly #asked = computed(() => {
    this.#text();
    const waits = this.cancelled() || this.unreadable() || this.unfinished().length > 0;
    return waits ? undefined : untracked(this.query);
  });
  protected readonly answered = this.#api.query(() => this.#asked());
  /** kept while the next one is asked, so that nothing flickers and no height changes */
  protected readonly answer = linkedSignal<QueryAnswer | undefined, QueryAnswer | null>({
    source: () => (this.answered.hasValue() ? this.answered.value() : undefined),
    computation: (answer, before) => answer ?? before?.value ?? null,
  });
  protected readonly running = computed(() => this.answered.isLoading());
  protected readonly problem = computed(() => {
    const error = this.answered.error();
    return error ? labProblem(error) : null;
  });
  readonly #ranAt = linkedSignal({ source: this.answer, computation: () => Date.now() });
  /** The query over the time that the answer is about. */
  readonly #pinned = computed(() => pinned(this.query(), this.#ranAt()));
  protected readonly problems = computed(() => [
    ...clauseProblems(this.query(), this.answered.error(), this.answer()?.notes ?? []),
    ...this.unfinished().map((at) => ({
      field: `filters[${at}]`,
      text: 'Its value is still missing.',
      isNote: true,
    })),
  ]);
  /** What no clause shows already. */
  protected readonly notes = computed(() => {
    if (this.problem()) return [];
    const atClauses = new Set(this.problems().map(({ text }) => text));
    return (this.answer()?.notes ?? [])
      .filter((note) => !atClauses.has(note))
      .map((note) => shownLine(note, 400));
  });
  protected readonly empty = computed(() => {
    const answer = this.answer();
    // Without groups there is one row, whatever matches: the lab says when that is nothing.
    const isNothing = (answer?.notes ?? []).some((note) => NOTHING.test(note));
    return answer !== null && (answer.data.results.length === 0 || isNothing);
  });

  /** The query as it stands is one that the lab answers. */
  readonly #isAsked = computed(() => this.#asked() !== undefined && !this.problem());

  // Charts

  protected readonly heatmap = computed(() => {
    const answer = this.answer();
    return answer && heatmapOf(answer);
  });
  protected readonly keys = computed(() => {
    const answer = this.answer();
    return answer ? keysOf(answer) : [];
  });
  protected readonly key = computed(
    () => this.keys().find((key) => key === this.of()) ?? this.keys()[0] ?? '',
  );
  protected readonly groups = computed(() => {
    const answer = this.answer();
    return answer ? groupsOf(answer.query, answer.data.results) : [];
  });
  protected readonly views = computed<View[]>(() => {
    const answer = this.answer();
    if (!answer || this.empty()) return [];
    const hasNumbers = this.keys().length > 0;
    const views: View[] = [];
    if (this.heatmap()) views.push('heatmap');
    if (hasNumbers) views.push('lines');
    if (hasNumbers && listOf(answer.query, 'breakdowns').length > 0) views.push('bars');
    return views;
  });
  protected readonly view = computed<View | null>(() => {
    const views = this.views();
    return views.find((view) => view === this.as()) ?? views[0] ?? null;
  });
  protected readonly lines = computed(() => {
    const answer = this.answer();
    return answer && linesOf(answer, this.key());
  });

  // What is different

  protected readonly box = computed(() => boxOf(this.sel()));
  protected readonly within = computed(() => {
    const { start_time = 0, end_time = 0 } = this.#pinned();
    return { fromMs: start_time * 1_000, toMs: end_time * 1_000 };
  });
  readonly #spans = computed<QuerySpec>(() => {
    const { filters, filter_combination, start_time, end_time } = this.#pinned();
    return { filters, filter_combination, start_time, end_time };
  });
  readonly #column = computed(() => this.heatmap()?.column ?? 'duration_ms');
  protected readonly compared = this.#api.compare(() => {
    const [box, answer] = [this.box(), this.answer()];
    if (!box || !answer || !this.#isAsked()) return undefined;
    return { query: this.#spans(), selection: selectionOf(box, this.#column()) };
  });
  protected readonly distributions = this.#api.distributions(() =>
    this.box() || !this.answer() || !this.#isAsked() || this.empty() ? undefined : this.#spans(),
  );
  protected readonly comparison = computed(() => (this.compared.hasValue() ? this.compared.value() : null));
  protected readonly comparisonProblem = computed(() => {
    const error = this.compared.error();
    return error ? labProblem(error).text || 'The lab did not answer.' : '';
  });
  protected readonly selectedAre = computed(() => {
    const box = this.box();
    const slow = isDuration(this.#column()) && box?.low !== undefined && box.low > 0;
    return slow ? 'the slow' : 'the selected';
  });
  protected readonly filterable = computed(() => takesFilters(this.query()));

  protected readonly place = computed(() => placeOf(this.at()));
  protected readonly copied = signal('');

  constructor() {
    effect(() => {
      const answer = this.answered.hasValue() ? this.answered.value() : undefined;
      if (answer) untracked(() => void this.#api.remember(JSON.parse(this.#text())).catch(() => {}));
    });
  }

  protected line(text: string): string {
    return shownLine(text, 80);
  }

  protected change(query: QuerySpec): void {
    this.#address.push({ q: queryText(query), sel: null, at: null, rows: null });
  }

  /** While somebody writes: no step that Back would undo. */
  protected changeOnTheWay(query: QuerySpec): void {
    this.#address.replace({ q: queryText(query), sel: null, at: null, rows: null });
  }

  protected run(): void {
    if (this.cancelled()) this.cancelled.set(false);
    else this.answered.reload();
  }

  protected cancel(): void {
    // Only a value of our own ends a request that runs; asking for nothing leaves it running.
    this.answered.set(undefined);
    this.cancelled.set(true);
  }

  /** It is a saved file from now on. */
  protected isFile(file: string): void {
    this.#address.replace({ file });
  }

  protected show(view: View): void {
    this.#address.push({ as: view });
  }

  protected showKey(key: string): void {
    this.#address.push({ of: key });
  }

  protected showJson(on: boolean): void {
    this.#address.push({ json: on ? '1' : null });
  }

  protected showAll(on: boolean): void {
    this.#address.push({ rows: on ? '1' : null });
  }

  protected select(box: Partial<Box> | null): void {
    this.#address.push({ sel: box && boxText(box), at: null });
  }

  // From a place on

  protected openCell({ low, high, fromMs, toMs }: Box): void {
    const column = this.#column();
    this.#open({
      filters: boundsOf(column, low, high),
      fromMs,
      toMs,
      words: `${column} from ${Math.round(low)} to ${Math.round(high)}`,
    });
  }

  protected openGroup({ values, label }: Group): void {
    this.#open({
      filters: Object.entries(values).map(([column, value]) => groupFilter(column, value)),
      words: label,
    });
  }

  protected openPoint({ group, fromMs, toMs }: Point): void {
    const filters = Object.entries(group).map(([column, value]) => groupFilter(column, value));
    this.#open({ filters, fromMs, toMs, words: `${labelOf(group)}, ${clockTime(fromMs)}` });
  }

  protected closePlace(): void {
    this.#address.push({ at: null });
  }

  #open(place: Place): void {
    this.#address.push({ at: JSON.stringify(place) });
  }

  protected zoom({ fromMs, toMs }: { fromMs: number; toMs: number }): void {
    const { time_range: _, granularity: __, ...rest } = this.query();
    const start_time = Math.floor(fromMs / 1_000);
    this.change({ ...rest, start_time, end_time: Math.max(Math.ceil(toMs / 1_000), start_time + 1) });
  }

  protected filter(filters: Filter[]): void {
    this.change(withFilters(this.query(), filters));
  }

  protected group(column: string): void {
    const query = groupedBy(this.query(), column);
    const sorted = calculationsOf(query).find(({ op, column }) => {
      const [order] = query.orders ?? [];
      return op === order?.op && column === order.column;
    });
    this.#address.push({ as: 'bars', of: sorted ? resultKey(sorted) : null });
    this.change(query);
  }

  /** Opens the slowest trace of what is selected and satisfies the filters. */
  protected async openSlowest(filters: Filter[]): Promise<void> {
    const box = this.box() ?? {};
    const all = [...filters, ...boundsOf(this.#column(), box.low, box.high)];
    const { fromMs, toMs } = { ...this.within(), ...box };
    const found = await this.#api.once(
      tracesQuery(this.#spans(), { filters: all, fromMs, toMs, words: '' }, 1),
    );
    const id = found.data.results[0]?.data['trace.trace_id'];
    if (typeof id === 'string') await this.#router.navigate(['/trace', id]);
  }

  /** The address with the time that is shown: tomorrow it shows the same. */
  protected async copyLink(): Promise<void> {
    const url = new URL(location.href);
    url.searchParams.set('q', queryText(this.#pinned()));
    const done = await navigator.clipboard.writeText(url.href).then(
      () => 'Copied, with the time that is shown.',
      () => 'The browser did not let it be copied. The address bar has it.',
    );
    this.copied.set(done);
  }
}
