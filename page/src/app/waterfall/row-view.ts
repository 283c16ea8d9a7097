import { endMs, type Interval, serviceOf } from '@workshop/telemetry/pure';
import { shownLine } from '../text/shown';
import { clockTime, formatDuration } from '../text/time';
import { type Row, sharedName } from './rows';
import type { TraceModel } from './trace-model';

/** A stretch of the visible time, in per cent of its width. */
export interface Stretch {
  left: number;
  width: number;
}

/** How a bar is drawn beside its colour, so that nothing is said by colour alone. */
export type BarShape = 'plain' | 'error' | 'open' | 'ghost';

/** One row as the template binds it: texts and places, nothing left to compute. */
export interface RowView {
  row: Row;
  id: string;
  /** which of the 80 elements shows it: elements are used again while one scrolls */
  slot: number;
  /** number of the row in the whole grid, for aria-rowindex; the head is 1 */
  number: number;
  name: string;
  service: string;
  colour: number;
  /** what is special about it, in words */
  remarks: string[];
  bars: Stretch[];
  critical: Stretch[];
  shape: BarShape;
  /** the bar lies outside of the visible time */
  outside: 'before' | 'after' | null;
  start: string;
  duration: string;
  self: string;
  title: string;
}

export interface Look {
  model: TraceModel;
  /** visible time, Unix epoch milliseconds */
  view: Interval;
  /** stretches of the critical path by span; empty when it is not shown */
  critical: ReadonlyMap<string, readonly Interval[]>;
}

/** Bars in a fold, at most: more of them look the same. */
const MOST_BARS = 200;

export function rowView(row: Row, at: number, slot: number, look: Look): RowView {
  const { model, view } = look;
  const base = { row, id: row.id, slot, number: at + 2, critical: [] as Stretch[], outside: null };
  if (row.type === 'span') {
    const { span } = row;
    const interval = { startMs: span.startMs, endMs: endMs(span) };
    const isOpen = model.unended.has(span.spanId);
    const isError = model.isError(span);
    const bar = stretch(interval, view);
    return {
      ...base,
      name: shownLine(span.name) || '(no name)',
      service: shownLine(serviceOf(span)) || '(no service)',
      colour: model.services.get(serviceOf(span)) ?? 0,
      remarks: remarksOf(row, model),
      bars: bar ? [bar] : [],
      critical: (look.critical.get(span.spanId) ?? []).flatMap((each) => stretch(each, view) ?? []),
      shape: isError ? 'error' : isOpen ? 'open' : 'plain',
      outside: bar ? null : interval.endMs < view.startMs ? 'before' : 'after',
      start: formatDuration(span.startMs - model.startMs),
      duration: isOpen ? 'open' : formatDuration(span.durationMs),
      self: isOpen ? '' : formatDuration(model.selfMs(span)),
      title: clockTime(span.startMs),
    };
  }
  if (row.type === 'fold') {
    const [first] = row.members;
    const service = first ? serviceOf(first) : '';
    const step = Math.ceil(row.members.length / MOST_BARS);
    return {
      ...base,
      name: `${row.members.length} × ${shownLine(first ? sharedName(first) : '')}`,
      service: shownLine(service) || '(no service)',
      colour: model.services.get(service) ?? 0,
      remarks: [],
      bars: row.members.flatMap((span, i) =>
        i % step === 0 ? (stretch({ startMs: span.startMs, endMs: endMs(span) }, view) ?? []) : [],
      ),
      shape: 'plain',
      start: formatDuration((first?.startMs ?? 0) - model.startMs),
      duration: `Σ ${formatDuration(row.sumMs)}`,
      self: '',
      title: first ? clockTime(first.startMs) : '',
    };
  }
  const { interval } = row.mark;
  const bar = interval && stretch(interval, view);
  return {
    ...base,
    name: shownLine(row.mark.text, 300),
    service: '',
    colour: 0,
    remarks: [],
    bars: bar ? [bar] : [],
    shape: 'ghost',
    start: interval ? formatDuration(interval.startMs - model.startMs) : '',
    duration: interval ? formatDuration(interval.endMs - interval.startMs) : '',
    self: '',
    title: shownLine(row.mark.text, 2_000),
  };
}

function remarksOf(row: Row & { type: 'span' }, model: TraceModel): string[] {
  const { span } = row;
  const remarks: string[] = [];
  if (model.isError(span)) remarks.push('error');
  if (model.unended.has(span.spanId)) remarks.push('never ended');
  if (model.index.isOrphan(span)) remarks.push('parent not here');
  return remarks;
}

/** Where a stretch of time stands in the visible time; undefined when it is outside of it. */
export function stretch(interval: Interval, view: Interval): Stretch | undefined {
  if (interval.endMs < view.startMs || interval.startMs > view.endMs) return undefined;
  const length = view.endMs - view.startMs || 1;
  const from = Math.max(interval.startMs, view.startMs);
  const to = Math.min(interval.endMs, view.endMs);
  return { left: ((from - view.startMs) / length) * 100, width: ((to - from) / length) * 100 };
}
