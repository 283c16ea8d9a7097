import type { Row, TraceRows, WaterfallOptions } from './options.ts';
import { formatDuration, wrap } from './text.ts';

const LONGEST_NUMBER = 12;

/** Numbered lines in words: all that the bars show, for a screen reader or a log. */
export function renderWords(traces: TraceRows[], options: WaterfallOptions): string {
  const width = Math.max(60, options.width ?? 80) - 1;
  const margin = ' '.repeat(options.indent ?? 2);
  const services = new Set(
    traces.flatMap((trace) => trace.rows.map((row) => ('service' in row ? row.service : null))),
  );
  services.delete(null);
  const blocks = traces.map((trace) => {
    const lines: string[] = [];
    const write = (text: string, before = '') => {
      const room = width - margin.length - before.length;
      const [first, ...rest] = wrap(text, room, room - 2);
      lines.push(margin + before + first, ...rest.map((line) => `${margin + before}  ${line}`));
    };
    if (options.header !== false) {
      const duration = formatDuration(trace.endMs - trace.startMs);
      write(`Trace ${trace.traceId.slice(0, 8)}: ${trace.title}, ${duration}`);
    }
    const counters: number[] = [];
    for (const row of trace.rows) {
      const text = words(row, trace, services.size > 1);
      if (row.type !== 'span' && row.type !== 'gap') {
        write(text, '  ');
        continue;
      }
      counters.length = Math.min(counters.length, row.depth + 1);
      while (counters.length <= row.depth) counters.push(0);
      counters[row.depth]!++;
      write(`${numberOf(counters)} ${text}`);
    }
    return lines.join('\n');
  });
  return blocks.join('\n\n');
}

function numberOf(counters: number[]): string {
  if (counters.length === 1) return `${counters[0]}.`;
  if (counters.length <= LONGEST_NUMBER) return counters.join('.');
  return `(${counters.length} levels down) ...${counters.slice(-4).join('.')}`;
}

function words(row: Row, trace: TraceRows, withService: boolean): string {
  switch (row.type) {
    case 'span': {
      const kind = row.kind.toLowerCase();
      const parts = [row.name];
      if (row.count > 1) parts.push(`${row.count} ${kind} spans`);
      else parts.push(`${kind} span`);
      if (withService && row.service) parts.push(`in ${row.service}`);
      if (row.durationMs === null) parts.push('never ended');
      else parts.push(`${row.count > 1 ? 'together ' : ''}${formatDuration(row.durationMs)}`);
      if (row.depth > 0) parts.push(`starts at ${formatDuration(row.intervals[0]!.startMs - trace.startMs)}`);
      if (row.error) parts.push('status error');
      return parts.join(', ');
    }
    case 'gap': {
      const { startMs, endMs } = row.interval;
      return `no span covers this, ${formatDuration(endMs - startMs)}, starts at ${formatDuration(startMs - trace.startMs)}`;
    }
    case 'note': {
      if (!row.interval) return `>>> ${row.text}`;
      return `>>> ${row.text}, starts at ${formatDuration(row.interval.startMs - trace.startMs)}`;
    }
    case 'remark':
      return row.text;
    case 'more':
      return `... ${row.count} more ${row.count === 1 ? 'span' : 'spans'}`;
  }
}
