import { formatDuration, serviceOf } from '@workshop/telemetry/pure';
import type { ReportedSpan, ReportedTrace, ReportedView } from '../shapes.ts';
import { html, type Markup } from './markup.ts';
import { type Row, rowsOf } from './rows.ts';

/** Deeper rows stand no further to the right. */
const DEEPEST = 12;
/** Spans of a folded row whose values are shown. */
const SHOWN_OF_MANY = 20;
/** A bar that is thinner cannot be seen; percent of the width. */
const THINNEST = 0.4;

interface Scale {
  startMs: number;
  lengthMs: number;
}

/** A trace as rows and bars, without a script: each row opens to its span's values. */
export function waterfall({ title, marks }: ReportedView, trace: ReportedTrace): Markup {
  const { spans, omitted } = trace;
  const starts = spans.map(({ startMs }) => startMs);
  const startMs = starts.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const endMs = spans.reduce((end, span) => Math.max(end, span.startMs + (span.durationMs ?? 0)), startMs);
  const scale = { startMs, lengthMs: Math.max(endMs - startMs, 0.001) };
  return html`<figure class="trace">
<figcaption>${title} <span class="dim">trace ${trace.traceId.slice(0, 8)}, ${formatDuration(scale.lengthMs)}</span></figcaption>
${rowsOf(trace, marks).map((row) => (row.kind === 'mark' ? markRow(row, scale) : spanRow(row, scale)))}
${omitted > 0 && html`<p class="dim">${omitted} more spans are not shown.</p>`}
</figure>
`;
}

function markRow({ depth, mark }: Extract<Row, { kind: 'mark' }>, scale: Scale): Markup {
  const isMissing = mark.shows === 'missing';
  const { interval } = mark;
  return html`<div class="row mark ${isMissing ? 'missing' : 'seen'}"><span class="name ${indent(depth)}">${isMissing ? '◌' : '▸'} ${mark.text}</span>${bars(
    interval ? [{ startMs: interval.startMs, durationMs: interval.endMs - interval.startMs }] : [],
    isMissing ? 'ghost' : 'remark',
    scale,
  )}</div>
`;
}

function spanRow({ depth, spans }: Extract<Row, { kind: 'span' }>, scale: Scale): Markup {
  const [first] = spans;
  const isError = first.status.code === 'ERROR';
  const totalMs = spans.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
  const time = first.durationMs === null ? 'never ended' : formatDuration(totalMs);
  const service = serviceOf(first) || first.process;
  const name = spans.length === 1 ? first.name : `${first.name} × ${spans.length}`;
  const style = first.durationMs === null ? 'open' : isError ? 'error' : serviceClass(first.process);
  return html`<details class="row"><summary><span class="name ${indent(depth)}">${isError && '✗ '}${name}</span><span class="dim">${service} ${first.kind}</span><span class="time">${time}</span>${bars(
    spans,
    style,
    scale,
  )}</summary>
${spans.slice(0, SHOWN_OF_MANY).map((span) => values(span, scale))}
${spans.length > SHOWN_OF_MANY && html`<p class="dim">${spans.length - SHOWN_OF_MANY} more like these.</p>`}
</details>
`;
}

function bars(
  intervals: readonly { startMs: number; durationMs: number | null }[],
  style: string,
  { startMs, lengthMs }: Scale,
): Markup {
  const percent = (ms: number): number => Math.round((ms / lengthMs) * 10_000) / 100;
  return html`<svg class="bars" aria-hidden="true" preserveAspectRatio="none">${intervals.map((one) => {
    const x = Math.min(Math.max(percent(one.startMs - startMs), 0), 100 - THINNEST);
    // One that never ended goes on to the end of what was seen.
    const width = one.durationMs === null ? 100 - x : Math.min(percent(one.durationMs), 100 - x);
    return html`<rect class="${style}" x="${x}%" y="3" width="${Math.max(width, THINNEST)}%" height="10" rx="2"/>`;
  })}</svg>`;
}

function values(span: ReportedSpan, scale: Scale): Markup {
  const rows: [string, unknown][] = [
    ['starts at', formatDuration(span.startMs - scale.startMs)],
    ['span id', span.spanId],
    ['scope', span.scope.name],
    ...(span.status.code === 'UNSET'
      ? []
      : [['status', span.status.message ?? span.status.code] as [string, unknown]]),
    ...(span.received ? [] : [['export', 'it did not arrive at the collector'] as [string, unknown]]),
    ...Object.entries(span.attributes),
    ...span.events.flatMap((event): [string, unknown][] => [
      [`event ${event.name}`, formatDuration(event.timeMs - scale.startMs)],
      ...Object.entries(event.attributes).map(([key, value]): [string, unknown] => [`  ${key}`, value]),
    ]),
    ...span.links.map((link): [string, unknown] => ['link', `${link.traceId} ${link.spanId}`]),
  ];
  return html`<table>${rows.map(
    ([key, value]) =>
      html`<tr><th scope="row">${key}</th><td>${typeof value === 'string' ? value : JSON.stringify(value)}</td></tr>
`,
  )}</table>
`;
}

function indent(depth: number): string {
  return `d${Math.min(depth, DEEPEST)}`;
}

function serviceClass(process: string): string {
  return ['api', 'worker', 'page'].includes(process) ? process : 'other';
}
