import type { Interval } from '../intervals.ts';
import type { Row, TraceRows, WaterfallOptions } from './options.ts';
import { displayWidth, fit, formatDuration, nameLines, padEnd, padStart, wrap } from './text.ts';

const KIND_WIDTH = 8;
const DURATION_WIDTH = 9;
const NAME_GAP = 2;
/** However deep a span is, its name gets this many columns. */
const SHORTEST_NAME = 15;
/** A level's columns, and what is left of them where a trace is too deep for these. */
const STEP = 2;
const NARROW_STEP = 1;
/** A bar gives columns to deep names, but keeps this many. */
const SHORTEST_BAR = 12;

/** Where the columns are, counted from 0 with the indent. */
interface Columns {
  indent: number;
  /** Of one level. */
  step: number;
  service: number;
  kind: number;
  bar: number;
  cells: number;
  /** One past the last column. */
  end: number;
  durationWidth: number;
}

/** Columns and ASCII bars. Every line is shorter than the terminal is wide. */
export function renderBars(traces: TraceRows[], options: WaterfallOptions): string {
  const columns = layout(traces, options);
  return traces.map((trace) => block(trace, columns, options).join('\n')).join('\n\n');
}

function layout(traces: TraceRows[], options: WaterfallOptions): Columns {
  const width = Math.max(60, options.width ?? 80);
  const services = new Set<string>();
  let durationWidth = DURATION_WIDTH;
  let depth = 0;
  for (const trace of traces) {
    for (const row of trace.rows) {
      depth = Math.max(depth, row.depth);
      if (row.type !== 'span') continue;
      if (row.service) services.add(row.service);
      durationWidth = Math.max(durationWidth, durationText(row).length + 1);
    }
  }
  const indent = options.indent ?? 2;
  const end = width - 3;
  const longest = Math.min(16, Math.max(...[...services].map(displayWidth), 0) + 1);
  const wideService = services.size > 1 ? Math.max(longest, 13) : 0;
  const widestBar = Math.min(40, Math.floor((width - 8) / 4));
  // What deep names lack, they get from the space beside the services' names, then from the bars, then from the steps.
  const nameEnd = end - widestBar - 3 - durationWidth - KIND_WIDTH - wideService;
  const missing = indent + STEP * depth + SHORTEST_NAME + NAME_GAP - nameEnd;
  const service = missing > 0 ? Math.min(longest, wideService) : wideService;
  const ofBars = missing - (wideService - service);
  const cells = Math.max(SHORTEST_BAR, Math.min(widestBar, widestBar - ofBars));
  const step = ofBars > widestBar - cells ? NARROW_STEP : STEP;
  const bar = end - cells - 2;
  const kind = bar - 1 - durationWidth - KIND_WIDTH;
  return { indent, step, service: kind - service, kind, bar, cells, end, durationWidth };
}

function block(trace: TraceRows, columns: Columns, options: WaterfallOptions): string[] {
  const lines: string[] = [];
  const margin = ' '.repeat(columns.indent);
  if (options.header !== false) {
    const duration = formatDuration(trace.endMs - trace.startMs);
    const room = columns.end - columns.indent;
    const head = fit(`trace ${trace.traceId.slice(0, 8)}   ${trace.title}`, room - duration.length - 2);
    lines.push(`${margin}${padEnd(head, room - duration.length)}${duration}`);
    lines.push(margin + '-'.repeat(room + 1));
  }
  for (const row of trace.rows) lines.push(...rowLines(row, trace, columns));
  return lines.map((line) => line.trimEnd());
}

function rowLines(row: Row, trace: TraceRows, columns: Columns): string[] {
  const room = columns.service - NAME_GAP - SHORTEST_NAME - columns.indent;
  const start = columns.indent + Math.min(columns.step * row.depth, Math.max(0, room));
  const margin = ' '.repeat(start);
  switch (row.type) {
    case 'span': {
      const suffix = [row.count > 1 ? `x ${row.count}` : '', row.error ? '(error)' : ''].join(' ').trim();
      const [first, ...rest] = nameLines(row.name, suffix, columns.service - NAME_GAP - start);
      const service = fit(row.service, columns.kind - columns.service - 1);
      const line =
        padEnd(margin + first, columns.service) +
        padEnd(columns.kind > columns.service ? service : '', columns.kind - columns.service) +
        padEnd(row.kind, KIND_WIDTH) +
        padStart(durationText(row), columns.durationWidth);
      const bar = drawBar(row.intervals, trace, columns.cells, row.durationMs === null);
      return [`${line} ${bar}`, ...rest.map((each) => margin + each)];
    }
    case 'gap': {
      const duration = formatDuration(row.interval.endMs - row.interval.startMs);
      const text = fit('(no span covers this)', columns.bar - 2 - duration.length - start);
      const line = padEnd(margin + text, columns.bar - 1 - duration.length) + duration;
      return [`${line} ${drawBar([row.interval], trace, columns.cells, false)}`];
    }
    case 'note':
      return noteLines(row.text, row.interval, start, trace, columns);
    case 'remark':
      return [margin + row.text];
    case 'more':
      return [`${margin}... ${row.count} more ${row.count === 1 ? 'span' : 'spans'}`];
  }
}

function noteLines(
  text: string,
  interval: Interval | undefined,
  start: number,
  trace: TraceRows,
  columns: Columns,
): string[] {
  const margin = ' '.repeat(start);
  const room = (interval ? columns.bar - 1 : columns.end) - start - 4;
  const [first, ...rest] = wrap(text, room);
  const line = `${margin}>>> ${first}`;
  const drawn = interval
    ? `${padEnd(line, columns.bar)}${drawBar([interval], trace, columns.cells, false)}`
    : line;
  return [drawn, ...rest.map((each) => `${margin}    ${each}`)];
}

function durationText(row: { durationMs: number | null }): string {
  return row.durationMs === null ? 'never ended' : formatDuration(row.durationMs);
}

/** A bar of `cells` characters over the trace's time. Whatever has a duration has at least one cell. */
function drawBar(intervals: Interval[], trace: TraceRows, cells: number, open: boolean): string {
  const { startMs, endMs } = trace.scale;
  const perCell = (endMs - startMs) / cells;
  const filled = new Array<string>(cells).fill(' ');
  const cellOf = (timeMs: number) =>
    perCell > 0 ? Math.min(cells, Math.max(0, Math.round((timeMs - startMs) / perCell))) : 0;
  for (const interval of joinNear(intervals, perCell / 2)) {
    const from = Math.min(cellOf(interval.startMs), cells - 1);
    const to = Math.max(cellOf(interval.endMs), from + 1);
    for (let cell = from; cell < to; cell++) filled[cell] = '#';
  }
  if (open) filled[cells - 1] = '>';
  return `|${filled.join('')}|`;
}

/** Many short spans in a row are one stretch; rounded each for itself they would look longer than they are. */
function joinNear(intervals: Interval[], tolerance: number): Interval[] {
  if (intervals.length < 2) return intervals;
  const sorted = [...intervals].sort((a, b) => a.startMs - b.startMs);
  const joined: Interval[] = [];
  for (const interval of sorted) {
    const last = joined.at(-1);
    if (last && interval.startMs - last.endMs <= tolerance) last.endMs = Math.max(last.endMs, interval.endMs);
    else joined.push({ ...interval });
  }
  return joined;
}
