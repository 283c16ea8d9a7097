import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { Icon } from '../../shell/icon';
import { shownLine } from '../../text/shown';
import { QueryApi } from '../query-api';
import { valueText } from '../results';
import {
  CALCULATIONS,
  type Calculation,
  calculationsOf,
  FILTER_OPS,
  type Filter,
  HAVING_OPS,
  type Having,
  listOf,
  type Named,
  type Order,
  type QuerySpec,
  resultKey,
  termOf,
  WITHOUT_COLUMN,
} from '../spec';
import { type ClauseProblem, ClauseProblems, problemsOf } from './clause-problem';
import { SuggestInput, type Suggestion } from './suggest-input';
import { TimeClause } from './time-clause';
import { valueInField, valueOfField } from './values';

const MOST_VALUES = 30;
const RELATIONS = ['root.', 'parent.', 'any.'];

/** A query as clauses. It holds nothing of its own: each change is a new query, which comes back as the input. */
@Component({
  selector: 'lab-query-builder',
  imports: [ClauseProblems, Icon, SuggestInput, TimeClause],
  templateUrl: './builder.html',
  styleUrl: './builder.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class QueryBuilder {
  readonly query = input.required<QuerySpec>();
  readonly problems = input<readonly ClauseProblem[]>([]);
  readonly changed = output<QuerySpec>();

  readonly #api = inject(QueryApi);
  protected readonly operations = CALCULATIONS;
  protected readonly filterOps = FILTER_OPS;
  protected readonly havingOps = HAVING_OPS;

  protected readonly calculations = computed(() => calculationsOf(this.query()));
  protected readonly breakdowns = computed(() => listOf<string>(this.query(), 'breakdowns'));
  protected readonly filters = computed(() => listOf<Filter>(this.query(), 'filters'));
  protected readonly orders = computed(() => listOf<Order>(this.query(), 'orders'));
  protected readonly havings = computed(() => listOf<Having>(this.query(), 'havings'));
  protected readonly named = computed(() =>
    (['calculated_fields', 'formulas'] as const).flatMap((key) =>
      listOf<Named>(this.query(), key).map((item, index) => ({ ...item, key, index })),
    ),
  );
  readonly #types = computed(() => {
    const columns = this.#api.columns.hasValue() ? this.#api.columns.value() : [];
    return new Map(columns.map(({ key_name, type }) => [key_name, type]));
  });
  readonly #own = computed(() =>
    listOf<Named>(this.query(), 'calculated_fields').map(({ name }) => ({
      value: name,
      about: 'calculated',
    })),
  );
  protected readonly columns = computed<Suggestion[]>(() => [
    ...this.#own(),
    ...[...this.#types()].map(([value, about]) => ({ value, about })),
  ]);
  protected readonly numbers = computed<Suggestion[]>(() => [
    ...this.#own(),
    ...this.columns().filter(({ about }) => about === 'float' || about === 'integer'),
  ]);
  /** What results can be sorted by and kept by. */
  protected readonly terms = computed<{ words: string; order: Order }[]>(() => [
    ...this.calculations()
      .filter(({ op }) => op !== 'HEATMAP')
      .map((calculation) => ({ words: resultKey(calculation), order: termOf(calculation) })),
    ...listOf<Named>(this.query(), 'formulas').map(({ name }) => ({ words: name, order: { column: name } })),
    ...this.breakdowns().map((column) => ({ words: column, order: { column } })),
  ]);
  /** values that were seen, by column */
  readonly #values = signal<ReadonlyMap<string, readonly Suggestion[]>>(new Map());

  protected problemsAt(path: string): ClauseProblem[] {
    return problemsOf(this.problems(), path);
  }

  /** Problems of a field that no clause shows. */
  protected readonly elsewhere = computed(() => {
    const shown = /^(calculations|breakdowns|filters|orders|havings|formulas|calculated_fields)\[\d+\]/;
    const time = [
      'time_range',
      'start_time',
      'end_time',
      'granularity',
      'compare_time_offset_seconds',
      'limit',
    ];
    return this.problems().filter(({ field }) => !shown.test(field) && !time.includes(field));
  });

  protected takesColumn(op: string): boolean {
    return !WITHOUT_COLUMN.has(op);
  }

  protected about({ name, filters }: Calculation): string {
    const where = (Array.isArray(filters) ? filters : [])
      .map((filter) => `${filter?.column} ${filter?.op} ${filter?.value ?? ''}`.trim())
      .join(', ');
    return shownLine(
      [name ? `as ${name}` : '', where ? `where ${where}` : ''].filter(Boolean).join(' '),
      120,
    );
  }

  protected line(text: string): string {
    return shownLine(text, 80);
  }

  // Calculations

  protected setOperation(index: number, op: string): void {
    const { column: before, ...rest } = this.calculations()[index] as Calculation;
    const column = before ?? 'duration_ms';
    this.#replace('calculations', this.calculations(), index, {
      ...rest,
      op,
      ...(this.takesColumn(op) && { column }),
    });
  }

  protected setColumn(index: number, column: string): void {
    const before = this.calculations()[index] as Calculation;
    this.#replace('calculations', this.calculations(), index, { ...before, column });
  }

  protected addCalculation(): void {
    const taken = new Set(this.calculations().map(resultKey));
    const free = ['COUNT', 'P95', 'P50', 'MAX', 'AVG', 'P99'].find(
      (op) => !taken.has(resultKey(op === 'COUNT' ? { op } : { op, column: 'duration_ms' })),
    );
    const op = free ?? 'SUM';
    this.#set('calculations', [
      ...this.calculations(),
      op === 'COUNT' ? { op } : { op, column: 'duration_ms' },
    ]);
  }

  // Groups

  protected setBreakdown(index: number, column: string): void {
    if (column === '') this.remove('breakdowns', index);
    else this.#replace('breakdowns', this.breakdowns(), index, column);
  }

  protected addBreakdown(column: string): void {
    if (column !== '' && !this.breakdowns().includes(column))
      this.#set('breakdowns', [...this.breakdowns(), column]);
  }

  // Filters

  protected addFilter(column: string): void {
    if (column !== '') this.#set('filters', [...this.filters(), { column, op: 'exists' }]);
  }

  protected setFilter(index: number, change: Partial<Filter>): void {
    const { value, ...filter } = { ...(this.filters()[index] as Filter), ...change };
    if (filter.op === 'exists' || filter.op === 'does-not-exist') {
      this.#replace('filters', this.filters(), index, filter);
      return;
    }
    const text = value === undefined ? '' : valueInField({ ...filter, value });
    const type = this.#types().get(filter.column.replace(/^(root|parent|child|any\d?|none)\./, ''));
    this.#replace('filters', this.filters(), index, {
      ...filter,
      value: valueOfField(text, filter.op, type),
    });
  }

  protected valueOf(filter: Filter): string {
    return valueInField(filter);
  }

  protected takesValue({ op }: Filter): boolean {
    return op !== 'exists' && op !== 'does-not-exist';
  }

  protected valuesOf(column: string): readonly Suggestion[] {
    return this.#values().get(column) ?? [];
  }

  /** Asks once for the most frequent values of a column. */
  protected async readValues(column: string): Promise<void> {
    if (column === '' || this.#values().has(column)) return;
    this.#values.update((before) => new Map(before).set(column, []));
    const bare = RELATIONS.reduce(
      (name, prefix) => (name.startsWith(prefix) ? name.slice(prefix.length) : name),
      column,
    );
    const { time_range, start_time, end_time, calculated_fields } = this.query();
    const answer = await this.#api
      .once({
        ...{ time_range, start_time, end_time, calculated_fields },
        breakdowns: [bare],
        calculations: [{ op: 'COUNT' }],
        filters: [{ column: bare, op: 'exists' }],
        orders: [{ op: 'COUNT', order: 'descending' }],
        limit: MOST_VALUES,
      })
      .catch(() => null);
    const found = (answer?.data.results ?? []).map(({ data }) => ({
      value: String(data[bare] ?? ''),
      about: `${valueText(data.COUNT)} ×`,
    }));
    this.#values.update((before) => new Map(before).set(column, found));
  }

  protected setCombination(either: boolean): void {
    const { filter_combination: _, ...rest } = this.query();
    this.changed.emit(either ? { ...rest, filter_combination: 'OR' } : rest);
  }

  // Orders and havings

  protected placeOf(terms: readonly { order: Order }[], { op, column }: Order): number {
    return terms.findIndex(({ order }) => order.op === op && (order.column ?? '') === (column ?? ''));
  }

  protected setOrder(index: number, term: string, order: string): void {
    const chosen = this.terms()[Number(term)]?.order ?? (this.orders()[index] as Order);
    const { order: _, ...rest } = chosen;
    this.#replace('orders', this.orders(), index, { ...rest, order: order as 'ascending' });
  }

  protected addOrder(): void {
    const [first] = this.terms();
    if (first) this.#set('orders', [...this.orders(), { ...first.order, order: 'descending' }]);
  }

  protected havingTerm({ calculate_op, column }: Having): number {
    return this.placeOf(this.terms(), { op: calculate_op, column });
  }

  protected setHaving(index: number, term: string, op: string, value: string): void {
    const { op: calculate, column } = this.terms()[Number(term)]?.order ?? {};
    const before = this.havings()[index] as Having;
    this.#replace('havings', this.havings(), index, {
      calculate_op: calculate ?? before.calculate_op,
      ...(column && { column }),
      op,
      value: Number(value),
    });
  }

  protected addHaving(): void {
    const term = this.terms().find(({ order }) => order.op !== undefined)?.order;
    if (!term?.op) return;
    const { op: calculate_op, column } = term;
    this.#set('havings', [...this.havings(), { calculate_op, ...(column && { column }), op: '>', value: 0 }]);
  }

  // Named expressions

  protected setNamed(item: { key: string; index: number }, change: Partial<Named>): void {
    const all = listOf<Named>(this.query(), item.key);
    this.#replace(item.key, all, item.index, { ...(all[item.index] as Named), ...change });
  }

  protected addNamed(key: 'calculated_fields' | 'formulas'): void {
    const all = listOf<Named>(this.query(), key);
    const [first] = this.calculations().filter(({ op }) => op !== 'HEATMAP');
    const added: Named =
      key === 'calculated_fields'
        ? { name: `is_slow${all.length || ''}`, expression: 'GTE($duration_ms, 500)' }
        : { name: `half${all.length || ''}`, expression: `DIV($${first?.name ?? 'requests'}, 2)` };
    const query = { ...this.query(), [key]: [...all, added] };
    // A formula reads calculations by their names, so one of them needs a name.
    if (key === 'formulas' && first && !first.name) {
      query.calculations = this.calculations().map((one) =>
        one === first ? { ...one, name: 'requests' } : one,
      );
      query.orders = [];
    }
    this.changed.emit(query);
  }

  protected setLimit(text: string): void {
    const { limit: _, ...rest } = this.query();
    const limit = Number(text);
    this.changed.emit(text === '' || Number.isNaN(limit) ? rest : { ...rest, limit });
  }

  protected remove(key: string, index: number): void {
    this.#set(
      key,
      (key === 'calculations' ? this.calculations() : listOf(this.query(), key)).filter(
        (_, at) => at !== index,
      ),
    );
  }

  /** The name that is there in place of one that is not, wherever the query has it. */
  protected mend({ was, is }: { was: string; is: string }): void {
    const text = JSON.stringify(this.query(), (_, value) => (value === was ? is : value));
    this.changed.emit(JSON.parse(text));
  }

  #replace<T>(key: string, list: readonly T[], index: number, item: T): void {
    this.#set(
      key,
      list.map((one, at) => (at === index ? item : one)),
    );
  }

  #set(key: string, list: readonly unknown[]): void {
    this.changed.emit({ ...this.query(), [key]: list });
  }
}
