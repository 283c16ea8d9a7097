import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import type { QuerySpec } from '../spec';

const RANGES: readonly [seconds: number, words: string][] = [
  [600, 'last 10 minutes'],
  [1_800, 'last 30 minutes'],
  [3_600, 'last hour'],
  [7_200, 'last 2 hours'],
  [28_800, 'last 8 hours'],
  [86_400, 'last day'],
  [604_800, 'last 7 days'],
];
/** Those that Honeycomb has. */
const OFFSETS: readonly [seconds: number, words: string][] = [
  [1_800, '30 minutes'],
  [3_600, 'an hour'],
  [7_200, '2 hours'],
  [28_800, '8 hours'],
  [86_400, 'a day'],
  [604_800, 'a week'],
  [2_419_200, '4 weeks'],
];
const DEFAULT_RANGE_S = 7_200;
const TIMES = ['time_range', 'start_time', 'end_time', 'granularity', 'compare_time_offset_seconds'] as const;

/** Over which time a query asks, and with which earlier time it compares. */
@Component({
  selector: 'lab-time-clause',
  template: `
    <select class="field" aria-label="Time" #range (change)="setRange(range.value)">
      @if (fixed()) {
        <option value="fixed" selected>from … to …</option>
      }
      @for (one of ranges(); track one[0]) {
        <option [value]="one[0]" [selected]="!fixed() && one[0] === seconds()">{{ one[1] }}</option>
      }
      @if (!fixed()) {
        <option value="fixed">from … to …</option>
      }
    </select>
    @if (fixed()) {
      <input class="field" type="datetime-local" step="1" aria-label="From" #from [value]="local(start())" (change)="setEnds(from.value, to.value)" />
      <input class="field" type="datetime-local" step="1" aria-label="To" #to [value]="local(end())" (change)="setEnds(from.value, to.value)" />
    }
    <select class="field" aria-label="Compare with" #offset (change)="setOffset(offset.value)">
      <option value="">compare with nothing</option>
      @for (one of offsets(); track one[0]) {
        <option [value]="one[0]" [selected]="one[0] === times().compare_time_offset_seconds">compare with {{ one[1] }} before</option>
      }
    </select>
    <label>a point every
      <input class="field seconds" type="number" min="1" aria-label="Granularity in seconds" placeholder="auto" #step [value]="times().granularity ?? ''" (change)="setGranularity(step.value)" /> s
    </label>
  `,
  styles: `
    :host {
      display: contents;
    }

    .field {
      min-block-size: 30px;
      max-inline-size: 100%;
    }

    .seconds {
      inline-size: 76px;
    }

    label {
      color: var(--ink-soft);
      white-space: nowrap;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TimeClause {
  readonly query = input.required<QuerySpec>();
  readonly changed = output<QuerySpec>();

  /** Its numbers; what anybody wrote in their place is none, and the lab says so. */
  protected readonly times = computed<Partial<Record<(typeof TIMES)[number], number>>>(() =>
    Object.fromEntries(
      TIMES.map((key) => [key, this.query()[key]]).filter(([, value]) => Number.isFinite(value)),
    ),
  );
  protected readonly fixed = computed(() => {
    const { start_time, end_time } = this.times();
    return start_time !== undefined || end_time !== undefined;
  });
  protected readonly seconds = computed(() => this.times().time_range ?? DEFAULT_RANGE_S);
  protected readonly start = computed(() => {
    const { start_time, end_time = 0 } = this.times();
    return start_time ?? end_time - this.seconds();
  });
  protected readonly end = computed(() => this.times().end_time ?? this.start() + this.seconds());
  protected readonly ranges = computed(() =>
    withOwn(RANGES, this.fixed() ? undefined : this.seconds(), (seconds) => `last ${seconds} seconds`),
  );
  protected readonly offsets = computed(() => {
    const range = this.fixed() ? this.end() - this.start() : this.seconds();
    const own = this.times().compare_time_offset_seconds;
    const fit = OFFSETS.filter(([seconds]) => seconds >= range);
    return withOwn(fit.length > 0 ? fit : [[range, 'the same time']], own, (seconds) => `${seconds} seconds`);
  });

  protected setRange(value: string): void {
    const { time_range: _, start_time: __, end_time: ___, granularity: ____, ...rest } = this.query();
    if (value !== 'fixed') {
      this.changed.emit(this.#fitting({ ...rest, time_range: Number(value) }, Number(value)));
      return;
    }
    const end = Math.ceil(Date.now() / 1_000);
    this.changed.emit({ ...rest, start_time: end - this.seconds(), end_time: end });
  }

  protected setEnds(from: string, to: string): void {
    const [start, end] = [from, to].map((text) => Math.floor(new Date(text).getTime() / 1_000));
    if (Number.isNaN(start) || Number.isNaN(end)) return;
    const { time_range: _, ...rest } = this.query();
    this.changed.emit({ ...rest, start_time: start, end_time: end });
  }

  protected setOffset(value: string): void {
    const { compare_time_offset_seconds: _, ...rest } = this.query();
    this.changed.emit(value === '' ? rest : { ...rest, compare_time_offset_seconds: Number(value) });
  }

  protected setGranularity(value: string): void {
    const { granularity: _, ...rest } = this.query();
    this.changed.emit(value === '' ? rest : { ...rest, granularity: Number(value) });
  }

  /** As the field wants it: the time here, without a zone. */
  protected local(seconds: number): string {
    const date = new Date(seconds * 1_000);
    if (Number.isNaN(date.getTime())) return '';
    return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
  }

  /** Two times that overlap cannot be compared. */
  #fitting(query: QuerySpec, range: number): QuerySpec {
    const { compare_time_offset_seconds: offset, ...rest } = query;
    return offset !== undefined && offset < range ? rest : query;
  }
}

/** The list with a value of somebody's own in it. */
function withOwn(
  list: readonly (readonly [number, string])[],
  own: number | undefined,
  words: (seconds: number) => string,
): (readonly [number, string])[] {
  if (own === undefined || list.some(([seconds]) => seconds === own)) return [...list];
  return [...list, [own, words(own)] as const];
}
